"""Metrics of predicted positions: hulls, tours and sorted numbers.

Every function takes the predictions first, a list of positions (from 0) an example; `references` are the same of the
right answers, `points` an array (S, D) an example. Hulls and tours are closed: their first position does not stand at
the end again, and the way back to it belongs to them.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Positions = Sequence[Sequence[int]]
Points = Sequence[np.ndarray]


def exact(outputs: Positions, references: Positions) -> float:
    """Share of the closed sequences that are right, wherever they begin and in whichever direction they go.

    mean over examples of [some rotation of outputs, or of outputs reversed, = reference]
    """
    return _right(outputs, references, _turned)


def in_order(outputs: Positions, references: Positions) -> float:
    """Share of the sequences that are right as they stand.

    mean over examples of [outputs = reference]
    """
    return _right(outputs, references, list)


def area(outputs: Positions, references: Positions, points: Points) -> float:
    """Mean share of the true polygon's area that the predicted one covers, over those that are simple polygons.

        A(p) = | sum over i of x_i y_(i+1) - x_(i+1) y_i | / 2,        mean of A(outputs) / A(reference)

    Of a hull it is at most 1, as no point lies outside. Read it beside `invalid`, the share that is left out; where all
    are left out, it is 0.

    Raises:
        ValueError: a reference that is no simple polygon.
    """
    shares = [0.0]
    for number, (one, other, corners_of) in enumerate(_together(outputs, references, points)):
        right, corners = _at(number, other, corners_of), _at(number, one, corners_of)
        if not _simple(right):
            raise ValueError(
                f"An area is a share of a reference that is a simple polygon. Received: {other} in example {number}"
            )
        if _simple(corners):
            shares.append(_area(corners) / _area(right))
    return sum(shares) / max(1, len(shares) - 1)


def invalid(outputs: Positions, points: Points) -> float:
    """Share of the closed sequences that are no simple polygons.

    mean over examples of [fewer than 3 positions, one twice, or two sides that meet elsewhere than in their corner]
    """
    pairs = enumerate(_together(outputs, points))
    return float(np.mean([not _simple(_at(number, one, corners)) for number, (one, corners) in pairs]))


def tour_length(outputs: Positions, points: Points) -> float:
    """Mean length of closed tours.

        L(p) = sum over i of | p_(i+1) - p_i |,        the first point again behind the last

    Raises:
        ValueError: a tour that does not visit every point once.
    """
    return float(np.mean([_length(number, *pair) for number, pair in enumerate(_together(outputs, points))]))


def length_ratio(outputs: Positions, references: Positions, points: Points) -> float:
    """Mean of L(outputs) / L(reference), with L of `tour_length`: 1 where all tours are as short as the references.

    Raises:
        ValueError: a tour that does not visit every point once, or a reference of length 0.
    """
    ratios = []
    for number, (one, other, corners) in enumerate(_together(outputs, references, points)):
        shortest = _length(number, other, corners)
        if not shortest:
            raise ValueError(
                "A ratio needs a reference that is longer than 0. "
                f"Received: all points of example {number} at one place"
            )
        ratios.append(_length(number, one, corners) / shortest)
    return float(np.mean(ratios))


def _together(*columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    if len({len(column) for column in columns}) > 1 or not len(columns[0]):
        raise ValueError(
            "Every output needs its reference and points, and there must be one. "
            f"Received: {', '.join(str(len(column)) for column in columns)} examples"
        )
    return list(zip(*columns, strict=True))


def _right(outputs: Positions, references: Positions, form: Callable[[Sequence[int]], list[int]]) -> float:
    pairs = _together(outputs, references)
    empty = [number for number, (_, other) in enumerate(pairs) if not len(other)]
    if empty:
        raise ValueError(f"Every example needs a right answer. Received: none for example {empty[0]}")
    return float(np.mean([form(one) == form(other) for one, other in pairs]))


def _turned(positions: Sequence[int]) -> list[int]:
    """A closed sequence from its lowest position on, in the direction in which the next is lower."""
    positions = list(positions)
    if not positions:
        return positions
    first = positions.index(min(positions))
    turned = positions[first:] + positions[:first]
    return min(turned, [turned[0], *turned[:0:-1]])


def _at(number: int, positions: Sequence[int], points: np.ndarray) -> np.ndarray:
    """The points at the positions, (T, D) float64."""
    array, chosen = np.asarray(points, "float64"), np.asarray(positions, "int64")
    wrong = chosen[(chosen < 0) | (chosen >= len(array))]
    if len(wrong):
        raise ValueError(
            f"The positions of {len(array)} points are 0 to {len(array) - 1}. Received: {wrong[0]} in example {number}"
        )
    return array[chosen]


def _length(number: int, positions: Sequence[int], points: np.ndarray) -> float:
    corners = _at(number, positions, points)
    if sorted(positions) != list(range(len(points))):
        raise ValueError(
            f"A tour visits each of the {len(points)} points once. "
            f"Received: {list(positions)!s:.80} in example {number}. Let the decoder choose no position twice."
        )
    return float(np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).sum())


def _area(corners: np.ndarray) -> float:
    x, y = (corners - corners[0]).T
    return float(abs(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2)


def _simple(corners: np.ndarray) -> bool:
    """Return whether the closed polygon of the corners (T, 2) neither meets nor retraces itself."""
    if len(corners) < 3:
        return False
    ends = np.roll(corners, -1, axis=0)
    sides = ends - corners
    # Which side of each side's line every corner is on: (sides, corners).
    apart = corners[None] - corners[:, None]
    turns = np.sign(sides[:, None, 0] * apart[..., 1] - sides[:, None, 1] * apart[..., 0])
    parted = turns * np.roll(turns, -1, axis=1) <= 0  # by the line of side i are the ends of side j
    low, high = np.minimum(corners, ends), np.maximum(corners, ends)
    near = (low[:, None] <= high[None]).all(axis=-1)
    meet = parted & parted.T & near & near.T
    # Neighbours meet in their corner, and only there unless the one goes back over the other.
    number = np.arange(len(corners))
    following = (number + 1) % len(corners)
    meet[number, number] = meet[number, following] = meet[following, number] = False
    back = (turns[number, (number + 2) % len(corners)] == 0) & ((sides * sides[following]).sum(axis=1) <= 0)
    return not meet.any() and not back.any()
