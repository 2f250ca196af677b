import numpy as np
from keras import ops

from tests.cells.oracle import FEATURES, UNITS, assert_agrees, draw, with_drawn_weights
from tests.reference import cells as reference
from zoo.cells import CoupledLSTMCell, LSTMCell


def test_agrees_with_the_equation():
    assert_agrees(CoupledLSTMCell(UNITS), reference.coupled_lstm)


def test_has_three_quarters_of_the_weights_of_an_lstm():
    coupled, full = CoupledLSTMCell(UNITS), LSTMCell(UNITS)
    coupled.build((None, FEATURES))
    full.build((None, FEATURES))
    assert 4 * coupled.count_params() == 3 * full.count_params()


def test_the_forget_gate_starts_open():
    cell = CoupledLSTMCell(UNITS)
    cell.build((None, FEATURES))
    np.testing.assert_array_equal(ops.convert_to_numpy(cell.bias), np.repeat([1, 0, 0], UNITS))


def test_the_memory_never_leaves_the_range_of_what_is_written():
    """With i = 1 - f the memory is a weighted mean of candidates in [-1, 1]."""
    cell = with_drawn_weights(CoupledLSTMCell(UNITS))
    states = [ops.convert_to_tensor(draw(2, UNITS)), ops.ones((2, UNITS))]
    for t in range(20):
        _, states = cell(draw(2, FEATURES, seed=t, scale=20.0), states)
        assert np.abs(ops.convert_to_numpy(states[1])).max() <= 1.0
