import keras

from tests.cells.oracle import UNITS, assert_agrees, assert_equals_stock
from tests.reference import cells as reference
from zoo.cells import GRUCell


def test_agrees_with_the_equation():
    assert_agrees(GRUCell(UNITS), reference.gru)


def test_equals_keras_own():
    assert_equals_stock(GRUCell(UNITS), keras.layers.GRU(UNITS, return_sequences=True, return_state=True))
