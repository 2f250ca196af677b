"""The LSTM along a grid's rows against the cell's loop, and place by place."""

import keras
import numpy as np
import pytest

from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.recurrent.grids import place_by_place
from tests.reference.cells import lstm
from zoo.recurrent.raster_layer import RasterLayer

BATCH, FEATURES, UNITS = 2, 2, 3
SHAPES = pytest.mark.parametrize(("height", "width"), [(3, 4), (4, 2), (1, 3), (3, 1)])


def built(height, width):
    return with_drawn_weights(RasterLayer(UNITS), (None, height, width, FEATURES))


@SHAPES
def test_it_is_the_loop(height, width):
    layer, grid = built(height, width), draw(BATCH, height, width, FEATURES)
    found, weights = numpy(layer(grid)), weights_by_name(layer)
    assert found.shape == (BATCH, height, width, UNITS)
    for row in range(BATCH):
        expected = lstm(grid[row].reshape(-1, FEATURES), weights, np.zeros(UNITS), np.zeros(UNITS))
        np.testing.assert_allclose(found[row].reshape(-1, UNITS), expected, rtol=1e-5, atol=1e-5)


@SHAPES
def test_place_by_place_is_the_whole(height, width):
    layer, grid = built(height, width), draw(BATCH, height, width, FEATURES)
    np.testing.assert_allclose(place_by_place(layer, grid), numpy(layer(grid)), rtol=1e-5, atol=1e-5)


def test_its_configuration_makes_it_again():
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(RasterLayer(5)))
    assert again.units == 5
