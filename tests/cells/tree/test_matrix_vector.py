"""Vectors that matrices of their neighbours change, against the float64 recursion; the parts of a state."""

import numpy as np
import pytest
from keras import ops

from tests.cells.tree.forest import BINARY, UNITS, assert_agrees, built, drawn, walked
from zoo.cells.tree import COMPOSITIONS


@pytest.mark.parametrize("rank", [1, 3])
def test_agrees_with_the_equations(rank):
    assert_agrees("matrix_vector", [*BINARY, *drawn(4)], rank=rank)


def made(units=2):
    composition = COMPOSITIONS["matrix_vector"](units, rank=1)
    composition.build((None, 2, composition.state_size))
    return composition


def test_a_words_state_is_its_vector_then_its_matrix_row_by_row():
    """By hand: A = U V + diag(a), U = (2, 3), V = (5, 7), a = (10, 20)."""
    composition = made()
    assert (composition.leaf_size, composition.state_size) == (8, 6)
    word = np.array([[0.5, -0.5, 2, 3, 5, 7, 10, 20]], "float32")
    state = ops.convert_to_numpy(composition.leaf(ops.convert_to_tensor(word)))
    np.testing.assert_array_equal(state, [[0.5, -0.5, 10 + 10, 14, 15, 21 + 20]])


def test_each_matrix_changes_the_other_vector():
    """By hand: a kernel that shows B a alone, then A b alone."""
    composition = made()
    composition.kernel.assign(np.concatenate([np.eye(2), np.eye(2)]) * [[1], [1], [0], [0]])
    a, b = [0.1, 0.2, 1, 2, 3, 4], [0.3, 0.4, 0, 1, 2, 0]
    state = ops.convert_to_numpy(composition(ops.convert_to_tensor([[a, b]])))[0]
    np.testing.assert_allclose(state[:2], np.tanh([0.2, 0.2]), rtol=1e-5)  # (0 1; 2 0) (0.1, 0.2)
    composition.kernel.assign(np.concatenate([np.eye(2), np.eye(2)]) * [[0], [0], [1], [1]])
    state = ops.convert_to_numpy(composition(ops.convert_to_tensor([[a, b]])))[0]
    np.testing.assert_allclose(state[:2], np.tanh([0.3 + 0.8, 0.9 + 1.6]), rtol=1e-5)
    # Before training the matrix of both is their mean.
    np.testing.assert_allclose(state[2:], [0.5, 1.5, 2.5, 2], rtol=1e-6)


def test_matrices_start_near_the_identity_so_that_it_starts_as_one_matrix():
    composition = made(UNITS)
    entries = ops.convert_to_numpy(composition.words_start((40, composition.leaf_size), dtype="float32"))
    state = ops.convert_to_numpy(composition.leaf(ops.convert_to_tensor(entries)))
    assert np.abs(state[:, :UNITS]).max() <= 0.05
    np.testing.assert_allclose(state[:, UNITS:], np.tile(np.eye(UNITS).ravel(), (40, 1)), atol=0.06)
    matrix, _ = built("matrix")
    matrix.set_weights([composition.kernel, composition.bias])
    state = walked(composition, entries, (1, 2))
    np.testing.assert_allclose(state[-1, :UNITS], walked(matrix, entries[:, :UNITS], (1, 2))[-1], atol=0.02)


@pytest.mark.parametrize("rank", [0, 4])
def test_a_rank_that_no_matrix_has_is_an_error(rank):
    with pytest.raises(ValueError, match=f"`rank` must be 1 to `units`. Received: rank={rank}, units=3"):
        COMPOSITIONS["matrix_vector"](UNITS, rank=rank)
