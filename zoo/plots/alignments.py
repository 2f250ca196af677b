import os
from collections.abc import Sequence

import numpy as np

from zoo.plots.labels import families, label

MARGIN = 0.3  # inches between the sentences of a sheet


def plot_alignment(
    alignment: np.ndarray,
    source: Sequence[str],
    target: Sequence[str],
    path: str | os.PathLike,
    *,
    title: str | None = None,
) -> None:
    """Draws where each target token looked: a heat map with the words of both sides on its axes.

    Args:
        alignment: a row of weights for each target token.
        source, target: the tokens.
        path: of the picture; its ending chooses the format.
        title: above the picture.
    Shapes:
        alignment (T, S).
    Raises:
        ValueError: the alignment has not a row for each target token and a column for each source token.
    """
    plot_alignments([(alignment, source, target)], path, titles=None if title is None else [title])


def plot_alignments(
    sentences: Sequence[tuple[np.ndarray, Sequence[str], Sequence[str]]],
    path: str | os.PathLike,
    *,
    titles: Sequence[str] | None = None,
    columns: int = 3,
) -> None:
    """Draws the alignments of several sentences on one sheet, in one scale of colours.

    Args:
        sentences: of each the alignment (T, S), the source tokens and the target tokens.
        path: of the picture; its ending chooses the format.
        titles: one a sentence.
        columns: sentences side by side.
    Raises:
        ValueError: no sentence, or one whose alignment has not the shape (target tokens, source tokens).
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if not sentences:
        raise ValueError("There is nothing to draw: no sentence was given.")
    sentences = [(np.asarray(alignment), source, target) for alignment, source, target in sentences]
    for number, (alignment, source, target) in enumerate(sentences):
        if alignment.shape != (len(target), len(source)) or not alignment.size:
            raise ValueError(
                "An alignment needs a row for each target token and a column for each source token, "
                f"({len(target)}, {len(source)}) in sentence {number}. Received: {alignment.shape}"
            )
    largest = max(float(alignment.max()) for alignment, _, _ in sentences)
    figure = Figure(figsize=(1, 1), dpi=120)
    canvas = FigureCanvasAgg(figure)
    panels = []
    for number, (alignment, source, target) in enumerate(sentences):
        axes = figure.add_axes((0, 0, 1, 1))
        image = _draw(axes, alignment, source, target, titles[number] if titles else None, largest or 1.0)
        # Squares of one size, smaller in long sentences; in inches, as the figure is one inch by one.
        side = _side(len(source), len(target))
        size = len(source) * side, len(target) * side
        axes.set_position((0, 0, *size))
        box = axes.get_tightbbox(canvas.get_renderer())  # with its words, in pixels
        assert box is not None  # only what is invisible has none
        panels.append((axes, size, [edge / 120 for edge in box.extents]))
    _arrange(panels, columns)
    right = max(axes.get_position().x1 for axes, _, _ in panels)
    top, height = panels[0][0].get_position().y1, min(3.0, max(1.0, panels[0][1][1]))
    colours = figure.add_axes((right + 0.25, top - height, 0.12, height))
    figure.colorbar(image, cax=colours).ax.tick_params(labelsize=8)
    figure.savefig(path, bbox_inches="tight", pad_inches=0.1)


def _side(source: int, target: int) -> float:
    return min(0.32, max(0.17, 9 / max(source, target)))


def _draw(axes, alignment, source, target, title, largest):
    image = axes.imshow(alignment, cmap="Blues", vmin=0, vmax=largest, aspect="auto")
    size = 72 * min(0.13, 0.75 * _side(*alignment.shape[::-1]))  # points that fit the squares
    text = {"fontsize": size, "fontfamily": families([*source, *target, title or ""]), "parse_math": False}
    axes.xaxis.tick_top()
    axes.set_xticks(range(len(source)), [label(token) for token in source], rotation=90, **text)
    axes.set_yticks(range(len(target)), [label(token) for token in target], **text)
    # Lines between the squares, so that a row can be followed to its word.
    axes.set_xticks(np.arange(1, len(source)) - 0.5, minor=True)
    axes.set_yticks(np.arange(1, len(target)) - 0.5, minor=True)
    axes.grid(which="minor", color="0.85", linewidth=0.5)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_color("0.6")
    if title is not None:
        axes.set_title(title, fontsize=10, fontfamily=text["fontfamily"], parse_math=False, loc="left")
    return image


def _arrange(panels, columns):
    """Puts the panels into rows, with room for their words: each is (axes, (width, height), outer edges)."""
    top = 0.0
    for start in range(0, len(panels), columns):
        row = panels[start : start + columns]
        left = 0.0
        for axes, (width, height), (x0, _, x1, y1) in row:
            axes.set_position((left - x0, top - y1, width, height))
            left += x1 - x0 + MARGIN
        top -= max(y1 - y0 for _, _, (_, y0, _, y1) in row) + MARGIN
