import keras

from tests.cells.oracle import UNITS, assert_agrees, assert_equals_stock
from tests.reference import cells as reference
from zoo.cells import ElmanCell


def test_agrees_with_the_equation():
    assert_agrees(ElmanCell(UNITS), reference.elman)


def test_equals_keras_own():
    assert_equals_stock(ElmanCell(UNITS), keras.layers.SimpleRNN(UNITS, return_sequences=True, return_state=True))
