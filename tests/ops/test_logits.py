"""Cuts and constraints on scores, against sorting and counting in NumPy."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras import ops

from zoo.ops.logits import LOWEST, forbid, force_tokens, keep_top_k, keep_top_p, one_hot_bool, repeats, top_k

SIZE = 8


def kept(scores):
    return ops.convert_to_numpy(scores) > LOWEST / 2


def test_what_is_forbidden_is_lowest_and_the_rest_untouched():
    scores = np.random.default_rng(0).normal(size=(2, SIZE)).astype("float32")
    forbidden = np.arange(SIZE) % 3 == 0
    found = ops.convert_to_numpy(forbid(ops.convert_to_tensor(scores), ops.convert_to_tensor(forbidden)))
    assert (found[:, forbidden] == np.float32(LOWEST)).all()
    np.testing.assert_array_equal(found[:, ~forbidden], scores[:, ~forbidden])
    assert np.isfinite(found + found).all()


@pytest.mark.each_backend
def test_the_best_come_first_and_of_equals_the_first():
    scores = np.random.default_rng(0).integers(0, 4, size=(3, 2, 40)).astype("float32")
    best, places = (ops.convert_to_numpy(found) for found in top_k(ops.convert_to_tensor(scores), 12))
    order = np.argsort(-scores, axis=-1, kind="stable")[..., :12]
    np.testing.assert_array_equal(places, order)
    np.testing.assert_array_equal(best, np.take_along_axis(scores, order, axis=-1))


def test_one_hot_of_any_shape():
    tokens = np.array([[0, 3], [7, 3]], "int32")
    np.testing.assert_array_equal(
        ops.convert_to_numpy(one_hot_bool(ops.convert_to_tensor(tokens), SIZE)), np.eye(SIZE)[tokens] > 0
    )


@given(st.integers(0, 10_000), st.integers(1, SIZE + 2))
def test_the_k_best_stay(seed, k):
    scores = np.random.default_rng(seed).normal(size=(3, SIZE)).astype("float32")
    found = keep_top_k(ops.convert_to_tensor(scores), k)
    expected = np.argsort(np.argsort(-scores)) < k
    np.testing.assert_array_equal(kept(found), expected)
    np.testing.assert_array_equal(ops.convert_to_numpy(found)[expected], scores[expected])


@pytest.mark.parametrize("k", [1, 3, SIZE, SIZE + 2])
def test_so_they_do_where_the_width_is_not_known_beforehand(k):
    given = keras.Input((None,))
    graph = keras.Model(given, keep_top_k(given, k))
    for size in (1, SIZE - 1, SIZE):
        scores = np.random.default_rng(size).normal(size=(3, size)).astype("float32")
        expected = np.argsort(np.argsort(-scores)) < k
        np.testing.assert_array_equal(kept(graph(scores)), expected)


def test_all_that_equal_the_kth_stay():
    scores = ops.convert_to_tensor(np.array([[1.0, 3.0, 2.0, 2.0, 0.0]], "float32"))
    assert kept(keep_top_k(scores, 2)).tolist() == [[False, True, True, True, False]]


@given(st.integers(0, 10_000), st.floats(0.01, 0.99))
def test_the_fewest_tokens_that_hold_the_mass_stay(seed, p):
    """In float64: less without the last of them, p or more with it. Left out where rounding decides."""
    scores = np.random.default_rng(seed).normal(size=(3, SIZE), scale=2.0).astype("float32")
    found = kept(keep_top_p(ops.convert_to_tensor(scores), p))
    for row, stays in zip(scores.astype("float64"), found, strict=True):
        chances = np.exp(row - row.max()) / np.exp(row - row.max()).sum()
        order = np.argsort(-chances)
        mass = np.cumsum(chances[order])
        count = int(np.argmax(mass >= p - 1e-6)) + 1
        assert set(np.flatnonzero(stays)) in (set(order[:count]), set(order[: int(np.argmax(mass >= p + 1e-6)) + 1]))
        assert chances[stays].sum() >= p - 1e-5
        assert chances[stays].sum() - chances[stays].min() < p + 1e-5


def test_of_equal_tokens_no_more_stay_than_the_mass_needs():
    """The first of them."""
    scores = ops.convert_to_tensor(np.log([[0.125, 0.25, 0.25, 0.25, 0.125]]).astype("float32"))
    for p, expected in ((0.2, [1]), (0.3, [1, 2]), (0.6, [1, 2, 3]), (0.8, [0, 1, 2, 3]), (0.9, [0, 1, 2, 3, 4])):
        assert np.flatnonzero(kept(keep_top_p(scores, p))[0]).tolist() == expected


def test_what_is_forbidden_already_stays_so():
    scores = np.array([[0.0, LOWEST, 1.0, LOWEST]], "float32")
    for found in (keep_top_k(ops.convert_to_tensor(scores), 3), keep_top_p(ops.convert_to_tensor(scores), 0.999)):
        assert kept(found).tolist() == [[True, False, True, False]]


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_repeats_are_those_that_a_search_finds(seed, n):
    """Whatever stands in the history from t on."""
    random = np.random.default_rng(seed)
    history = random.integers(0, 3, (4, 7)).astype("int32")
    for t in range(8):
        found = ops.convert_to_numpy(repeats(ops.convert_to_tensor(history), ops.convert_to_tensor(np.int32(t)), n, 4))
        for row, tokens in enumerate(history[:, :t].tolist()):
            grams = {tuple(tokens[i : i + n]) for i in range(t - n + 1)}
            expected = [t >= n - 1 and (*tokens[t - n + 1 :][: n - 1], token) in grams for token in range(4)]
            assert found[row].tolist() == expected, (tokens, n)


@pytest.mark.parametrize("n", [1, 3])
def test_an_empty_history_repeats_nothing(n):
    assert not ops.convert_to_numpy(repeats(ops.zeros((2, 5), "int32"), ops.convert_to_tensor(np.int32(0)), n, 4)).any()


@pytest.mark.each_backend
def test_given_tokens_are_forced_and_other_rows_stay():
    random = np.random.default_rng(0)
    free = random.normal(size=(3, 4)).astype("float32")
    scores = np.where(np.arange(4) == 1, LOWEST, free).astype("float32")
    expected = scores.copy()
    expected[0], expected[2] = [LOWEST, free[0, 1], LOWEST, LOWEST], [free[2, 0], LOWEST, LOWEST, LOWEST]
    for is_given, wanted in (([True, False, True], expected), ([False] * 3, scores)):
        arrays = scores, free, np.array([1, 2, 0], "int32"), np.array(is_given)
        forced = force_tokens(*map(ops.convert_to_tensor, arrays))
        np.testing.assert_array_equal(ops.convert_to_numpy(forced), wanted)
