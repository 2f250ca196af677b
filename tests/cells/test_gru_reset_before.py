import keras

from tests.cells.oracle import UNITS, assert_agrees, assert_equals_stock
from tests.reference import cells as reference
from zoo.cells import GRUResetBeforeCell


def test_agrees_with_the_equation():
    assert_agrees(GRUResetBeforeCell(UNITS), reference.gru_reset_before)


def test_equals_keras_own():
    stock = keras.layers.GRU(UNITS, reset_after=False, return_sequences=True, return_state=True)
    assert_equals_stock(GRUResetBeforeCell(UNITS), stock)
