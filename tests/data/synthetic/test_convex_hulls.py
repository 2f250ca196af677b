import numpy as np
import pytest
from scipy.spatial import ConvexHull

from zoo.data.synthetic import convex_hulls
from zoo.data.synthetic.convex_hulls import draw, generate, hull


def oracle(points):
    """The hull as Qhull finds it, which is counter-clockwise in the plane."""
    corners = ConvexHull(np.asarray(points, "float64")).vertices.tolist()
    first = corners.index(min(corners))
    return corners[first:] + corners[:first]


def trimmed(row):
    return row[row >= 0].tolist()


@pytest.mark.parametrize("points", [3, 4, 5, 20, 300, 5000])
def test_against_qhull(random, points):
    for _ in range(20):
        drawn = random.normal(size=(points, 2)) if points % 2 else random.random((points, 2), dtype="float32")
        assert hull(drawn) == oracle(drawn)


def test_all_points_of_a_circle_are_corners(random):
    angles = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    turned = random.permutation(2000)
    corners = hull(np.stack([np.cos(angles), np.sin(angles)], axis=1)[turned])
    assert corners[0] == 0
    # Counter-clockwise: every corner is one angle further than the one before.
    assert set(np.diff(turned[corners]) % 2000) == {1} and len(corners) == 2000


@pytest.mark.parametrize(
    ("points", "corners"),
    [
        ([(0, 0), (1, 0), (0, 1)], [0, 1, 2]),
        ([(0, 0), (0, 1), (1, 0)], [0, 2, 1]),
        # The first point lies within; the hull begins with the lowest position of a corner, whatever its place.
        ([(1, 1), (4, 4), (0, 4), (4, 0), (0, 0)], [1, 2, 4, 3]),
        # Points on edges are no corners, nor where decimals are not what they look like.
        ([(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (0, 2), (0, 1)], [0, 2, 4, 5]),
        ([(0, 0), (0.1, 0.3), (0.2, 0.6), (0.3, 0.9), (0.7, 2.1), (-1, 3)], [0, 4, 5]),
    ],
)
def test_hulls_made_by_hand(points, corners):
    assert hull(points) == corners


@pytest.mark.parametrize("scale", [1e-300, 1e-20, 1e20, 1e300])
def test_points_of_any_size(random, scale):
    points = random.random((30, 2))
    assert hull(points * scale) == oracle(points)


@pytest.mark.parametrize("points", [3, 4, 10, 50])
def test_draws_have_their_hulls(random, points):
    sources, hulls = draw(300, points, random)
    assert sources.shape == (300, points, 2) and sources.dtype == "float32" and hulls.shape == (300, points)
    assert sources.min() >= 0 and sources.max() < 1
    assert [trimmed(row) for row in hulls] == [oracle(source) for source in sources]
    assert all((row[len(trimmed(row)) :] == -1).all() for row in hulls)


def test_gift_wrapping_takes_the_farthest_of_a_line():
    # No draw has such points in practice; on a grid many lie on one line.
    x, y = np.meshgrid(np.arange(5.0), np.arange(5.0))
    points = np.random.default_rng(3).permuted(np.tile(np.arange(25), (200, 1)), axis=1)[:, :12]
    x, y = x.ravel()[points], y.ravel()[points]
    wrapped = [trimmed(row) for row in convex_hulls._wrap(x, y)]
    assert wrapped == [hull(np.stack(pair, axis=1)) for pair in zip(x, y, strict=True)]


def test_examples_of_all_sizes():
    examples = generate(2000, points=(4, 8))
    sizes = [len(example["source"]) for example in examples]
    assert set(sizes) == set(range(4, 9)) and min(map(sizes.count, range(4, 9))) > 300
    assert all(example["target"] == oracle(example["source"]) for example in examples)
    assert {example["source"].dtype.name for example in examples} == {"float32"}
    assert {type(position) for example in examples for position in example["target"]} == {int}
    # Sizes come in no order.
    assert sizes[:50] != sorted(sizes[:50])


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([(0, 0), (1, 1)], "3 points or more. Received: 2"),
        ([0, 1, 2], r"shape \(points, 2\), an x and a y each. Received: \(3,\)"),
        (np.zeros((4, 3)), r"Received: \(4, 3\)"),
        ([(0, 0), (1, 0), (0,)], "must be numbers"),
        ([(0, 0), (1, 0), ("x", "y")], "must be numbers"),
        ([(0, 0), (1, 0), (0, np.nan)], r"finite numbers. Received: \[0.0, nan\] at position 2"),
        ([(0, 0), (1, 0), (0.5, 7), (1, 0)], r"positions 1 and 3 are both at \[1.0, 0.0\]"),
        ([(0, 0), (1, 2), (-3, -6), (0.1, 0.2)], "not all on one line"),
        ([(0.1, 0.1), (0.2, 0.2), (0.3, 0.3)], "not all on one line"),
    ],
)
def test_no_hull(points, message):
    with pytest.raises(ValueError, match=message):
        hull(points)


def test_sizes_out_of_range(random):
    with pytest.raises(ValueError, match="points=2"):
        draw(1, 2, random)
    with pytest.raises(ValueError, match=r"points=\(6, 5\)"):
        generate(1, points=(6, 5))
    with pytest.raises(ValueError, match="points=2"):
        generate(1, points=(2, 5))
