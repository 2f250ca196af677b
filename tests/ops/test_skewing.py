"""Where each place goes, and exactly back."""

import numpy as np
import pytest
from keras import ops

from tests.gradients import gradients, weighed
from zoo.ops.skewing import skew, unskew

SHAPES = pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 4), (4, 1), (3, 3), (2, 5), (5, 2)])


def grid(height, width):
    return np.random.default_rng(0).normal(size=(2, height, width, 3)).astype("float32")


@pytest.mark.each_backend
@SHAPES
def test_each_row_is_one_place_further_than_the_one_above(height, width):
    given = grid(height, width)
    expected = np.zeros((2, height, width + height - 1, 3), "float32")
    for row in range(height):
        for column in range(width):
            expected[:, row, row + column] = given[:, row, column]
    np.testing.assert_array_equal(ops.convert_to_numpy(skew(given)), expected)


@SHAPES
def test_the_way_back_is_exact(height, width):
    given = grid(height, width)
    np.testing.assert_array_equal(ops.convert_to_numpy(unskew(skew(given))), given)
    skewed = np.random.default_rng(1).normal(size=(2, height, width + height - 1, 3)).astype("float32")
    again = ops.convert_to_numpy(skew(unskew(skewed)))
    inside = ops.convert_to_numpy(skew(np.ones_like(given))) == 1
    np.testing.assert_array_equal(again, np.where(inside, skewed, 0))  # what is outside of the grid is lost


def test_the_gradient_goes_the_same_way_back():
    given, upstream = grid(3, 4), np.random.default_rng(2).normal(size=(2, 3, 6, 3)).astype("float32")
    _, (gradient,) = gradients(lambda g: weighed(skew(g), upstream), given)
    np.testing.assert_array_equal(gradient, ops.convert_to_numpy(unskew(upstream)))
