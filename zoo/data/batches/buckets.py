"""Few shapes for examples of many lengths: what `Batches` pads to, and which batches come first."""

from collections.abc import Sequence

import numpy as np

Shape = tuple[int, ...]
# An example of more steps than this, and of so many times those that most of its bucket have, stands apart.
FAR, TIMES = 1000, 8


def make_buckets(steps: np.ndarray, count: int) -> list[tuple[Shape, np.ndarray]]:
    """Divides examples by their total number of steps into at most `count` buckets of about equally many.

    Args:
        steps: of every example, (N, K) with K = 2 where source and target have steps of their own, else K = 1.
        count: at most this many buckets, at quantiles of the totals.
    Returns:
        For each bucket its shape, the longest of each of the K lengths in it, and the numbers of its examples. One more
        bucket holds the few that are far longer than the others, which would otherwise all be padded to them.
    """
    totals = steps.sum(axis=1)
    bounds = np.unique(np.quantile(totals, np.arange(1, count + 1) / count, method="inverted_cdf"))
    last = totals[totals > (bounds[-2] if len(bounds) > 1 else 0)]
    usual = last[last <= max(FAR, TIMES * np.median(last))]
    if count > 1 and usual.max() < bounds[-1]:
        bounds = np.array([*bounds[:-1], usual.max(), bounds[-1]])
    bucket = np.searchsorted(bounds, totals)
    members = [np.flatnonzero(bucket == number) for number in range(len(bounds))]
    return [(tuple(map(int, steps[rows].max(axis=0))), rows) for rows in members]


def round_length(steps: int) -> int:
    """Return the next of a few lengths: multiples of 8, above 128 of an eighth of the next lower power of two."""
    unit = max(8, 1 << max(0, steps - 1).bit_length() >> 4)
    return -(-steps // unit) * unit


def round_shapes(buckets: list[tuple[Shape, np.ndarray]]) -> list[tuple[Shape, np.ndarray]]:
    """Round the lengths of buckets up, and join those that then are alike."""
    joined: dict[Shape, list[np.ndarray]] = {}
    for shape, rows in buckets:
        joined.setdefault(tuple(map(round_length, shape)), []).append(rows)
    return [(shape, np.sort(np.concatenate(rows))) for shape, rows in joined.items()]


def round_rows(rows: int) -> int:
    """Return the next power of two."""
    return 1 << max(0, rows - 1).bit_length()


def show_lengths(plan: list[tuple[Shape, np.ndarray]]) -> list[tuple[Shape, np.ndarray]]:
    """Moves two batches that differ in every length that ever differs to the front.

    On TensorFlow, Keras takes the shapes of all batches from the first two. Two such batches always exist: if all pairs
    of shapes had a length in common, it would be the same one throughout.
    """
    shapes = list(dict.fromkeys(shape for shape, _ in plan))
    pair = _most_different(shapes)
    plan = list(plan)
    for column, shape in enumerate(pair):
        other = next(index for index in range(column, len(plan)) if plan[index][0] == shape)
        plan[column], plan[other] = plan[other], plan[column]
    return plan


def _most_different(shapes: Sequence[Shape]) -> Sequence[Shape]:
    """The first two shapes that differ in every axis in which any two do; none if all are alike."""
    varying = [axis for axis in zip(*shapes, strict=True) if len(set(axis)) > 1]
    different = lambda one, other: sum(map(int.__ne__, one, other)) == len(varying)  # noqa: E731
    pairs = ((one, other) for one in shapes for other in shapes if one != other)
    return next((pair for pair in pairs if different(*pair)), ())
