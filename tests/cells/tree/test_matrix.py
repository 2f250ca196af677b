"""One matrix for every pair, against the float64 recursion."""

import numpy as np
from keras import ops

from tests.cells.tree.forest import BINARY, assert_agrees, built, drawn, walked


def test_agrees_with_the_equations():
    assert_agrees("matrix", [*BINARY, *drawn(4)])


def test_words_are_vectors_as_they_are_and_left_is_not_right():
    composition, entries = built("matrix")
    np.testing.assert_array_equal(ops.convert_to_numpy(composition.leaf(ops.convert_to_tensor(entries))), entries)
    one, other = (walked(composition, entries, tree)[-1] for tree in ((1, 2), (2, 1)))
    assert np.abs(one - other).max() > 1e-2
