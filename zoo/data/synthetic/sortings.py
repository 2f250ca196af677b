"""Numbers to sort by pointing at them: the plainest task whose answer is a sequence of positions."""

from typing import Any

import numpy as np

from zoo.data.synthetic.convex_hulls import mixed


def draw(count: int, points: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draws numbers uniformly in [0, 1), and their positions in ascending order; of equal ones the first comes first.

    Args:
        count: sets.
        points: numbers of every set.
        random: source of the draws.
    Shapes:
        numbers (N, S, 1) float32, positions (N, S) int.
    Raises:
        ValueError: no points.
    """
    if points < 1:
        raise ValueError(f"There must be a number to sort. Received: points={points}")
    sources = random.random((count, points, 1), dtype="float32")
    return sources, sources[..., 0].argsort(axis=1, kind="stable")


def generate(count: int, *, points: tuple[int, int] = (5, 10), seed: int = 0) -> list[dict[str, Any]]:
    """Draws numbers and their positions in ascending order.

    Args:
        count: examples.
        points: fewest and most numbers of an example; how many is drawn uniformly between the two.
        seed: of the draws.
    Shapes:
        {"source": (S, 1) float32, "target": positions}.
    Raises:
        ValueError: not 1 <= fewest <= most.
    """
    return mixed(draw, count, points, seed)
