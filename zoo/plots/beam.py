import os
from collections.abc import Sequence
from dataclasses import dataclass

from zoo.plots.labels import families, label

ROW, SIZE = 0.62, 9.0  # inches a branch, points of its word
HIGHLIGHT, FINISHED, OTHER = "#1f77b4", "#2ca02c", "0.6"


@dataclass(frozen=True)
class Branch:
    """One hypothesis at one step of a beam search.

    Args:
        token: the last one.
        parent: place of the hypothesis that it prolongs, in the list of the step before; None at the beginning.
        score: of the whole hypothesis.
        finished: whether it ends here.
    """

    token: str
    parent: int | None
    score: float
    finished: bool = False


def plot_beam(tree: Sequence[Sequence[Branch]], path: str | os.PathLike, *, highlighted: int = 1) -> None:
    """Draws a beam search as a tree that grows to the right: a column a step, its hypotheses in the order given.

    Finished hypotheses have a green frame; the best of them, or of the last step if none is finished, are blue with
    all that led to them.

    Args:
        tree: the hypotheses of each step, the best first. One that is finished need not be repeated in later steps.
        path: of the picture; its ending chooses the format.
        kept: how many hypotheses to highlight.
    Raises:
        ValueError: nothing to draw, or a parent that does not exist.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if not any(tree):
        raise ValueError("There is nothing to draw: the tree holds no branch.")
    _check(tree)
    best = _ancestors(tree, highlighted)
    figure = Figure(figsize=(1, 1), dpi=120)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    family = families(branch.token for step in tree for branch in step)
    right = {}  # (step, place) -> where its box ends
    left = 0.0
    # One unit of the axes is one inch, so that boxes can be measured.
    axes.set(xlim=(0, 1), ylim=(0, 1))
    for number, step in enumerate(tree):
        boxes = [_box(axes, branch, (number, index) in best, family) for index, branch in enumerate(step)]
        extents = [box.get_window_extent(canvas.get_renderer()) for box in boxes]
        width = max(max((extent.width / 120 for extent in extents), default=0.0) + 0.12, 0.4)
        axes.text(left + width / 2, ROW * 0.45, str(number + 1), ha="center", va="bottom", fontsize=8, color="0.4")
        for index, (box, branch) in enumerate(zip(boxes, step, strict=True)):
            y = -index * ROW
            box.set_position((left + width / 2, y))
            axes.text(left + width / 2, y - 0.17, f"{branch.score:.2f}", ha="center", va="top", fontsize=7, color="0.3")
            half = extents[index].width / 240 + 0.06
            right[number, index] = left + width / 2 + half
            if branch.parent is not None:
                here = (number, index) in best
                start = right[number - 1, branch.parent], -branch.parent * ROW
                _edge(axes, start, (left + width / 2 - half, y), here)
        left += width + 0.55
    rows = max(map(len, tree))
    axes.set(xlim=(-0.1, left - 0.45), ylim=(-(rows - 1) * ROW - 0.4, 0.6))
    axes.set_position((0, 0, left - 0.35, (rows - 1) * ROW + 1.0))
    figure.savefig(path, bbox_inches="tight", pad_inches=0.1)


def _check(tree):
    for number, step in enumerate(tree):
        before = len(tree[number - 1]) if number else 0
        for index, branch in enumerate(step):
            known = branch.parent is None if number == 0 else branch.parent in range(before)
            if not known:
                rule = "None" if number == 0 else f"a position among the {before} branches of the step before"
                raise ValueError(
                    f"The parent of branch {index} of step {number} must be {rule}. Received: {branch.parent}"
                )


def _ancestors(tree, count):
    """The (step, place) of all branches on the way to the best hypotheses."""
    prolonged = {(number - 1, branch.parent) for number, step in enumerate(tree) for branch in step}
    nodes = [(number, index) for number, step in enumerate(tree) for index in range(len(step))]
    ends = [node for node in nodes if tree[node[0]][node[1]].finished and node not in prolonged]
    last = max(number for number, step in enumerate(tree) if step)
    ends = ends or [node for node in nodes if node[0] == last]
    ancestors = set()
    for number, index in sorted(ends, key=lambda node: -tree[node[0]][node[1]].score)[:count]:
        for step in range(number, -1, -1):
            ancestors.add((step, index))
            index = tree[step][index].parent
    return ancestors


def _box(axes, branch, highlighted, family):
    colour = HIGHLIGHT if highlighted else OTHER
    frame = {
        "boxstyle": "round,pad=0.3",
        "facecolor": "#dcebf7" if highlighted else "white",
        "edgecolor": FINISHED if branch.finished else colour,
        "linewidth": 2.2 if branch.finished else 1.4 if highlighted else 0.8,
    }
    text = {
        "fontsize": SIZE,
        "fontfamily": family,
        "parse_math": False,
        "fontweight": "bold" if highlighted else "normal",
    }
    return axes.text(0, 0, label(branch.token), ha="center", va="center", bbox=frame, zorder=3, **text)


def _edge(axes, start, end, highlighted):
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    middle = (start[0] + end[0]) / 2
    curve = Path(
        [start, (middle, start[1]), (middle, end[1]), end], [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    )
    style = {
        "edgecolor": HIGHLIGHT if highlighted else OTHER,
        "linewidth": 2.0 if highlighted else 0.8,
        "zorder": 2 if highlighted else 1,
    }
    axes.add_patch(PathPatch(curve, facecolor="none", **style))
