"""Points in the plane and their convex hulls: the answer is a sequence of positions of the source itself."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

# A turn smaller than this share of the products it is the difference of is rounding. Of numbers that are multiples of
# 2^-24 in [0, 1), as float32 draws are, products and differences are exact in float64, and a turn is 0 or larger.
ROUNDING = 4 * np.finfo(np.float64).eps


def hull(points: np.ndarray | Sequence[Sequence[float]]) -> list[int]:
    """Returns the positions of the convex hull's corners: counter-clockwise, from the lowest position on, not closed.

    A point on the edge between two corners is no corner. Monotone chain, O(S log S).

    Args:
        points: (S, 2).
    Raises:
        ValueError: fewer than 3 points, not (S, 2) finite numbers, two points at one place, all points on one line.
    Reference: Andrew 1979, "Another efficient algorithm for convex hulls in two dimensions".
    """
    array = planar(points)
    twins = coincident(array)
    if twins:
        raise ValueError(
            f"Points must differ. Received: positions {twins[0]} and {twins[1]} are both at "
            f"{array[twins[0]].tolist()}. Leave one of them out."
        )
    # To numbers up to 1, exactly, so that no product is too large or too small for a float.
    x, y = np.ldexp(array, -np.frexp(np.abs(array).max())[1]).T.tolist()
    order = np.lexsort(array.T[::-1]).tolist()
    corners = [*_chain(order, x, y), *_chain(order[::-1], x, y)]
    if len(corners) < 3:
        raise ValueError(f"A hull needs points that are not all on one line. Received: {array.tolist()!s:.120}")
    first = corners.index(min(corners))
    return corners[first:] + corners[:first]


def _chain(order: Sequence[int], x: Sequence[float], y: Sequence[float]) -> list[int]:
    """The half of the hull from the first to the last of the sorted positions, which is left out."""
    hull: list[int] = []
    for position in order:
        while len(hull) > 1:
            b, a = hull[-1], hull[-2]
            one = (x[b] - x[a]) * (y[position] - y[a])
            other = (y[b] - y[a]) * (x[position] - x[a])
            if one - other > ROUNDING * (abs(one) + abs(other)):  # a turn to the left
                break
            hull.pop()
        hull.append(position)
    return hull[:-1]


def planar(points: Any) -> np.ndarray:
    """Returns the points as (S, 2) float64.

    Raises:
        ValueError: fewer than 3, or not (S, 2) finite numbers.
    """
    try:
        array = np.asarray(points, "float64")
    except (TypeError, ValueError) as error:
        raise ValueError(f"Points must be numbers of shape (points, 2). Received: {points!r:.60}") from error
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"Points must have the shape (points, 2), an x and a y each. Received: {array.shape}")
    if len(array) < 3:
        raise ValueError(f"There must be 3 points or more. Received: {len(array)}")
    if not np.isfinite(array).all():
        position = int(np.flatnonzero(~np.isfinite(array).all(axis=1))[0])
        raise ValueError(
            f"Points must be finite numbers. Received: {array[position].tolist()} at position {position}. "
            "Leave the point out."
        )
    return array


def coincident(points: np.ndarray) -> tuple[int, int] | None:
    """Returns the first position whose point was there before, behind the one that has it first; None if all differ."""
    first_index: dict[tuple[float, ...], int] = {}
    for position, point in enumerate(map(tuple, points.tolist())):
        if first_index.setdefault(point, position) != position:
            return first_index[point], position
    return None


def draw(count: int, points: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draws points uniformly in the unit square, and their hulls by gift wrapping in all sets at once.

    Args:
        count: sets.
        points: of every set.
        random: source of the draws.
    Shapes:
        points (N, S, 2) float32, positions as `hull` gives them (N, S) int, -1 behind the last.
    Raises:
        ValueError: fewer than 3 points.
    """
    if points < 3:
        raise ValueError(f"A hull needs 3 points or more. Received: points={points}")
    sources = random.random((count, points, 2), dtype="float32")
    return sources, _wrap(*np.moveaxis(sources.astype("float64"), -1, 0))


def _wrap(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    count, points = x.shape
    rows = np.arange(count)
    # The leftmost point (of several the lowest) is a corner.
    start = np.lexsort((y, x), axis=-1)[:, 0]
    corners = np.full((count, points), -1)
    position, unfinished = start, np.ones(count, bool)
    for step in range(points):
        corners[unfinished, step] = position[unfinished]
        position = _next(x - x[rows, position, None], y - y[rows, position, None])
        unfinished &= position != start
        if not unfinished.any():
            break
    # From the lowest position on.
    lengths = (corners >= 0).sum(axis=1)[:, None]
    first = np.where(corners < 0, points, corners).argmin(axis=1)[:, None]
    indices = np.arange(points)
    turned = np.take_along_axis(corners, (indices + first) % lengths, axis=1)
    return np.where(indices < lengths, turned, -1)


def _next(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The corner that follows the one at (0, 0): the point that has all others to the left, of several the farthest.

    A knock-out: the first half of those that are left against the last, until one is left. The corner itself loses.
    """
    points = x.shape[1]
    positions = np.broadcast_to(np.arange(points), x.shape).copy()
    while points > 1:
        half = points // 2
        a, b = np.s_[:, :half], np.s_[:, points - half : points]
        turn = x[a] * y[b] - y[a] * x[b]
        level = turn == 0
        wins = turn < 0
        if level.any():
            wins |= level & (np.abs(x[b]) + np.abs(y[b]) > np.abs(x[a]) + np.abs(y[a]))
        for array in (x, y, positions):
            np.copyto(array[a], array[b], where=wins)
        points -= half
    return positions[:, 0]


def generate(count: int, *, points: tuple[int, int] = (5, 10), seed: int = 0) -> list[dict[str, Any]]:
    """Draws points uniformly in the unit square, and their hulls (Vinyals et al. 2015).

    The number of corners grows with the logarithm of the points: 4.2 of 5 points, 5.9 of 10, 10.2 of 50 on average.

    Args:
        count: examples.
        points: fewest and most points of an example; numbers are drawn uniformly between the two.
        seed: of the draws.
    Shapes:
        {"source": (S, 2) float32, "target": positions as `hull` gives them}.
    Raises:
        ValueError: not 3 <= fewest <= most.
    Reference: arXiv:1506.03134.
    """
    return mixed(draw, count, points, seed)


def mixed(
    draw: Callable[[int, int, np.random.Generator], tuple[np.ndarray, np.ndarray]],
    count: int,
    points: tuple[int, int],
    seed: int,
) -> list[dict[str, Any]]:
    """Draws raw examples of mixed sizes, all of one size at once.

    Args:
        draw: `draw(count, points, random)` returns sources (N, S, D), and positions (N, T) with -1 behind the last.
        count, points, seed: as in `generate`.
    Raises:
        ValueError: the most points are fewer than the fewest, or what `draw` refuses.
    """
    fewest, most = points
    if fewest > most:
        raise ValueError(f"points are the fewest and the most, in this order. Received: points={points}")
    random = np.random.default_rng(seed)
    sizes = random.integers(fewest, most + 1, count)
    examples: dict[int, dict[str, Any]] = {}
    for size in range(fewest, most + 1):
        numbers = np.flatnonzero(sizes == size)
        for number, source, target in zip(numbers, *draw(len(numbers), size, random), strict=True):
            examples[int(number)] = {"source": source, "target": target[target >= 0].tolist()}
    return [examples[number] for number in range(count)]
