import os
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

Panel = tuple[np.ndarray, Sequence[int], Sequence[int] | None, np.ndarray | None]

ANSWER, WRONG, TRUE = "#1f77b4", "#d62728", "#fdae6b"
SMALLEST, LARGEST = 2.4, 6.0  # inches of a panel's side
MARGIN, TITLE = 0.45, 0.3  # inches between panels, and above one
NUMBERED = 60  # points; of more, numbers would overlap


def plot_polygons(
    shown: Sequence[Panel],
    path: str | os.PathLike,
    *,
    titles: Sequence[str] | None = None,
    columns: int = 3,
) -> None:
    """Draws hulls or tours that a model points out, on the true ones, and below each where it pointed step by step.

    Arrows go along the predicted polygon from its ringed first position; sides that the true one does not have are
    red. The true polygon lies behind it in broad dashes. In the heat map a row is a step, a column a position, and
    what was said is framed; weights of the end have no column.

    Args:
        shown: of each panel the points, the predicted positions from 0 (not closed), the true ones or None, and the
            pointer's weights or None.
        path: of the picture; its ending chooses the format.
        titles: one a panel.
        columns: panels side by side.
    Shapes:
        points (S, 2); weights (T, S), a row for each predicted position, and one more if the end was predicted.
    Raises:
        ValueError: nothing to draw, points that are not (S, 2) finite numbers, a position that is none of theirs,
            weights of another shape.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    panels = _checked(shown)
    figure = Figure(figsize=(1, 1), dpi=120)
    FigureCanvasAgg(figure)
    # In inches, as the figure is one inch by one.
    side = min(LARGEST, max(SMALLEST, 0.13 * max(len(points) for points, *_ in panels)))
    top, image, tiles = 0.0, None, []
    for start in range(0, len(panels), columns):
        lowest = top
        for index, (points, answer_of, true, weights) in enumerate(panels[start : start + columns]):
            left = index * (side + MARGIN)
            axes = figure.add_axes((left, top - side, side, side))
            _draw(axes, points, answer_of, true, side)
            if titles:
                axes.set_title(titles[start + index], fontsize=10, parse_math=False, loc="left")
            bottom = top - side
            if weights is not None and weights.size:
                square = min(0.25, side / len(points))
                width, height = square * len(points), square * len(weights)
                bottom -= 0.42 + height
                below = figure.add_axes((left + (side - width) / 2, bottom, width, height))
                image = _heat(below, weights, answer_of, square)
                tiles.append(below)
            lowest = min(lowest, bottom)
        top = lowest - MARGIN / 2 - (TITLE if titles else 0)
    if image is not None:
        right = min(columns, len(panels)) * (side + MARGIN) - MARGIN + 0.15
        _, upper = tiles[0].get_position().intervaly
        colours = figure.add_axes((right, upper - 1, 0.12, 1))
        figure.colorbar(image, cax=colours).ax.tick_params(labelsize=7)
    _legend(figure, panels, top)
    figure.savefig(path, bbox_inches="tight", pad_inches=0.1)


def _checked(shown: Sequence[Panel]) -> list[tuple[np.ndarray, list[int], list[int] | None, np.ndarray | None]]:
    if not shown:
        raise ValueError("There is nothing to draw: no panel was given.")
    panels = []
    for number, (given_points, answer_of, true, weights) in enumerate(shown):
        points = np.asarray(given_points, "float64")
        if points.ndim != 2 or points.shape[1] != 2 or not len(points) or not np.isfinite(points).all():
            raise ValueError(f"Points must be finite, of shape (S, 2). Received: {points.shape} in panel {number}")
        for position in [*answer_of, *(true or [])]:
            if not 0 <= position < len(points):
                raise ValueError(
                    f"Positions are 0 to {len(points) - 1}, as many as points. Received: {position} in panel {number}"
                )
        if weights is not None:
            weights = np.asarray(weights, "float64")
            if weights.ndim != 2 or len(weights) - len(answer_of) not in (0, 1) or weights.shape[1] != len(points):
                raise ValueError(
                    f"Weights need a row for each of {len(answer_of)} positions, one more if the end was emitted, and "
                    f"column for each of {len(points)} points. Received: {weights.shape} in panel {number}"
                )
        panels.append((points, [*map(int, answer_of)], None if true is None else [*map(int, true)], weights))
    return panels


def _sides(positions: Sequence[int]) -> list[tuple[int, int]]:
    """The sides of a closed polygon; of two positions there is one."""
    closed = [*positions, positions[0]] if len(positions) > 2 else positions
    return list(pairwise(closed))


def _wrong(answer_of: Sequence[int], true: Sequence[int] | None) -> list[bool]:
    """Of each side whether the true polygon lacks it, in either direction."""
    right = None if true is None else {frozenset(pair) for pair in _sides(true)}
    return [right is not None and frozenset(pair) not in right for pair in _sides(answer_of)]


def _draw(axes, points, answer_of, true, inches):
    low, high = points.min(axis=0), points.max(axis=0)
    span = 1.2 * float((high - low).max() or 1.0)
    for set_limits, middle in zip((axes.set_xlim, axes.set_ylim), (low + high) / 2, strict=True):
        set_limits(middle - span / 2, middle + span / 2)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_color("0.8")
    if true:
        closed = points[[*true, true[0]]]
        axes.plot(*closed.T, color=TRUE, linewidth=5, linestyle=(0, (1.6, 1.0)), dash_capstyle="butt", zorder=1)
    for (start, end), wrong in zip(_sides(answer_of), _wrong(answer_of, true), strict=True):
        _side(axes, points[start], points[end], WRONG if wrong else ANSWER, span / inches)
    axes.scatter(*points.T, s=16, color="0.15", zorder=4)
    if answer_of:
        axes.scatter(*points[answer_of[0]], s=75, facecolors="none", edgecolors="0.15", linewidths=1.2, zorder=4)
    if len(points) <= NUMBERED:
        _number(axes, points, [points[list(pair)] for pair in {*_sides(answer_of), *_sides(true or [])}], span / inches)


def _side(axes, start, end, colour, inch):
    """A line with an arrow head in its middle, if there is room for it."""
    axes.plot(*np.stack([start, end], axis=1), color=colour, linewidth=1.6, solid_capstyle="round", zorder=2)
    across, up = end - start
    if np.hypot(across, up) > 0.2 * inch:
        middle = (start + end) / 2
        turned = float(np.degrees(np.arctan2(up, across))) - 90
        axes.plot(*middle, marker=(3, 0, turned), markersize=7, color=colour, markeredgewidth=0, zorder=3)


def _number(axes, points, sides, inch):
    """Writes each point's number beside it, where it is farthest from lines, points and other numbers."""
    size = 8 if len(points) <= 25 else 6.5
    angles = np.arange(16) * np.pi / 8
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    candidates = np.concatenate([ring * 0.13, ring * 0.18]) * inch
    written = []
    edges = [axes.get_xlim(), axes.get_ylim()]
    for number, point in enumerate(points):
        positions = point + candidates
        room = np.full(len(positions), 0.16 * inch)
        for start, end in sides:
            room = np.minimum(room, 1.4 * _distance(positions, start, end))
        for other in np.delete(points, number, axis=0):
            room = np.minimum(room, np.linalg.norm(positions - other, axis=1))
        for other in written:
            room = np.minimum(room, 0.9 * np.linalg.norm(positions - other, axis=1))
        for (low, high), values in zip(edges, positions.T, strict=True):
            room = np.minimum(room, np.minimum(values - low, high - values))
        best = positions[room.argmax()]
        written.append(best)
        axes.text(*best, str(number), fontsize=size, ha="center", va="center_baseline", color="0.15", zorder=5)


