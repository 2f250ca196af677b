"""The child-sum Tree-LSTM against the float64 recursion; any number of children, in any order."""

from itertools import permutations

import numpy as np
import pytest
from keras import ops

from tests.cells.tree.forest import BINARY, BROAD, UNITS, assert_agrees, built, drawn, walked
from zoo.cells.tree.child_sum_tree_lstm import ChildSumTreeLSTM


@pytest.mark.parametrize("embedding_size", [None, 3])
def test_agrees_with_the_equations(embedding_size):
    assert_agrees("child_sum_tree_lstm", [*BINARY, *BROAD, *drawn(3, arity=4)], embedding_size=embedding_size)


def test_the_order_of_children_does_not_matter_and_who_they_are_does():
    composition, entries = built("child_sum_tree_lstm")
    tree = ((1, 2), 3, 4, 4)
    states = [walked(composition, entries, order)[-1] for order in permutations(tree)]
    for state in states:
        np.testing.assert_allclose(state, states[0], rtol=1e-5, atol=1e-6)
    for other in (((1, 2), 3, 4), ((1, 2), 3, 4, 5), ((1, 3), 2, 4, 4)):
        assert np.abs(walked(composition, entries, other)[-1] - states[0]).max() > 1e-3


@pytest.mark.parametrize("children", [1, 2, 3, 4])
def test_children_that_are_not_there_change_nothing(children):
    composition, entries = built("child_sum_tree_lstm")
    states = ops.convert_to_numpy(composition.leaf(ops.convert_to_tensor(entries)))[None, 1 : 1 + children]
    more = np.concatenate([states, 0 * states, 0 * states], axis=1)
    alone, among = (ops.convert_to_numpy(composition(ops.convert_to_tensor(array))) for array in (states, more))
    np.testing.assert_allclose(among, alone, rtol=1e-5, atol=1e-6)


def test_forget_gates_start_open():
    composition = ChildSumTreeLSTM(UNITS)
    composition.build((None, None, composition.state_size))
    assert ops.convert_to_numpy(composition.forget_bias).tolist() == [1.0] * UNITS
    assert ops.convert_to_numpy(composition.bias).tolist() == [0.0] * 3 * UNITS
