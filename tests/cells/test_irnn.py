import numpy as np
from keras import ops

from tests.cells.oracle import FEATURES, UNITS, assert_agrees, draw
from tests.reference import cells as reference
from zoo.cells import IRNNCell


def test_agrees_with_the_equation():
    assert_agrees(IRNNCell(UNITS), reference.irnn)


def test_starts_as_the_identity_with_small_input_weights():
    cell = IRNNCell(UNITS)
    cell.build((None, 1000))
    np.testing.assert_array_equal(ops.convert_to_numpy(cell.recurrent_kernel), np.eye(UNITS))
    assert 0.0009 < ops.convert_to_numpy(cell.kernel).std() < 0.0011
    assert (ops.convert_to_numpy(cell.bias) == 0).all()


def test_copies_a_positive_state_before_training():
    cell = IRNNCell(UNITS)
    state = np.abs(draw(2, UNITS))
    output, _ = cell(ops.zeros((2, FEATURES)), [ops.convert_to_tensor(state)])
    np.testing.assert_array_equal(ops.convert_to_numpy(output), state)


def test_another_start_can_be_chosen():
    cell = IRNNCell(UNITS, kernel_initializer="ones", recurrent_initializer="zeros")
    cell.build((None, FEATURES))
    assert (ops.convert_to_numpy(cell.kernel) == 1).all()
    assert (ops.convert_to_numpy(cell.recurrent_kernel) == 0).all()
