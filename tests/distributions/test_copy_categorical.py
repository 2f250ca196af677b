"""Tokens that come with the source: those that are not on offer are never said, drawn or paid for."""

import numpy as np
import pytest
from keras import ops

from tests.gradients import gradients, weighed
from zoo.distributions.categorical import Categorical
from zoo.distributions.copy_categorical import CopyCategorical
from zoo.ops.logits import LOWEST

SIZE, OFFERED = 5, (3, 1, 0)
SCORES = np.random.default_rng(0).normal(size=(3, SIZE + 3)).astype("float32")
MAY = np.arange(SIZE + 3) < SIZE + np.array(OFFERED)[:, None]


def masked():
    return np.where(MAY, SCORES, LOWEST).astype("float32")


def test_log_probabilities_are_over_what_is_on_offer():
    output, found = CopyCategorical(SIZE), ops.convert_to_numpy(CopyCategorical(SIZE).log_probs(masked()))
    for row, count in enumerate(OFFERED):
        scores = SCORES[row, : SIZE + count].astype("float64")
        expected = scores - np.log(np.exp(scores).sum())
        np.testing.assert_allclose(found[row, : SIZE + count], expected, rtol=1e-5, atol=1e-6)
        last = ops.convert_to_numpy(output.log_prob(masked(), np.full(3, SIZE + count - 1)))
        assert last[row] == pytest.approx(expected[-1], rel=1e-5)
    assert (found[~MAY] < LOWEST / 2).all()
    assert (output.has_copy_ids, Categorical(SIZE).has_copy_ids) == (True, False)


def test_what_is_not_on_offer_is_neither_drawn_nor_the_likeliest():
    output = CopyCategorical(SIZE)
    for uniform in np.linspace(0, 1, 9, endpoint=False):
        drawn = ops.convert_to_numpy(output.sample(masked(), np.full(3, uniform, "float32")))
        assert MAY[np.arange(3), drawn].all()
    np.testing.assert_array_equal(ops.convert_to_numpy(output.mode(masked())), masked().argmax(-1))


def test_what_has_no_weight_costs_nothing_though_it_is_not_on_offer():
    """As padding: its loss is enormous, its share and its gradient are 0."""
    values, weights = np.array([SIZE + 2, SIZE + 2, 1], "int32"), np.array([1.0, 0.0, 1.0], "float32")
    loss, (gradient,) = gradients(lambda s: weighed(CopyCategorical(SIZE).loss(s, values), weights), masked())
    assert 0 < loss < 20
    assert (gradient[1] == 0).all()
    assert (gradient[~MAY] == 0).all()
    assert np.isfinite(gradient).all()


def test_nothing_is_spread_over_what_may_not_be_said():
    assert CopyCategorical(SIZE, 0.0).size == SIZE
    with pytest.raises(ValueError, match=r"use label_smoothing=0. Received: 0.1"):
        CopyCategorical(SIZE, 0.1)
