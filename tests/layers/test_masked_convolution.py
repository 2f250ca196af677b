"""The masked convolution against loops over taps; nothing behind a place is read; steps are the whole."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.gradients import gradients
from tests.reference.pixels import masked_convolution
from zoo.layers.masked_convolution import MaskedConvolution

BATCH, HEIGHT, WIDTH, FEATURES, FILTERS = 2, 4, 5, 2, 3
KERNELS = pytest.mark.parametrize("kernel", [(1, 1), (1, 3), (3, 1), (3, 3), (5, 7), (7, 7)])


def built(kernel):
    return with_drawn_weights(MaskedConvolution(FILTERS, kernel), (None, HEIGHT, WIDTH, FEATURES))


@KERNELS
def test_it_is_the_sum_over_what_is_before(kernel):
    layer, grid = built(kernel), draw(BATCH, HEIGHT, WIDTH, FEATURES)
    found, weights = numpy(layer(grid)), weights_by_name(layer)
    for row in range(BATCH):
        expected = masked_convolution(grid[row], weights["kernel"], weights["bias"], kernel[0] // 2, kernel[1] // 2)
        np.testing.assert_allclose(found[row], expected, rtol=1e-5, atol=1e-5)


def test_a_place_reads_itself_and_what_is_before_it_within_the_kernel():
    layer, grid = built((3, 3)), draw(1, HEIGHT, WIDTH, FEATURES)
    _, (gradient,) = gradients(lambda g: ops.sum(layer(g)[:, 2, 2]), grid)
    read = {tuple(place) for place in np.argwhere(np.abs(gradient[0]).max(-1) > 0).tolist()}
    assert read == {(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)}


@KERNELS
def test_place_by_place_is_the_whole(kernel):
    layer, grid = built(kernel), draw(BATCH, HEIGHT, WIDTH, FEATURES)
    rows, found = layer.start(BATCH, WIDTH), np.zeros((BATCH, HEIGHT, WIDTH, FILTERS))
    for row in range(HEIGHT):
        rows = layer.begin_row(rows) if row else rows
        for column in range(WIDTH):
            said, rows = layer.step(grid[:, row, column], ops.full((BATCH,), column, dtype="int32"), rows)
            found[:, row, column] = numpy(said)
    np.testing.assert_allclose(found, numpy(layer(grid)), rtol=1e-5, atol=1e-5)


def test_what_cannot_be():
    with pytest.raises(ValueError, match=r"two odd numbers, rows and columns. Received: \(3, 2\)"):
        MaskedConvolution(2, (3, 2))
    with pytest.raises(ValueError, match="`filters` must be at least 1. Received: filters=0"):
        MaskedConvolution(0)


def test_its_configuration_makes_it_again():
    layer = MaskedConvolution(3, (5, 3), bias_initializer="ones")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    again.build((None, 2, 2, 1))
    assert (again.filters, again.above, again.beside, again.taps) == (3, 2, 1, 8)
    assert numpy(again.bias).tolist() == [1, 1, 1]
