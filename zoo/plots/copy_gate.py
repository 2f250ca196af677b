import os
from collections.abc import Sequence

from zoo.plots.labels import families, label

WIDTH, LINE, PAD, SIZE = 8.0, 0.31, 0.045, 10.0  # inches of a line, of its height, around a word; points of a word
UNKNOWN = "#d95f02"  # the line under words that the vocabulary lacks
LONGEST = 30  # letters of a word


def plot_copy_gates(
    shown: Sequence[tuple[Sequence[str], Sequence[float], Sequence[bool]]],
    path: str | os.PathLike,
    *,
    titles: Sequence[str] | None = None,
) -> None:
    """Draws outputs as running text, each token on the colour of its copy gate: generated is white, copied is blue.

    Tokens that the vocabulary does not have, so that they can only be copied, are underlined.

    Args:
        shown: of each output the tokens, the gate p_copy of each, 0 to 1, and whether the vocabulary has it.
        path: of the picture; its ending chooses the format.
        titles: one an output, such as what was read; long ones go on in the next line.
    Raises:
        ValueError: nothing to draw, not one gate and one mark a token, a gate that is no probability, or not one title
            an output.
    """
    from matplotlib import colormaps
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    _check(shown, titles)
    blues = LinearSegmentedColormap.from_list("gates", ["white", *colormaps["Blues"]([0.2, 0.4, 0.6, 0.8])])
    figure = Figure(figsize=(1, 1), dpi=120)
    renderer = FigureCanvasAgg(figure).get_renderer()
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(0, 1))  # one unit is one inch, so that words can be measured
    family = families([*(token for tokens, _, _ in shown for token in tokens), *(titles or ())])
    y, right = 0.0, 4.0  # inches; the legend needs so much
    for number, (tokens, gates, known) in enumerate(shown):
        if titles is not None:
            words = _words(axes, titles[number].split(), SIZE - 1.5, family, "0.4")
            positions = _set(words, renderer, y, 0.6 * LINE, 0.6 * PAD)
            y = positions[-1][1] - 0.95 * LINE
            right = max(right, *(x + width for x, _, width in positions))
        words = _words(axes, tokens, SIZE, family, "black")
        positions = _set(words, renderer, y, LINE, PAD)
        right = max(right, *(x + width for x, _, width in positions))
        for word, (x, middle, width), gate, has in zip(words, positions, gates, known, strict=True):
            low = middle - LINE / 2 + 0.02
            axes.add_patch(Rectangle((x, low), width, LINE - 0.04, facecolor=blues(float(gate)), linewidth=0))
            word.set_color("white" if gate > 0.7 else "black")
            if not has:
                ends = [x + PAD, x + width - PAD], [low + 0.03] * 2
                axes.plot(*ends, color=UNKNOWN, linewidth=1.6, solid_capstyle="butt")
        y = positions[-1][1] - 1.5 * LINE
    y -= 0.15
    bar = figure.add_axes((PAD, y - 0.06, 1.6, 0.12))
    ticks = figure.colorbar(ScalarMappable(cmap=blues), cax=bar, orientation="horizontal", ticks=[0, 0.5, 1]).ax
    ticks.tick_params(labelsize=7, length=2)
    ticks.set_title("copy gate", fontsize=8, loc="left", pad=3)
    axes.plot([2.0, 2.3], [y, y], color=UNKNOWN, linewidth=1.6, solid_capstyle="butt")
    axes.text(2.38, y, "not in the vocabulary", fontsize=8, va="center")
    axes.set(xlim=(0, right), ylim=(y - LINE / 2, LINE / 2))
    axes.set_position((0, y - LINE / 2, right, LINE - y))
    figure.savefig(path, bbox_inches="tight", pad_inches=0.1)


def _words(axes, tokens, size, family, colour):
    text = {"fontsize": size, "fontfamily": family, "parse_math": False, "va": "center_baseline", "color": colour}
    return [axes.text(0, 0, label(token, LONGEST), **text) for token in tokens]


def _set(words, renderer, y, line, pad):
    """Puts words side by side into lines from `y` down; returns (left edge, middle, width) of each with its margin."""
    x, positions = 0.0, []
    for word in words:
        width = word.get_window_extent(renderer).width / 120 + 2 * pad
        if x and x + width > WIDTH:
            x, y = 0.0, y - line
        word.set_position((x + pad, y))
        positions.append((x, y, width))
        x += width
    return positions


def _check(shown, titles):
    if not shown:
        raise ValueError("There is nothing to draw: no output was given.")
    if titles is not None and (len(titles) != len(shown) or not all(title.split() for title in titles)):
        raise ValueError(f"There must be a title for each of the {len(shown)} outputs. Received: {list(titles)}")
    for number, (tokens, gates, known) in enumerate(shown):
        if not len(tokens) == len(gates) == len(known) or not len(tokens):
            raise ValueError(
                f"Output {number} needs tokens, and a gate and a mark for each. "
                f"Received: {len(tokens)} tokens, {len(gates)} gates, {len(known)} marks."
            )
        for token, gate in zip(tokens, gates, strict=True):
            if not -1e-4 <= gate <= 1 + 1e-4:  # a sum of float32 may be off by a little
                raise ValueError(f"Output {number}: the gate of {token!r} must be a probability. Received: {gate}")
