"""Trees as pictures and as lines for a terminal, each node in the colour of its label."""

import os
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from zoo.plots.labels import families, label

STEP, ROW, GAP, MARGIN = 0.38, 0.22, 0.1, 0.45  # inches of a level, a node's height, between words, between trees
SIZE, LONGEST = 9.0, 18  # points of a word and most of its letters
PHRASE = 60  # letters of a phrase in a terminal
WORDS = 300  # a wider picture is none that can be looked at
# From the most negative label to the most positive; who confuses red and green can tell them apart.
COLOURS = ("#b2182b", "#ef8a62", "#d9d9d9", "#5ab4ac", "#01665e")
MEANING = "not the true label, which stands beside it"


def plot_trees(shown: Sequence[tuple[Any, Any | None]], path: str | os.PathLike, *, labels: Sequence[str]) -> None:
    """Draws trees one below the other, the words in a row under each, every node in the colour of its label.

    Where the truth has another label the node is ringed, and the true label stands beside it. What has no label is a
    dot, and where the truth has none nothing is marked.

    Args:
        shown: of each the tree (`zoo.data.trees.Tree`) and the same with the true labels, or None.
        path: of the picture; its ending chooses the format.
        labels: all that nodes may have, from the most negative to the most positive.
    Raises:
        ValueError: nothing to draw, a label that is not among `labels`, a truth of another shape or other words, or a
            sentence too long to be looked at.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if not shown:
        raise ValueError("There is nothing to draw: no tree was given.")
    colours = _colours(labels)
    for number, (tree, truth) in enumerate(shown):
        _check(number, tree, truth, colours)
    figure = Figure(figsize=(1, 1), dpi=120)
    renderer = FigureCanvasAgg(figure).get_renderer()
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(0, 1))  # one unit is one inch, so that words can be measured
    text = {"parse_math": False, "fontfamily": families([*labels, *(w for tree, _ in shown for w in tree.tokens())])}
    sizer = lambda written, size: _width(axes, renderer, written, size, text)  # noqa: E731
    ringed = any(truth is not None for _, truth in shown)
    # All nodes are as wide as the longest label, all true labels beside them too.
    wide = max(ROW, max(sizer(label(name), SIZE - 1) for name in labels) + 0.1)
    beside = max(sizer(label(name), SIZE - 2.5) for name in labels) + 0.08 if ringed else 0.0
    top = right = 0.0
    for tree, truth in shown:
        room = [
            max(sizer(label(node.token, LONGEST), SIZE), wide + 2 * beside * _wrong(node, true)) + GAP
            for node, true in zip(tree.nodes(), _true(tree, truth), strict=True)
            if node.token is not None
        ]
        positions = _positions(tree, room)
        bottom = top - max(y for _, y in positions)
        positions = [(x, bottom + y) for x, y in positions]
        _edges(axes, tree, positions)
        _nodes(axes, tree, truth, positions, wide, colours, text)
        top, right = bottom - 0.4 - MARGIN, max(right, sum(room))
    right = max(right, _legend(axes, colours, top, wide, ringed, sizer, text))
    axes.set(xlim=(0, right), ylim=(top - ROW, ROW))
    axes.set_position((0, 0, right, 2 * ROW - top))
    figure.savefig(path, bbox_inches="tight", pad_inches=0.1)


def _width(axes, renderer, written, size, text):
    """Inches that a text takes."""
    measured = axes.text(0, 0, written, fontsize=size, **text)
    width = measured.get_window_extent(renderer).width / 120
    measured.remove()
    return width


def _wrong(node, true):
    return true is not None and true.label not in (None, node.label)


def _true(tree, truth):
    """The true node of every node, or None."""
    return [None] * len(tree.nodes()) if truth is None else truth.nodes()


def _positions(tree, room):
    """Of every node in post-order (x, y) in inches: words in a row, parents over the middle of their children."""
    ends = list(accumulate(room))
    leaves = iter(end - width / 2 for end, width in zip(ends, room, strict=True))
    positions: list[tuple[float, float]] = []
    for below in _below(tree):
        if below:
            x = (positions[below[0]][0] + positions[below[-1]][0]) / 2
            positions.append((x, max(positions[child][1] for child in below) + STEP))
        else:
            positions.append((next(leaves), 0.0))
    return positions


def _below(tree):
    """Of every node in post-order the positions of its children."""
    waiting: list[int] = []
    for position, node in enumerate(tree.nodes()):
        start = len(waiting) - len(node.children)
        yield waiting[start:]
        waiting[start:] = [position]


def _edges(axes, tree, positions):
    # Along right angles, as these never cross another node or edge, however deep the tree is.
    style = {"color": "0.6", "linewidth": 1.0, "zorder": 1, "solid_capstyle": "projecting"}
    for (x, y), below in zip(positions, _below(tree), strict=True):
        for child in below:
            axes.plot([x, positions[child][0], positions[child][0]], [y, y, positions[child][1]], **style)


def _nodes(axes, tree, truth, positions, wide, colours, text):
    for node, true, (x, y) in zip(tree.nodes(), _true(tree, truth), positions, strict=True):
        if node.label is None:
            axes.plot([x], [y], marker="o", markersize=4, color="0.6", zorder=2)
        else:
            _pill(axes, x, y, wide, node.label, colours, text)
        if _wrong(node, true):
            _ring(axes, x, y, wide)
            beside = x + wide / 2 + 0.07
            axes.text(beside, y + ROW / 2, label(true.label), fontsize=SIZE - 2.5, va="center_baseline", **text)
        if node.token is not None:
            below = {"ha": "center", "va": "center_baseline", **text}
            axes.text(x, y - 0.33, label(node.token, LONGEST), fontsize=SIZE, **below)


def _pill(axes, x, y, wide, name, colours, text):
    _round(axes, x, y, wide, ROW, facecolor=colours[name], edgecolor="0.5", linewidth=0.5, zorder=2)
    ink = "white" if _dark(colours[name]) else "black"
    middle = {"ha": "center", "va": "center_baseline", **text}
    axes.text(x, y, label(name), fontsize=SIZE - 1, color=ink, zorder=3, **middle)


def _ring(axes, x, y, wide):
    _round(axes, x, y, wide + 0.08, ROW + 0.08, facecolor="none", edgecolor="black", linewidth=1.8, zorder=2)


def _round(axes, x, y, width, height, **style):
    from matplotlib.patches import FancyBboxPatch

    shape = f"round,pad=0,rounding_size={height / 2}"
    axes.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height, boxstyle=shape, **style))


def _legend(axes, colours, y, wide, ringed, sizer, text):
    """A node for every label, and what a ring means; returns where it ends."""
    x = GAP + wide / 2
    for name in colours:
        _pill(axes, x, y, wide, name, colours, text)
        x += wide + GAP
    if not ringed:
        return x
    x += 2 * GAP
    _ring(axes, x, y, wide)
    x += wide / 2 + GAP
    axes.text(x, y, MEANING, fontsize=SIZE - 1, va="center_baseline", **text)
    return x + sizer(MEANING, SIZE - 1) + GAP


def text_tree(tree: Any, *, labels: Sequence[str], colour: bool) -> str:
    """The tree for a terminal, a node a line: its label, and its phrase or word.

        4 a lovely film
        ├─ 2 a
        └─ 4 lovely film
           ├─ 3 lovely
           └─ 2 film

    Args:
        tree: a `zoo.data.trees.Tree`.
        labels: all that nodes may have, from the most negative to the most positive.
        colour: True to write labels on their colours, by ANSI codes.
    Raises:
        ValueError: a label that is not among `labels`.
    """
    colours = _colours(labels)
    _check_labels("the tree", tree, colours)
    words, counts = tree.tokens(), _counts(tree)
    lines: list[str] = []
    stack = [(tree, 0, "", "")]  # a node, its first word, what stands before it, and before those below it
    while stack:
        node, start, before, below = stack.pop()
        shown = "·" if node.label is None else label(node.label)
        if colour and node.label is not None:
            shown = _on(shown, colours[node.label])
        lines.append(f"{before}{shown} {_phrase(words[start : start + counts[id(node)]])}")
        children = []
        for index, child in enumerate(node.children):
            branch, further = ("└─ ", "   ") if index == len(node.children) - 1 else ("├─ ", "│  ")
            children.append((child, start, below + branch, below + further))
            start += counts[id(child)]
        stack.extend(reversed(children))
    return "\n".join(lines)


def _colours(labels: Sequence[str]) -> dict[str, str]:
    """Of every label its place on the way from red over grey to green-blue."""
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    if not len(labels) or len(set(labels)) < len(labels):
        raise ValueError(f"`labels` are distinct names, at least one. Received: {list(labels)}")
    scale = LinearSegmentedColormap.from_list("labels", COLOURS)
    last = len(labels) - 1
    return {name: to_hex(scale(index / last if last else 0.5)) for index, name in enumerate(labels)}


def _dark(colour: str) -> bool:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return 0.3 * red + 0.59 * green + 0.11 * blue < 140


def _on(shown: str, colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"\x1b[48;2;{red};{green};{blue}m\x1b[38;5;{231 if _dark(colour) else 16}m {shown} \x1b[0m"


def _phrase(words: Sequence[str]) -> str:
    half = PHRASE // 2
    phrase = " ".join(words if len(words) <= PHRASE else [*words[:half], *words[-half:]])
    if len(phrase) <= PHRASE:
        return phrase
    begin, end = phrase[: half - 1], phrase[2 - half :]
    return f"{begin.rpartition(' ')[0] or begin} … {end.partition(' ')[2] or end}"


def _counts(tree):
    """Of every node, by its identity, the words below it."""
    counts: dict[int, int] = {}
    for node in tree.nodes():
        counts[id(node)] = sum(counts[id(child)] for child in node.children) or 1
    return counts


def _check(number, tree, truth, colours):
    _check_labels(f"tree {number}", tree, colours)
    count = len(tree.tokens())
    if count > WORDS:
        raise ValueError(
            f"A picture holds trees of at most {WORDS} words. Received: {count} in tree {number}. Use text_tree."
        )
    if truth is None:
        return
    _check_labels(f"truth {number}", truth, colours)
    if _shape(tree) != _shape(truth):
        raise ValueError(
            f"Tree {number} and its truth have the same words in the same shape. "
            f"Received: {_phrase(tree.tokens())!r} and {_phrase(truth.tokens())!r}."
        )


def _check_labels(name, tree, colours):
    for node in tree.nodes():
        if node.label is not None and node.label not in colours:
            raise ValueError(f"Labels are among {', '.join(colours)}. Received: {node.label!r} in {name}.")


def _shape(tree):
    return [(node.token, len(node.children)) for node in tree.nodes()]
