"""What holds for every cell of the registry."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import BATCH, FEATURES, STEPS, UNITS, draw, numpy, walk, with_drawn_weights
from zoo.cells import CELLS
from zoo.cells.cell import Cell
from zoo.recurrent.recurrence import Recurrence

EACH = pytest.mark.parametrize("name", CELLS)


def started(cell):
    return [ops.convert_to_tensor(draw(BATCH, size, seed=n)) for n, size in enumerate(cell.state_size)]


@EACH
def test_a_step_is_its_two_halves(name):
    cell = with_drawn_weights(CELLS[name](UNITS))
    x, states = ops.convert_to_tensor(draw(BATCH, FEATURES)), started(cell)
    output, new = cell(x, states)
    halves, new_halves = cell.step(cell.project(x), states)
    np.testing.assert_array_equal(*numpy((output, halves)))
    for one, other in zip(new, new_halves, strict=True):
        np.testing.assert_array_equal(*numpy((one, other)))


@EACH
def test_parts_of_the_input_have_their_products_apart(name):
    cell = with_drawn_weights(CELLS[name](UNITS))
    inputs = draw(BATCH, FEATURES)
    first, rest = (ops.convert_to_tensor(part) for part in (inputs[:, :2], inputs[:, 2:]))
    whole = cell.project(ops.convert_to_tensor(inputs))
    np.testing.assert_allclose(*numpy((cell.project(first) + cell.product(rest, 2), whole)), rtol=1e-5, atol=1e-5)
    product = inputs @ ops.convert_to_numpy(cell.kernel)
    np.testing.assert_allclose(ops.convert_to_numpy(cell.product(ops.convert_to_tensor(inputs))), product, atol=1e-5)


@EACH
def test_shapes_are_those_that_the_cell_declares(name):
    cell = CELLS[name](UNITS)
    states = cell.get_initial_state(BATCH)
    assert [tuple(state.shape) for state in states] == [(BATCH, size) for size in cell.state_size]
    assert all((ops.convert_to_numpy(state) == 0).all() for state in states)
    output, new = cell(draw(BATCH, FEATURES), states)
    declared, declared_states = cell.compute_output_shape((BATCH, FEATURES))
    assert tuple(output.shape) == declared == (BATCH, cell.output_size)
    assert [tuple(state.shape) for state in new] == declared_states


@EACH
def test_keras_own_loop_takes_every_cell(name):
    """`keras.layers.RNN(cell)`, `Recurrence` and a walk step by step say the same."""
    cell = CELLS[name](UNITS)
    loop = keras.layers.RNN(cell, return_sequences=True, return_state=True)
    loop.build((BATCH, STEPS, FEATURES))
    with_drawn_weights(cell)
    recurrence = Recurrence(name, UNITS)
    recurrence.build((BATCH, STEPS, FEATURES))
    recurrence.set_weights(cell.get_weights())
    inputs = draw(BATCH, STEPS, FEATURES, seed=7)
    walked, after = walk(cell, inputs, cell.get_initial_state(BATCH))
    of_keras, *last_of_keras = numpy(loop(inputs))
    outputs, last = numpy(recurrence(inputs))
    np.testing.assert_allclose(of_keras, walked, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(outputs, walked, rtol=1e-5, atol=1e-5)
    for found in (last_of_keras, last):
        for one, other in zip(found, after[-1], strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


@EACH
def test_its_configuration_makes_it_again(name):
    cell = CELLS[name](UNITS, kernel_initializer="ones", recurrent_initializer="zeros", name="again")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(cell))
    assert type(again) is type(cell)
    assert again.get_config() == cell.get_config()
    again.build((None, FEATURES))
    assert again.units == UNITS
    assert (ops.convert_to_numpy(again.kernel) == 1).all()
    assert (ops.convert_to_numpy(again.recurrent_kernel) == 0).all()


@EACH
def test_no_units_is_an_error(name):
    with pytest.raises(ValueError, match=r"`units` must be at least 1. Received: units=0"):
        CELLS[name](0)


@EACH
def test_states_are_of_the_precision_of_the_computation(name):
    cell = CELLS[name](UNITS, dtype="mixed_bfloat16")
    states = cell.get_initial_state(BATCH)
    output, new = cell(draw(BATCH, FEATURES), states)
    assert {keras.backend.standardize_dtype(tensor.dtype) for tensor in [output, *states, *new]} == {"bfloat16"}
    assert {weight.dtype for weight in cell.weights} == {"float32"}


def test_a_cell_without_a_step_says_so():
    with pytest.raises(NotImplementedError):
        Cell(UNITS)(draw(BATCH, FEATURES), [ops.zeros((BATCH, UNITS))])
