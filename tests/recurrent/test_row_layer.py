"""The Row LSTM against loops over rows, columns and units, and place by place; what it reads."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.gradients import gradients
from tests.recurrent.grids import place_by_place
from tests.reference.pixels import row_layer
from zoo.recurrent.row_layer import RowLayer

BATCH, FEATURES, UNITS = 2, 2, 3
SHAPES = pytest.mark.parametrize(("height", "width"), [(3, 4), (4, 2), (1, 3), (3, 1)])


def built(height, width, **options):
    return with_drawn_weights(RowLayer(UNITS, **options), (None, height, width, FEATURES))


@SHAPES
def test_it_is_the_loop(height, width):
    layer, grid = built(height, width), draw(BATCH, height, width, FEATURES)
    found, weights = numpy(layer(grid)), weights_by_name(layer)
    assert found.shape == (BATCH, height, width, UNITS)
    for row in range(BATCH):
        np.testing.assert_allclose(found[row], row_layer(grid[row], weights, 3), rtol=1e-5, atol=1e-5)


@SHAPES
def test_place_by_place_is_the_whole(height, width):
    layer, grid = built(height, width), draw(BATCH, height, width, FEATURES)
    np.testing.assert_allclose(place_by_place(layer, grid), numpy(layer(grid)), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kernel_size", [1, 5])
def test_it_reaches_as_far_as_asked(kernel_size):
    layer, grid = built(3, 6, kernel_size=kernel_size), draw(1, 3, 6, FEATURES)
    found, weights = numpy(layer(grid))[0], weights_by_name(layer)
    np.testing.assert_allclose(found, row_layer(grid[0], weights, kernel_size), rtol=1e-5, atol=1e-5)


def test_a_place_reads_a_triangle_above_it_and_nothing_behind():
    layer, grid = built(4, 7), draw(1, 4, 7, FEATURES)
    _, (gradient,) = gradients(lambda g: ops.sum(layer(g)[:, 2, 3]), grid)
    read = {tuple(place) for place in np.argwhere(np.abs(gradient[0]).max(-1) > 0).tolist()}
    # Of its own row by the input's convolution; of each row above one further by that of the state.
    assert read == {(2, column) for column in (2, 3)} | {(1, c) for c in range(1, 5)} | {(0, c) for c in range(6)}


def test_what_cannot_be():
    with pytest.raises(ValueError, match=r"two odd numbers, rows and columns. Received: \(1, 4\)"):
        RowLayer(2, kernel_size=4)


def test_its_configuration_makes_it_again():
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(RowLayer(5, kernel_size=5)))
    assert (again.units, again.kernel_size) == (5, 5)
