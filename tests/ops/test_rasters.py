"""Grids place by place, against indexing."""

import numpy as np
import pytest
from keras import ops

from zoo.ops.rasters import around, put, select, to_grid, to_sequence


def draw(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


@pytest.mark.parametrize("steps", [1, 4, 6])
def test_a_sequence_fills_a_grid_row_by_row(steps):
    sequence = draw(2, steps, 3)
    grid = numpy(to_grid(sequence, 2, 3))
    expected = np.zeros((2, 2, 3, 3), "float32")
    for place in range(steps):
        expected[:, place // 3, place % 3] = sequence[:, place]
    np.testing.assert_array_equal(grid, expected)
    np.testing.assert_array_equal(numpy(to_sequence(grid))[:, :steps], sequence)


def test_each_row_of_a_batch_has_its_own_column():
    row, column, value = draw(3, 4, 2), np.array([0, 3, 2], "int32"), draw(3, 2) + 9
    expected = row.copy()
    for example in range(3):
        expected[example, column[example]] = value[example]
    np.testing.assert_array_equal(numpy(put(row, column, value)), expected)


@pytest.mark.parametrize(("left", "right"), [(0, 0), (1, 1), (2, 0), (0, 3)])
def test_outside_of_a_row_are_zeros(left, right):
    row, column = draw(3, 4, 2), np.array([0, 3, 2], "int32")
    expected = np.zeros((3, left + 1 + right, 2), "float32")
    for example in range(3):
        for place, other in enumerate(range(column[example] - left, column[example] + right + 1)):
            if 0 <= other < 4:
                expected[example, place] = row[example, other]
    np.testing.assert_array_equal(numpy(around(row, column, left, right)), expected)


def test_examples_are_chosen_whatever_stands_in_them():
    condition = np.array([True, False])
    for shape in [(2,), (2, 3), (2, 3, 4, 5)]:
        one, other = draw(*shape), draw(*shape) + 9
        found = numpy(select(condition, one, other))
        np.testing.assert_array_equal(found[0], one[0])
        np.testing.assert_array_equal(found[1], other[1])
