import os
from collections.abc import Sequence

import numpy as np

INCHES = 0.95  # of a drawing's side
TITLE = 1.5  # inches for the rows' names


def plot_drawings(
    rows: Sequence[tuple[str, Sequence[Sequence[np.ndarray]]]],
    path: str | os.PathLike,
) -> None:
    """Draws drawings as the lines of a pen, in rows that have a name each: the true ones, those drawn sharply, freely.

    Every drawing fills its own square; lines go from dark to light in the order in which they were drawn.

    Args:
        rows: of each its name and its drawings, each a list of lines; a drawing without lines stays empty.
        path: of the picture; its ending chooses the format.
    Shapes:
        a line is (P, 2): x to the right, y down.
    Raises:
        ValueError: nothing to draw, or a line of another shape or not of finite numbers.
    """
    from matplotlib import colormaps
    from matplotlib.figure import Figure

    across = max((len(drawings) for _, drawings in rows), default=0)
    if not across:
        raise ValueError("There is nothing to draw: no drawing was given.")
    figure = Figure(figsize=(TITLE + INCHES * across, INCHES * len(rows)), dpi=120)
    shades, left = colormaps["viridis"], TITLE / (TITLE + INCHES * across)
    for row, (name, drawings) in enumerate(rows):
        bottom, height = 1 - (row + 1) / len(rows), 1 / len(rows)
        figure.text(left - 0.01, bottom + height / 2, name, ha="right", va="center", fontsize=10, parse_math=False)
        for column, drawing in enumerate(drawings):
            width = (1 - left) / across
            axes = figure.add_axes((left + column * width, bottom, width, height))
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set_color("0.85")
            _draw(axes, [_checked(line, name, column) for line in drawing], shades)
    figure.savefig(path)


def _checked(line, name, column) -> np.ndarray:
    points = np.asarray(line, "float64")
    if points.ndim != 2 or points.shape[1] != 2 or not len(points) or not np.isfinite(points).all():
        raise ValueError(
            f"A line is (P, 2) finite numbers. Received: shape {points.shape} in drawing {column} of row {name!r}"
        )
    return points


def _draw(axes, lines, shades):
    if not lines:
        return
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    span = 1.2 * max(float((high - low).max()), 1e-9)
    for number, line in enumerate(lines):
        colour = shades(0.8 * number / max(len(lines) - 1, 1))
        axes.plot(*line.T, color=colour, linewidth=1.5, solid_capstyle="round", solid_joinstyle="round")
    (left, top), half = (low + high) / 2, span / 2
    axes.set(xlim=(left - half, left + half), ylim=(top + half, top - half))  # y goes down
