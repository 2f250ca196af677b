from itertools import product
from math import lgamma

import numpy as np
import pytest

from zoo.data.synthetic.algorithms.ngrams import bayes, bayes_bits, draw

SIZE = 7


def every(size=SIZE):
    """All sequences of bits."""
    return np.array(list(product((0, 1), repeat=size)), "float32")[..., None]


def probability(bits, context):
    """Of a sequence: every table integrated out,

    p = 2^-context prod_c B(N_1 + 1/2, N_0 + 1/2) / B(1/2, 1/2),   log B(a, b) = lgamma(a) + lgamma(b) - lgamma(a + b)
    """
    counts = {}
    for place in range(context, len(bits)):
        counts.setdefault(tuple(bits[place - context : place]), [0.5, 0.5])[int(bits[place])] += 1
    beta = lambda a, b: lgamma(a) + lgamma(b) - lgamma(a + b)  # noqa: E731
    return np.exp(sum(beta(*pair) - beta(0.5, 0.5) for pair in counts.values())) / 2 ** min(context, len(bits))


@pytest.mark.parametrize("context", [0, 1, 2, 5, 9])
def test_bits_of_all_sequences_are_those_of_their_exact_probabilities(context):
    exact = np.array([probability(bits[:, 0], context) for bits in every()])
    assert exact.sum() == pytest.approx(1)
    np.testing.assert_allclose(2.0 ** -bayes_bits(every(), context=context), exact, rtol=1e-10)


def test_sequences_occur_as_often_as_they_should(random):
    drawn = draw(4, 40_000, random, context=1)[1][..., 0].astype(int)
    found = np.bincount(drawn @ [8, 4, 2, 1], minlength=16) / len(drawn)
    exact = np.array([probability(bits[:, 0], 1) for bits in every(4)])
    # The largest standard error is 0.002.
    np.testing.assert_allclose(found, exact, atol=0.009)
    assert np.ptp(exact) > 0.1


def test_a_prediction_by_hand():
    bits = np.array([1, 0, 1, 0, 0, 1], "float32")[None, :, None]
    # Of one bit of context. After 1: 0, 0; after 0: 1, 0, 1.
    wanted = [1 / 2, 1 / 2, 1 / 2, (0 + 0.5) / 2, (1 + 0.5) / 2, (1 + 0.5) / 3]
    np.testing.assert_allclose(bayes(bits, context=1)[0, :, 0], wanted)


def test_a_step_reads_the_bit_before(random):
    inputs, targets, weights = draw(30, 20, random)
    assert inputs.shape == targets.shape == (20, 30, 1)
    np.testing.assert_array_equal(inputs[:, 1:], targets[:, :-1])
    assert not inputs[:, 0].any() and weights.all()


def test_predictions_do_not_know_what_follows(random):
    targets = draw(60, 5, random)[1]
    changed = targets.copy()
    changed[:, 40:] = 1 - changed[:, 40:]
    before, after = bayes(targets), bayes(changed)
    np.testing.assert_array_equal(before[:, :41], after[:, :41])
    assert (before[:, 41:] != after[:, 41:]).any()


def test_the_best_of_200_bits_is_that_of_the_literature(random):
    # 133 bits: Graves et al. 2014, section 4.4. The standard error is 0.8.
    assert bayes_bits(draw(200, 2000, random)[1]).mean() == pytest.approx(133.1, abs=2.5)
