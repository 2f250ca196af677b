import os
from collections.abc import Sequence
from typing import Any

from zoo.plots.labels import families, label

HEIGHT, SIZE, TRUE = 0.3, 8.5, "#d95f02"  # inches a row, points, the colour of what came true
WIDEST = 12.0  # inches a line


def plot_next_tokens(
    tokens: Sequence[str],
    candidates: Sequence[Sequence[tuple[str, float]]],
    path: str | os.PathLike,
    *,
    top: int = 5,
) -> None:
    """Draws what a model expected at each place of a sentence: under each token the likeliest ones, darker if likelier.

    The true token stands above its column, and is framed among those that were expected. A token that is none of
    them has an open column. Long sentences go on in the next line.

    Args:
        tokens: the sentence.
        candidates: for each of its tokens, the likeliest tokens there and their probabilities.
        path: of the picture; its ending chooses the format.
        top: candidates a token that are drawn.
    Raises:
        ValueError: not one list of candidates for each token, or no probability.
    """
    from matplotlib import colormaps
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    if not tokens or len(tokens) != len(candidates):
        raise ValueError(
            "There must be one list of candidates for each token, and at least one. "
            f"Received: {len(tokens)} tokens, {len(candidates)} lists."
        )
    for index, tokens_of in enumerate(candidates):
        for token, probability in tokens_of:
            if not 0 <= probability <= 1:
                raise ValueError(f"Place {index}: {token!r} must have a probability. Received: {probability}")
    columns = [sorted(tokens_of, key=lambda pair: -pair[1])[:top] for tokens_of in candidates]
    family = families([*tokens, *(token for tokens_of in columns for token, _ in tokens_of)])
    figure = Figure(figsize=(1, 1), dpi=120)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    text: dict[str, Any] = {"fontfamily": family, "parse_math": False, "va": "center"}
    depth = max(map(len, columns))
    x = y = right = 0.0
    for true, tokens_of in zip(tokens, columns, strict=True):
        width = _width([true, *(f"{token} 100%" for token, _ in tokens_of)])
        if x and x + width > WIDEST:
            x, y = 0.0, y - (depth + 1.7) * HEIGHT
        hit = true in [token for token, _ in tokens_of]
        colour = TRUE if hit else "0.35"
        axes.text(
            x + width / 2, y, label(true), fontsize=SIZE + 1, fontweight="bold", color=colour, ha="center", **text
        )
        for rank, (token, probability) in enumerate(tokens_of, 1):
            middle = y - rank * HEIGHT - 0.04
            ink = "white" if probability > 0.7 else "black"
            shade = colormaps["Blues"](0.9 * probability)
            box = (x + 0.02, middle - HEIGHT / 2 + 0.01), width - 0.04, HEIGHT - 0.02
            axes.add_patch(Rectangle(*box, facecolor=shade, edgecolor="0.85", linewidth=0.6))
            if token == true:
                axes.add_patch(Rectangle(*box, facecolor="none", edgecolor=TRUE, linewidth=2.0, zorder=3))
            axes.text(x + 0.08, middle, label(token), fontsize=SIZE, color=ink, ha="left", **text)
            share = f"{probability:.0%}" if probability >= 0.01 else "<1%"
            axes.text(x + width - 0.07, middle, share, fontsize=SIZE - 2, color=ink, ha="right", va="center")
        x += width
        right = max(right, x)
    bottom = y - (depth + 0.8) * HEIGHT
    axes.set(xlim=(0, right), ylim=(bottom, 0.7 * HEIGHT))
    axes.set_position((0, 0, right, 0.7 * HEIGHT - bottom))
    figure.savefig(path, bbox_inches="tight", pad_inches=0.1)


def _width(texts):
    """Inches of the widest; letters of East Asia are twice as wide."""
    from unicodedata import east_asian_width

    ems = [sum(1.75 if east_asian_width(letter) in "WF" else 1.0 for letter in label(text, 24)) for text in texts]
    return 0.22 + 0.078 * max(ems)
