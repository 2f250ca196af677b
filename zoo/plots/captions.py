import os
from collections.abc import Sequence

import numpy as np

from zoo.plots.labels import families, label

SIDE, MARGIN, TITLE = 1.25, 0.12, 0.24  # inches: of a square panel's side, between panels, for a word
COLUMNS = 8  # square panels side by side
FRAME, ROW = 0.62, 0.26  # inches of a film's frame, of a word's row
DARK = 0.25  # of the light that is left where nobody looks

Captioned = tuple[np.ndarray, Sequence[str], np.ndarray, tuple[int, int]]
Filmed = tuple[np.ndarray, Sequence[str], np.ndarray]


def plot_captions(shown: Sequence[Captioned], path: str | os.PathLike, *, titles: Sequence[str] | None = None) -> None:
    """Draws pictures and, word by word, where their captions came from: light where the model looked, dark elsewhere.

    The first panel of a picture is the picture itself. Light is of each word by itself: the region most looked at is as
    light as the picture, and above it stands how much of the attention it had.

    Args:
        shown: of each picture its pixels, the words, where the model looked and the grid (h, w) of its regions.
        path: of the drawing; its ending chooses the format.
        titles: above each picture.
    Shapes:
        pixels (H, W, 1 or 3), whole numbers to 255 or floats from 0 to 1; alignment (T, h * w), a row a word.
    Raises:
        ValueError: nothing to draw, or an alignment that belongs to other words or another grid.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if not shown:
        raise ValueError("There is nothing to draw: no picture was given.")
    for number, (_, words, alignment, (rows, columns)) in enumerate(shown):
        if np.shape(alignment) != (len(words), rows * columns):
            raise ValueError(
                f"Picture {number} needs an alignment of shape ({len(words)}, {rows * columns}): words by regions. "
                f"Received: {np.shape(alignment)}"
            )
    figure = Figure(figsize=(1, 1), dpi=120)
    FigureCanvasAgg(figure)
    top = 0.0
    for number, (picture, words, alignment, grid) in enumerate(shown):
        pixels = _pixels(picture)
        height, width = SIDE * np.array(pixels.shape[:2]) / np.sqrt(pixels.shape[0] * pixels.shape[1])
        columns = max(2, int(COLUMNS * (SIDE + MARGIN) / (width + MARGIN)))
        if titles:
            _text(figure, 0, top - TITLE / 2, titles[number], weight="bold", ha="left")
            top -= TITLE
        for index in range(len(words) + 1):
            row, column = divmod(index, columns)
            x, y = column * (width + MARGIN), top - row * (height + TITLE + MARGIN) - TITLE - height
            axes = figure.add_axes((x, y, width, height))
            axes.set_axis_off()
            if index:
                weights = np.asarray(alignment[index - 1]).reshape(grid)
                axes.imshow(pixels * _light(weights, pixels.shape[:2]))
                _text(axes, 0.5, 1.03, label(words[index - 1]), transform=axes.transAxes, va="bottom")
                _text(axes, 0.98, 0.02, f"{weights.max():.2f}", transform=axes.transAxes, color="w", ha="right", size=6)
            else:
                axes.imshow(pixels)
        top -= -(-(len(words) + 1) // columns) * (height + TITLE + MARGIN) + MARGIN
    figure.savefig(path, bbox_inches="tight", pad_inches=0.1)


def plot_clips(shown: Sequence[Filmed], path: str | os.PathLike, *, titles: Sequence[str] | None = None) -> None:
    """Draws clips as strips of film, and under each frame how much each word of the caption looked at it.

    Args:
        shown: of each clip its frames, the words and where the model looked.
        path: of the drawing; its ending chooses the format.
        titles: above each clip.
    Shapes:
        frames (F, H, W, 1 or 3), whole numbers to 255 or floats from 0 to 1; alignment (T, F), a row a word.
    Raises:
        ValueError: nothing to draw, or an alignment that belongs to other words or frames.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if not shown:
        raise ValueError("There is nothing to draw: no clip was given.")
    for number, (frames, words, alignment) in enumerate(shown):
        if np.shape(alignment) != (len(words), len(frames)):
            raise ValueError(
                f"Clip {number} needs an alignment of shape ({len(words)}, {len(frames)}): words by frames. "
                f"Received: {np.shape(alignment)}"
            )
    figure = Figure(figsize=(1, 1), dpi=120)
    FigureCanvasAgg(figure)
    top = 0.0
    for number, (frames, words, alignment) in enumerate(shown):
        pixels = [_pixels(frame) for frame in frames]
        height = FRAME * pixels[0].shape[0] / pixels[0].shape[1]
        if titles:
            _text(figure, 0, top - TITLE / 2, titles[number], weight="bold", ha="left")
            top -= TITLE
        for index, frame in enumerate(pixels):
            axes = figure.add_axes((index * FRAME, top - height, FRAME, height))
            axes.imshow(frame, aspect="auto")
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set_color("white")
        axes = figure.add_axes((0, top - height - ROW * len(words), FRAME * len(frames), ROW * len(words)))
        axes.imshow(alignment, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        family = families(words)
        axes.set_yticks(range(len(words)), [label(word) for word in words], fontsize=8, family=family, parse_math=False)
        axes.set_xticks([])
        axes.tick_params(length=0)
        axes.spines[:].set_color("0.7")
        for row, weights in enumerate(np.asarray(alignment)):
            for column, weight in enumerate(weights):
                if weight >= 0.005:
                    ink = "white" if weight > 0.6 else "0.35"
                    axes.text(column, row, f"{weight:.2f}", ha="center", va="center", fontsize=6, color=ink)
        top -= height + ROW * len(words) + 3 * MARGIN
    figure.savefig(path, bbox_inches="tight", pad_inches=0.1)


def _text(where, x, y, text, *, weight="normal", **style):
    style = {"fontsize": style.pop("size", 8), "ha": "center", "va": "center", **style}
    where.text(x, y, text, fontfamily=families([text]), fontweight=weight, parse_math=False, **style)


def _pixels(picture) -> np.ndarray:
    """(H, W, 3) from 0 to 1."""
    picture = np.asarray(picture)
    pixels = picture / 255 if picture.dtype.kind in "iu" else picture
    return np.repeat(pixels, 3, axis=-1) if pixels.shape[-1] == 1 else pixels


def _light(weights: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """How much light falls on each pixel (H, W, 1): all where the weight is largest, little where there is none."""
    rows, columns = (np.arange(many) * few // many for many, few in zip(size, weights.shape, strict=True))
    shares = weights / max(float(weights.max()), 1e-9)
    return (DARK + (1 - DARK) * shares[rows][:, columns])[..., None]
