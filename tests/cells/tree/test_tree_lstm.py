"""The binary Tree-LSTM against the float64 recursion; who is who; its start."""

import numpy as np
import pytest
from keras import ops

from tests.cells.tree.forest import BINARY, UNITS, assert_agrees, built, drawn, walked
from zoo.cells.tree.tree_lstm import TreeLSTM


@pytest.mark.parametrize("embedding_size", [None, 3])
def test_agrees_with_the_equations(embedding_size):
    assert_agrees("tree_lstm", [*BINARY, *drawn(4)], embedding_size=embedding_size)


def test_left_is_not_right():
    composition, entries = built("tree_lstm")
    one, other = (walked(composition, entries, tree)[-1] for tree in ((1, 2), (2, 1)))
    assert np.abs(one - other).max() > 1e-2


def test_forget_gates_start_open():
    composition = TreeLSTM(UNITS)
    composition.build((None, 2, composition.state_size))
    assert ops.convert_to_numpy(composition.bias).tolist() == [0.0] * 3 * UNITS + [1.0] * 2 * UNITS
    assert ops.convert_to_numpy(composition.word_bias).tolist() == [0.0] * 3 * UNITS
