"""A controller without a memory of its own, against its equation, as a cell among cells."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import BATCH, FEATURES, STEPS, UNITS, draw, numpy, walk, weights_by_name, with_drawn_weights
from tests.reference.turing_machine import feed_forward
from zoo.cells.feed_forward import FeedForwardCell


def test_agrees_with_the_equation_and_remembers_nothing():
    cell = with_drawn_weights(FeedForwardCell(UNITS))
    inputs = draw(BATCH, STEPS, FEATURES, seed=1)
    outputs, after = walk(cell, inputs, cell.get_initial_state(BATCH))
    for row in range(BATCH):
        for step in range(STEPS):
            expected, _ = feed_forward(inputs[row, step].tolist(), [], weights_by_name(cell))
            np.testing.assert_allclose(outputs[row, step], expected, rtol=1e-5, atol=1e-5)
    assert after == [[]] * STEPS
    assert [weight.name for weight in cell.weights] == ["kernel", "bias"]


def test_parts_of_the_input_have_their_products_apart():
    cell = with_drawn_weights(FeedForwardCell(UNITS))
    inputs = ops.convert_to_tensor(draw(BATCH, FEATURES))
    parts = cell.project(inputs[:, :2]) + cell.product(inputs[:, 2:], first=2)
    np.testing.assert_allclose(*numpy((cell.step(parts, [])[0], cell(inputs, [])[0])), rtol=1e-5, atol=1e-6)


def test_shapes_are_those_that_it_declares():
    cell = FeedForwardCell(UNITS, dtype="mixed_bfloat16")
    output, new = cell(draw(BATCH, FEATURES), cell.get_initial_state(BATCH))
    assert (tuple(output.shape), new) == cell.compute_output_shape((BATCH, FEATURES))
    assert keras.backend.standardize_dtype(output.dtype) == "bfloat16"


def test_its_configuration_makes_it_again():
    cell = FeedForwardCell(UNITS, kernel_initializer="ones", name="again")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(cell))
    assert again.get_config() == cell.get_config()
    again.build((None, FEATURES))
    assert (ops.convert_to_numpy(again.kernel) == 1).all()


def test_no_units_is_an_error():
    with pytest.raises(ValueError, match=r"`units` must be at least 1. Received: units=0"):
        FeedForwardCell(0)
