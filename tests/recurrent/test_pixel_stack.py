"""Layers over a picture: their order and what joins them, shorter beginnings, and steps in values and in gradients."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, with_drawn_weights
from tests.gradients import gradients, weighed, weight_gradients
from zoo.recurrent.pixel_stack import SCAN_ORDERS, PixelStack

BATCH, SHAPE, UNITS = 2, (6, 6), 3
EACH = pytest.mark.parametrize("scan_order", SCAN_ORDERS)


def built(scan_order, shape=SHAPE, **options):
    return with_drawn_weights(PixelStack(scan_order, shape, UNITS, kernel=3, **options), (None, None, 1))


def stepped(stack, values):
    state, said = stack.start(values.shape[0]), []
    for t in range(values.shape[1]):
        vectors, state = stack.step(values[:, t], state)
        said.append(vectors)
    return ops.stack(said, axis=1)


@EACH
@pytest.mark.parametrize("residual", [False, True])
def test_its_parts_follow_each_other(scan_order, residual):
    stack, values = built(scan_order, layers=2, residual=residual), draw(BATCH, 36, 1)
    grid = stack.convolution(values.reshape(BATCH, 6, 6, 1))
    for n, layer in enumerate(stack.layers):
        grid = grid + stack.projections[n](layer(grid)) if residual else layer(grid)
    found = numpy(stack(values))
    assert found.shape == (BATCH, 36, 2 * UNITS if residual else UNITS)
    np.testing.assert_allclose(found.reshape(BATCH, 6, 6, -1), numpy(grid), rtol=1e-5, atol=1e-5)


@EACH
def test_a_beginning_is_read_as_within_the_whole(scan_order):
    stack, values = built(scan_order, layers=2), draw(BATCH, 36, 1)
    for steps in (1, 6, 17):
        np.testing.assert_allclose(
            numpy(stack(values[:, :steps])), numpy(stack(values))[:, :steps], rtol=1e-5, atol=1e-5
        )


@EACH
@pytest.mark.parametrize("shape", [SHAPE, (1, 4), (4, 1)])
def test_steps_are_the_whole(scan_order, shape):
    stack = built(scan_order, shape, layers=2, residual=True)
    values = draw(BATCH, shape[0] * shape[1], 1)
    found = numpy(stepped(stack, ops.convert_to_tensor(values)))
    np.testing.assert_allclose(found, numpy(stack(values)), rtol=1e-5, atol=1e-5)


@EACH
@pytest.mark.each_backend
def test_their_gradients_are_those_of_the_whole(scan_order):
    """Over a picture of several rows, by what is read and by every weight."""
    stack = built(scan_order, (3, 3), layers=2, residual=True)
    values, upstream = draw(BATCH, 9, 1), draw(BATCH, 9, 2 * UNITS, seed=9)
    _, (one,) = gradients(lambda v: weighed(stack(v), upstream), values)
    _, (other,) = gradients(lambda v: weighed(stepped(stack, v), upstream), values)
    np.testing.assert_allclose(other, one, rtol=1e-4, atol=1e-5)
    given = ops.convert_to_tensor(values)
    _, expected = weight_gradients(lambda: weighed(stack(given), upstream), stack.trainable_variables)
    _, found = weight_gradients(lambda: weighed(stepped(stack, given), upstream), stack.trainable_variables)
    assert len(expected) == len(stack.trainable_variables)
    for name, gradient in expected.items():
        assert np.abs(gradient).max() > 1e-4, name
        np.testing.assert_allclose(found[name], gradient, rtol=1e-4, atol=1e-5, err_msg=name)


@pytest.mark.tensorflow  # which does not trace the other half of `cond` here
def test_where_a_row_begins_the_row_above_is_read_once(monkeypatch):
    """Nowhere else, however long the row: the costly part of a diagonal step."""
    stack, values, begun = built("diagonal", (3, 4)), draw(BATCH, 12, 1), []
    begin = stack.layers[0].begin_row
    monkeypatch.setattr(stack.layers[0], "begin_row", lambda state: begun.append(place) or begin(state))
    state = stack.start(BATCH)
    for place in range(12):
        _, state = stack.step(ops.convert_to_tensor(values[:, place]), state)
    assert begun == [4, 8]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("spiral", SHAPE, 3), "spiral"),
        (("row", (6, 0), 3), r"`picture_shape` is \(height, width\) in pixels. Received: \(6, 0\)"),
        (("row", (6, 6, 1), 3), r"Received: \(6, 6, 1\)"),
        (("row", SHAPE, 0), "must be at least 1. Received: layers=1, units=0"),
    ],
)
def test_what_cannot_be(arguments, message):
    with pytest.raises(ValueError, match=message):
        PixelStack(*arguments)


def test_its_configuration_makes_it_again():
    stack = PixelStack("row", (4, 3), 5, layers=2, kernel=5, residual=True)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(stack))
    again.build((None, None, 1))
    assert (again.picture_shape, again.width, len(again.layers), again.convolution.above) == ((4, 3), 10, 2, 2)
