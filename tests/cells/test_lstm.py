import keras
import numpy as np
from keras import ops

from tests.cells.oracle import FEATURES, UNITS, assert_agrees, assert_equals_stock
from tests.reference import cells as reference
from zoo.cells import LSTMCell


def test_agrees_with_the_equation():
    assert_agrees(LSTMCell(UNITS), reference.lstm)


def test_equals_keras_own():
    assert_equals_stock(LSTMCell(UNITS), keras.layers.LSTM(UNITS, return_sequences=True, return_state=True))


def test_starts_as_keras_own():
    """Only the forget gate is open: i, f, g, o."""
    cell, stock = LSTMCell(UNITS), keras.layers.LSTM(UNITS)
    cell.build((None, FEATURES))
    stock.build((None, None, FEATURES))
    bias = ops.convert_to_numpy(cell.bias)
    np.testing.assert_array_equal(bias, ops.convert_to_numpy(stock.cell.bias))
    np.testing.assert_array_equal(bias, np.repeat([0, 1, 0, 0], UNITS))
