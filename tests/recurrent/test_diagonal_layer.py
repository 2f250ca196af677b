"""The Diagonal BiLSTM against loops without any skewing, and place by place; what it reads."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.gradients import gradients
from tests.recurrent.grids import place_by_place
from tests.reference.pixels import diagonal_layer
from zoo.recurrent.diagonal_layer import DiagonalLayer

BATCH, FEATURES, UNITS = 2, 2, 3
SHAPES = pytest.mark.parametrize(("height", "width"), [(3, 4), (4, 2), (1, 3), (3, 1)])


def built(height, width):
    return with_drawn_weights(DiagonalLayer(UNITS), (None, height, width, FEATURES))


@SHAPES
def test_it_is_the_loop(height, width):
    layer, grid = built(height, width), draw(BATCH, height, width, FEATURES)
    found, weights = numpy(layer(grid)), weights_by_name(layer)
    assert found.shape == (BATCH, height, width, UNITS)
    for row in range(BATCH):
        np.testing.assert_allclose(found[row], diagonal_layer(grid[row], weights), rtol=1e-5, atol=1e-5)


@SHAPES
def test_place_by_place_is_the_whole(height, width):
    layer, grid = built(height, width), draw(BATCH, height, width, FEATURES)
    np.testing.assert_allclose(place_by_place(layer, grid), numpy(layer(grid)), rtol=1e-5, atol=1e-5)


def test_a_place_reads_all_that_is_before_it_and_nothing_behind():
    layer, grid = built(3, 4), draw(1, 3, 4, FEATURES)
    _, (gradient,) = gradients(lambda g: ops.sum(layer(g)[:, 1, 2]), grid)
    read = np.abs(gradient[0]).max(-1).reshape(-1) > 0
    np.testing.assert_array_equal(read, np.arange(12) <= 1 * 4 + 2)


def test_no_place_reads_what_is_right_of_it_in_its_own_row():
    """The second LSTM does; without the step down a row that would be the future."""
    layer, grid = built(3, 4), draw(1, 3, 4, FEATURES)
    for name in ("kernel", "recurrent_kernel", "bias"):
        weight = getattr(layer, f"rightward_{name}")
        weight.assign(np.zeros(weight.shape))
    _, (gradient,) = gradients(lambda g: ops.sum(layer(g)[:, 1, 2]), grid)
    read = {tuple(place) for place in np.argwhere(np.abs(gradient[0]).max(-1) > 0).tolist()}
    assert read == {(0, 2), (0, 3)}


def test_what_cannot_be():
    with pytest.raises(ValueError, match="`units` must be at least 1. Received: units=0"):
        DiagonalLayer(0)


def test_its_configuration_makes_it_again():
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(DiagonalLayer(5)))
    assert again.units == 5
