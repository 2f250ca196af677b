import numpy as np
from keras import ops

from tests.cells.oracle import FEATURES, UNITS, assert_agrees
from tests.reference import cells as reference
from zoo.cells import PeepholeLSTMCell


def test_agrees_with_the_equation():
    assert_agrees(PeepholeLSTMCell(UNITS), reference.peephole_lstm)


def test_starts_as_a_plain_lstm_with_an_open_forget_gate():
    cell = PeepholeLSTMCell(UNITS)
    cell.build((None, FEATURES))
    for peephole in (cell.input_peephole, cell.forget_peephole, cell.output_peephole):
        assert (ops.convert_to_numpy(peephole) == 0).all()
    np.testing.assert_array_equal(ops.convert_to_numpy(cell.bias), np.repeat([0, 1, 0, 0], UNITS))
