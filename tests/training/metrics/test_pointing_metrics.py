from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, strategies

from zoo.training.metrics.pointing_metrics import area, exact, in_order, invalid, length_ratio, tour_length

SQUARE = np.array([(0, 0), (2, 0), (2, 2), (0, 2)], "float32")
# A square, the middle of its lower side, its centre.
GRID = np.array([(0, 0), (4, 0), (4, 4), (0, 4), (2, 0), (2, 2)], "float32")


def test_rotations_and_both_directions_are_one_polygon():
    said = [[2, 3, 0, 1], [0, 3, 2, 1], [1, 0, 3, 2], [0, 2, 1, 3], [0, 1, 2], [], [0, 1, 2, 3, 0], [0, 1, 2, 2]]
    assert [exact([one], [[0, 1, 2, 3]]) for one in said] == [1, 1, 1, 0, 0, 0, 0, 0]
    assert exact(said, [[0, 1, 2, 3]] * 8) == 3 / 8


def test_of_all_orders_of_five_positions_two_for_each_start_are_right():
    orders = list(permutations(range(5)))
    assert exact(orders, [[3, 1, 4, 0, 2]] * 120) == 10 / 120
    assert in_order(orders, [(3, 1, 4, 0, 2)] * 120) == 1 / 120


def test_orders_as_they_stand():
    assert in_order([[0, 1, 2], np.array([2, 1, 0]), [0, 1]], [[0, 1, 2], [2, 1, 0], [0, 1, 2]]) == pytest.approx(2 / 3)


def test_areas_are_shares_of_the_true_ones():
    assert area([[0, 1, 2]], [[0, 1, 2, 3]], [SQUARE]) == pytest.approx(0.5)
    assert area([[3, 2, 1, 0]], [[0, 1, 2, 3]], [SQUARE]) == pytest.approx(1)
    # Half, all, and one that crosses itself, which does not count.
    said = [[2, 0, 1], [0, 1, 2, 3], [0, 2, 1, 3]]
    assert area(said, [[0, 1, 2, 3]] * 3, [SQUARE, SQUARE * 100 + 7, SQUARE]) == pytest.approx(0.75)
    assert area([[0, 2, 1, 3]], [[0, 1, 2, 3]], [SQUARE]) == 0


def test_areas_are_those_of_any_simple_polygon(random):
    # A star around its centre; its area is the sum of triangles that the centre makes.
    angles = np.sort(random.uniform(0, 2 * np.pi, 30))
    star = random.uniform(1, 5, (30, 1)) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    following = np.roll(star, -1, axis=0)
    triangles = np.linalg.norm(star, axis=1) * np.linalg.norm(following, axis=1)
    triangles *= np.sin(np.roll(angles, -1) - angles) / 2
    whole = list(range(30))
    assert invalid([whole], [star]) == 0
    points = np.concatenate([star, [(10, 10), (-10, 10), (-10, -10), (10, -10)]])
    assert area([whole], [[30, 31, 32, 33]], [points]) == pytest.approx(triangles.sum() / 400)


@pytest.mark.parametrize(
    ("positions", "wrong"),
    [
        ([0, 1, 2, 3], False),
        ([3, 1, 0], False),
        ([0, 1, 2, 5], False),  # a notch
        ([0, 4, 1, 2, 3], False),  # a corner on a straight side
        ([], True),
        ([2], True),
        ([0, 1], True),
        ([0, 2, 1, 3], True),  # crossing sides
        ([0, 1, 2, 0], True),  # closed by hand: a position twice
        ([0, 1, 1, 2], True),
        ([0, 1, 5, 2, 3, 5], True),  # twice at the centre
        ([0, 1, 2, 3, 4], True),  # back over half of the first side
        ([0, 1, 2, 4, 3], True),  # a corner touches another side
        ([0, 4, 1], True),  # on one line
        ([0, 1, 4, 2], True),  # back over a side
        ([4, 2, 0, 1], True),
    ],
)
def test_polygons_that_meet_themselves(positions, wrong):
    for turned in range(max(1, len(positions))):
        rotation = positions[turned:] + positions[:turned]
        for order in (rotation, rotation[::-1]):
            assert invalid([order], [GRID]) == wrong
            assert invalid([order], [GRID * 0.1 + 0.3]) == wrong


def crosses(a, b, c, d):
    """Whether the segments ab and cd cross, by the parameters of their common point."""
    parameters = np.linalg.solve(np.stack([b - a, c - d], axis=1), c - a)
    return ((parameters > 0) & (parameters < 1)).all()


@given(strategies.integers(0, 10_000), strategies.integers(3, 8))
def test_crossing_sides_of_any_polygon(seed, corners):
    points = np.random.default_rng(seed).random((corners, 2))
    sides = [(points[i], points[(i + 1) % corners]) for i in range(corners)]
    apart = [(i, j) for i in range(corners) for j in range(i) if (i - j) % corners not in (1, corners - 1)]
    assert invalid([list(range(corners))], [points]) == any(crosses(*sides[i], *sides[j]) for i, j in apart)


def test_lengths_of_closed_tours():
    assert tour_length([[0, 1, 2, 3]], [SQUARE]) == pytest.approx(8)
    assert tour_length([[0, 2, 1, 3], [3, 2, 1, 0]], [SQUARE, SQUARE]) == pytest.approx((4 + 2 * 8**0.5 + 8) / 2)
    assert tour_length([[0, 1]], [np.array([(0, 0, 0), (1, 2, 2)])]) == pytest.approx(6)
    ratio = length_ratio([[0, 2, 1, 3], [1, 0, 3, 2]], [[0, 1, 2, 3]] * 2, [SQUARE, SQUARE])
    assert ratio == pytest.approx(((4 + 2 * 8**0.5) / 8 + 1) / 2)


@pytest.mark.parametrize("tour", [[0, 1, 2], [0, 1, 2, 2], [0, 1, 2, 3, 0], []])
def test_a_tour_that_is_none(tour):
    message = "each of the 4 points once. Received: .* in example 1"
    with pytest.raises(ValueError, match=message):
        tour_length([[0, 1, 2, 3], tour], [SQUARE, SQUARE])
    with pytest.raises(ValueError, match=message):
        length_ratio([[0, 1, 2, 3], tour], [[0, 1, 2, 3]] * 2, [SQUARE, SQUARE])


def test_what_cannot_be_measured():
    with pytest.raises(ValueError, match="Received: 4 in example 0"):
        invalid([[0, 1, 4]], [SQUARE])
    with pytest.raises(ValueError, match="Received: -1 in example 1"):
        area([[0, 1, 2], [0, 1, -1]], [[0, 1, 2]] * 2, [SQUARE, SQUARE])
    with pytest.raises(ValueError, match=r"Received: \[0, 2, 1, 3\] in example 0"):
        area([[0, 1, 2]], [[0, 2, 1, 3]], [SQUARE])
    with pytest.raises(ValueError, match="example 0 at one place"):
        length_ratio([[0, 1, 2, 3]], [[0, 1, 2, 3]], [SQUARE * 0])
    with pytest.raises(ValueError, match="Received: 1, 2 examples"):
        exact([[0]], [[0], [1]])
    with pytest.raises(ValueError, match="Received: 0, 0, 0 examples"):
        area([], [], [])
    for metric in (exact, in_order):
        with pytest.raises(ValueError, match="none for example 1"):
            metric([[0], []], [[0], []])
