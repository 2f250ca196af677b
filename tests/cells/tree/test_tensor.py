"""Children that multiply each other, against the float64 recursion."""

import numpy as np

from tests.cells.tree.forest import BINARY, UNITS, assert_agrees, built, drawn, walked


def test_agrees_with_the_equations():
    assert_agrees("tensor", [*BINARY, *drawn(4)])


def test_without_the_tensor_it_is_one_matrix():
    composition, entries = built("tensor")
    matrix, _ = built("matrix")
    assert composition.tensor.shape == (2 * UNITS, UNITS, 2 * UNITS)
    with_products = walked(composition, entries, BINARY[2])
    matrix.set_weights([composition.kernel, composition.bias])
    composition.tensor.assign(0 * composition.tensor)
    without = walked(composition, entries, BINARY[2])
    np.testing.assert_allclose(without, walked(matrix, entries, BINARY[2]), rtol=1e-5, atol=1e-6)
    assert np.abs(with_products - without)[-1].max() > 1e-2
