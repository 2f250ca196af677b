import os
from collections.abc import Sequence

import numpy as np

from zoo.plots.labels import disable_math

SIDE = 0.75  # inches of a picture's longer side
OBSERVED = "#b36b00"


def plot_pictures(
    pictures: np.ndarray,
    path: str | os.PathLike,
    *,
    observed: np.ndarray | None = None,
    titles: Sequence[str] | None = None,
) -> None:
    """Draws grey pictures in a grid, the pixels that a model was given behind a tint and above a line.

    Args:
        pictures: from 0 (black) to 1 (white).
        path: of the file; its ending chooses the format.
        given: of each picture how many pixels in raster order were given; None: none of any.
        titles: one a column.
    Shapes:
        pictures (rows, columns, H, W), given (rows, columns).
    Raises:
        ValueError: another shape, nothing to draw, values outside 0 to 1, more given than there is.
    """
    from matplotlib.figure import Figure

    pictures = np.asarray(pictures, "float64")
    if pictures.ndim != 4 or not pictures.size:
        raise ValueError(f"Pictures have the shape (rows, columns, height, width). Received: {pictures.shape}")
    if not ((pictures >= 0) & (pictures <= 1)).all():
        raise ValueError(f"Pixels lie from 0 to 1. Received: {np.nanmin(pictures)} to {np.nanmax(pictures)}")
    rows, columns, height, width = pictures.shape
    counts = np.zeros((rows, columns), int) if observed is None else np.asarray(observed, int)
    if counts.shape != (rows, columns) or not ((counts >= 0) & (counts <= height * width)).all():
        raise ValueError(
            f"`observed` is a number from 0 to {height * width} for each of {rows} x {columns} pictures. Received: "
            f"{observed}"
        )
    if titles is not None and len(titles) != columns:
        raise ValueError(f"There is a title for each of {columns} columns or none. Received: {len(titles)}")
    across, down = (SIDE * size / max(height, width) for size in (width, height))
    size = (columns * (across + 0.08) + 0.2, rows * (down + 0.08) + 0.2 + 0.3 * bool(titles) + 0.25 * counts.any())
    figure = Figure(figsize=size, layout="compressed", dpi=150)
    grid = figure.subplots(rows, columns, squeeze=False)
    for cell, axes in np.ndenumerate(grid):
        axes.imshow(pictures[cell], cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_color("0.6")
        if counts[cell]:
            _mark(axes, counts[cell], height, width)
    if titles:
        for axes, title in zip(grid[0], titles, strict=True):
            disable_math(axes.set_title(title, fontsize=8))
    if counts.any():
        figure.supxlabel("tinted: given", fontsize=8, color=OBSERVED)
    figure.savefig(path, bbox_inches="tight", pad_inches=0.05)


def _mark(axes, count, height, width):
    """A tint over what was given, and a line along its end, which may lie within a row."""
    from matplotlib.patches import Polygon

    row, column = divmod(int(count), width)
    edge = [(width - 0.5, row - 0.5), (column - 0.5, row - 0.5), (column - 0.5, row + 0.5), (-0.5, row + 0.5)]
    edge = edge if column else [(width - 0.5, row - 0.5), (-0.5, row - 0.5)]
    corners = [(-0.5, -0.5), (width - 0.5, -0.5), *edge]
    axes.add_patch(Polygon(corners, closed=True, facecolor="#ffb74d", alpha=0.3, linewidth=0))
    if row < height:
        axes.plot(*np.transpose(edge), color=OBSERVED, linewidth=1.2)
