import numpy as np
import pytest

from zoo.recipes.baselines.pixel_by_pixel import pixel_by_pixel


def test_counts_of_every_pixel_alone():
    """Three pictures of two pixels, by hand."""
    train = [np.array(pixels, "float32")[:, None] for pixels in ([0, 1], [1, 1], [0, 1])]
    test = [np.array([0, 0], "float32")[:, None], np.array([1, 1], "float32")[:, None]]
    first, second = {0: 2.5 / 4, 1: 1.5 / 4}, {0: 0.5 / 4, 1: 3.5 / 4}
    expected = -(np.log(first[0]) + np.log(second[0]) + np.log(first[1]) + np.log(second[1])) / 2
    assert pixel_by_pixel(train, test, 2) == pytest.approx(expected)


def test_levels_never_seen_have_half_a_count():
    train = [np.array([[2.0]])] * 3
    assert pixel_by_pixel(train, [np.array([[0.0]])], 4) == pytest.approx(-np.log(0.5 / 5))
