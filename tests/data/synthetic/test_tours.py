from itertools import pairwise, permutations

import numpy as np
import pytest

from zoo.data.synthetic.tours import draw, generate, nearest_neighbour, tour


def length(points, order):
    return sum(np.hypot(*np.subtract(points[a], points[b])) for a, b in zip(order, [*order[1:], order[0]], strict=True))


def oracle(points):
    """The shortest of all orders, of which every tour and its reverse is one."""
    rest = permutations(range(1, len(points)))
    return list(min(((0, *order) for order in rest if order[0] < order[-1]), key=lambda order: length(points, order)))


@pytest.mark.parametrize("points", [3, 4, 5, 7])
def test_draws_have_their_shortest_tours(random, points):
    sources, tours = draw(15, points, random)
    assert sources.shape == (15, points, 2) and sources.dtype == "float32"
    assert tours.tolist() == [oracle(source.astype("float64")) for source in sources]


def test_points_on_a_circle_are_visited_in_their_order(random):
    for points in (6, 13, 16):
        angles = np.sort(random.uniform(0, 2 * np.pi, points))
        order = np.concatenate([[0], random.permutation(np.arange(1, points))])
        found = order[tour(np.stack([np.cos(angles), np.sin(angles)], axis=1)[order])].tolist()
        assert found in (list(range(points)), [0, *range(points - 1, 0, -1)])


def test_one_of_both_directions(random):
    _, tours = draw(200, 8, random)
    assert (tours[:, 0] == 0).all() and (tours[:, 1] < tours[:, -1]).all()
    assert (np.sort(tours, axis=1) == np.arange(8)).all()


def test_tours_do_not_depend_on_how_many_are_drawn(random):
    # More than one portion of the table.
    sources, tours = draw(200, 12, random)
    assert [tour(source) for source in sources[::40]] == tours[::40].tolist()


def test_a_point_twice_costs_nothing():
    points = [(0, 0), (1, 1), (0, 1), (1, 1), (1, 0)]
    assert length(points, tour(points)) == pytest.approx(4)


def test_mean_lengths_are_those_of_the_literature(random):
    # 2.12 for 5 points: Vinyals et al. 2015, Table 2. A single tour varies by 0.4.
    sources, tours = draw(4000, 5, random)
    assert np.mean([length(*pair) for pair in zip(sources, tours, strict=True)]) == pytest.approx(2.12, abs=0.03)


def test_without_tours(random):
    sources, tours = draw(3, 40, random, solve=False)
    assert sources.shape == (3, 40, 2) and tours.shape == (3, 0)
    assert [example["target"] for example in generate(4, points=(15, 16), solve=False)] == [[]] * 4


def test_the_seed_draws_the_same_points_without_tours():
    for solved, unsolved in zip(generate(30), generate(30, solve=False), strict=True):
        np.testing.assert_array_equal(solved["source"], unsolved["source"])
        assert sorted(solved["target"]) == list(range(len(solved["source"])))


def test_nearest_neighbour(random):
    line = np.array([[0.0], [0.9], [-1.0], [2.9], [-1.5]])
    assert nearest_neighbour(line[None]).tolist() == [[0, 1, 2, 4, 3]]
    sources = random.random((50, 9, 2))
    for points, order in zip(sources, nearest_neighbour(sources), strict=True):
        left = list(range(1, 9))
        for here, following in pairwise(order):
            assert following == min(left, key=lambda other: np.hypot(*(points[other] - points[here])))
            left.remove(following)


def test_nearest_of_equal_ones_is_the_first():
    assert nearest_neighbour(np.zeros((1, 4, 2))).tolist() == [[0, 1, 2, 3]]
    with pytest.raises(ValueError, match=r"Received: \(4, 2\)"):
        nearest_neighbour(np.zeros((4, 2)))


def test_what_cannot_be_solved(random):
    with pytest.raises(ValueError, match=r"up to 13 points. Received: 14, which would cost .* solve=False"):
        draw(1, 14, random)
    with pytest.raises(
        ValueError, match=r"up to 20 points. Received: 21, which would cost 2.1e\+08 additions and 1.7e"
    ):
        tour(random.random((21, 2)))
    with pytest.raises(ValueError, match="points=2"):
        draw(1, 2, random, solve=False)
    with pytest.raises(ValueError, match="3 points or more. Received: 2"):
        tour([(0, 0), (1, 1)])
