"""Points in the plane and the shortest closed tour through them: the travelling salesman."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from zoo.data.synthetic.convex_hulls import mixed, planar

LARGEST, LARGEST_DRAWN = 20, 13
# Of the table of Held and Karp: 32 MB.
ENTRIES = 2**22


def tour(points: np.ndarray | Sequence[Sequence[float]]) -> list[int]:
    """Returns the shortest closed tour: all positions from 0 on, without the way back to it, which belongs to it.

    Of the two directions it is the one whose second position is lower than its last. Exact, by Held and Karp:

        c(M, j) = min over i in M of c(M without j, i) + |p_i - p_j|

    is the shortest way from point 0 through all points of the set M to j, the last of them.

    Args:
        points: (S, 2).
    Raises:
        ValueError: not (S, 2) finite numbers, fewer than 3 points or more than 20.
    Reference: Held & Karp 1962.
    """
    array = planar(points)
    _affordable("tour", len(array), LARGEST, "Take `nearest_neighbour` instead, which is not exact.")
    return _solve(array[None])[0].tolist()


def draw(count: int, points: int, random: np.random.Generator, *, solve: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Draws points uniformly in the unit square, and their shortest tours, all sets at once.

    Args:
        count: sets.
        points: of every set.
        random: source of the draws.
        solve: False to leave the tours out, as learning from the length of a tour needs none.
    Shapes:
        points (N, S, 2) float32, positions as `tour` gives them (N, S) int, or (N, 0) without.
    Raises:
        ValueError: fewer than 3 points, or more than 13 to solve.
    """
    if points < 3:
        raise ValueError(f"A tour needs 3 points or more. Received: points={points}")
    if solve:
        _affordable("draw", points, LARGEST_DRAWN, "Draw fewer points, or pass solve=False.")
    sources = random.random((count, points, 2), dtype="float32")
    if not solve:
        return sources, np.empty((count, 0), int)
    tours = np.empty((count, points), int)
    size = max(1, ENTRIES // ((points - 1) << (points - 1)))
    for start in range(0, count, size):
        tours[start : start + size] = _solve(sources[start : start + size].astype("float64"))
    return sources, tours


def _affordable(name: str, points: int, largest: int, remedy: str) -> None:
    if points > largest:
        others = points - 1
        additions, size = others**2 * 2.0 ** (others - 1), others * 2.0 ** (others + 3)
        raise ValueError(
            f"{name} solves exactly up to {largest} points. Received: {points}, which would cost {additions:.2g} "
            f"additions and {size:.2g} bytes a tour. {remedy}"
        )


def _solve(points: np.ndarray) -> np.ndarray:
    """Shortest tours (N, S) of points (N, S, 2). A set of points is the sum of 2^(position - 1) over its positions."""
    count, others = len(points), points.shape[1] - 1
    # Sets of points last: what is added lies side by side.
    distances = np.linalg.norm(points[:, :, None] - points[:, None], axis=-1).transpose(1, 2, 0)
    home, between = distances[0, 1:], distances[1:, 1:]  # (S-1, N), (S-1, S-1, N)
    sets = np.arange(1 << others)
    sizes = (sets[:, None] >> np.arange(others) & 1).sum(axis=1)
    lengths = np.full((1 << others, others, count), np.inf)
    for last in range(others):
        lengths[1 << last, last] = home[last]
    for size in range(2, others + 1):
        for last in range(others):
            larger = sets[(sizes == size) & (sets >> last & 1 == 1)]
            lengths[larger, last] = (lengths[larger - (1 << last)] + between[:, last]).min(axis=1)
    # Backwards from home: the last point is the one that would be the last before the one after it.
    rows = np.arange(count)
    tours = np.zeros((count, others + 1), int)
    rest, onward = np.full(count, (1 << others) - 1), home
    for step in range(others, 0, -1):
        last = (lengths[rest, :, rows].T + onward).argmin(axis=0)
        tours[:, step] = last + 1
        rest = rest - (1 << last)
        onward = between[:, last, rows]
    backwards = np.roll(tours[:, ::-1], 1, axis=1)
    return np.where((tours[:, 1] < tours[:, -1])[:, None], tours, backwards)


def nearest_neighbour(sources: np.ndarray) -> np.ndarray:
    """Returns tours that go from position 0 to the nearest point not yet visited, each time; of several, the first.

    Shapes:
        points (N, S, D) -> positions (N, S).
    Raises:
        ValueError: another shape, or no points.
    """
    sources = np.asarray(sources, "float64")
    if sources.ndim != 3 or not sources.shape[1]:
        raise ValueError(f"Points must have the shape (sets, points, coordinates). Received: {sources.shape}")
    count, points, _ = sources.shape
    rows = np.arange(count)
    tours = np.zeros((count, points), int)
    visited = np.zeros((count, points), bool)
    for step in range(1, points):
        here = tours[:, step - 1]
        visited[rows, here] = True
        squared = ((sources - sources[rows, here][:, None]) ** 2).sum(axis=-1)
        tours[:, step] = np.where(visited, np.inf, squared).argmin(axis=1)
    return tours


def generate(
    count: int, *, points: tuple[int, int] = (5, 10), seed: int = 0, solve: bool = True
) -> list[dict[str, Any]]:
    """Draws points uniformly in the unit square, and the shortest tours through them (Vinyals et al. 2015).

    Mean lengths of 5, 10 and 20 points: the shortest tours 2.12, 2.87 and 3.83, those of `nearest_neighbour` 2.21, 3.17
    and 4.50, any order 2.61, 5.21 and 10.4.

    Args:
        count: examples.
        points: fewest and most points of an example; numbers are drawn uniformly between the two.
        seed: of the draws.
        solve: False to leave the tours out.
    Shapes:
        {"source": (S, 2) float32, "target": positions as `tour` gives them, [] without}.
    Raises:
        ValueError: not 3 <= fewest <= most, or more than 13 points to solve.
    Reference: arXiv:1506.03134.
    """
    return mixed(partial(draw, solve=solve), count, points, seed)