def _distance(positions, start, end):
    """From places (N, 2) to the nearest point of a line."""
    along = end - start
    share = np.clip((positions - start) @ along / max(float(along @ along), 1e-300), 0, 1)
    return np.linalg.norm(positions - start - share[:, None] * along, axis=1)


def _heat(axes, weights, answer_of, square):
    from matplotlib.patches import Rectangle

    image = axes.imshow(weights, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    steps, points = weights.shape
    # Numbers that would touch are left out.
    across, down = (max(1, int(np.ceil(room / square))) for room in (0.08 * len(str(points - 1)), 0.11))
    size = min(7.5, max(5.0, 72 * 0.75 * square))
    axes.xaxis.tick_top()
    axes.set_xticks(range(0, points, across), [str(number) for number in range(0, points, across)], fontsize=size)
    rows = [*map(str, answer_of), "end"][:steps]
    axes.set_yticks(range(0, steps, down), rows[::down], fontsize=size)
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("weight of position", fontsize=7, color="0.35", labelpad=3)
    axes.set_ylabel("step", fontsize=7, color="0.35", labelpad=3)
    # Lines between the squares, so that a column can be followed to its number.
    axes.set_xticks(np.arange(1, points) - 0.5, minor=True)
    axes.set_yticks(np.arange(1, steps) - 0.5, minor=True)
    axes.grid(which="minor", color="0.9", linewidth=0.5)
    axes.tick_params(which="both", length=0, pad=2)
    axes.spines[:].set_color("0.6")
    for step, position in enumerate(answer_of):
        frame = Rectangle((position - 0.5, step - 0.5), 1, 1, fill=False, edgecolor="0.15", linewidth=1, zorder=3)
        axes.add_patch(frame)
        frame.set_clip_on(False)
    return image


def _legend(figure, panels, top):
    from matplotlib.lines import Line2D

    wrong = [answer for _, answer_of, true, _ in panels for answer in _wrong(answer_of, true)]
    lines = [("predicted", {"color": ANSWER, "linewidth": 1.6})]
    if any(wrong):
        lines.append(("predicted, but no side of the true one", {"color": WRONG, "linewidth": 1.6}))
    if any(true for _, _, true, _ in panels):
        lines.append(("true", {"color": TRUE, "linewidth": 5, "linestyle": (0, (1.6, 1.0)), "dash_capstyle": "butt"}))
    ring = {"marker": "o", "markersize": 9, "markerfacecolor": "none", "markeredgecolor": "0.15", "linestyle": ""}
    lines.append(("first", ring))
    handles = [Line2D([], [], **style) for _, style in lines]
    names = [name for name, _ in lines]
    legend_options = {"loc": "upper left", "bbox_to_anchor": (-0.1, top + 0.1), "borderaxespad": 0}
    figure.legend(handles, names, ncols=len(names), fontsize=8, frameon=False, handlelength=3.2, **legend_options)
