from tests.cells.oracle import UNITS, assert_agrees
from tests.reference import cells as reference
from zoo.cells import SimplifiedGRUCell


def test_agrees_with_the_equation():
    assert_agrees(SimplifiedGRUCell(UNITS), reference.simplified_gru)
