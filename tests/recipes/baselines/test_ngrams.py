from math import log

import numpy as np
import pytest

from zoo.recipes.baselines.ngrams import ngrams

A, B = 4, 5


def test_two_letters_by_hand():
    # After the start A, after A once A and once B. Of 6 ids, with the empty context seen 3 times, in 2 kinds:
    #   p(A) = (2 + 2 / 6) / 5,  p(B) = (1 + 2 / 6) / 5;  p(A | A) = (1 + 2 p(A)) / 4,  p(A | start) = (1 + p(A)) / 2
    train = [np.array([A, A, B])]
    unigram = (2 + 2 / 6) / 5
    expected = -(log((1 + unigram) / 2) + log((1 + 2 * unigram) / 4)) / 2
    assert ngrams(train, [np.array([A, A])], order=2, size=6) == pytest.approx(expected)


def test_an_unseen_context_is_left_for_a_shorter_one():
    train = [np.array([A, A, B])]
    first = (1 + (1 + 2 / 6) / 5 * 1) / 2 - 1 / 2  # B after the start, where only A was seen
    expected = -(log(first) + log((2 + 2 / 6) / 5)) / 2  # nothing was seen after B
    assert ngrams(train, [np.array([B, A])], order=2, size=6) == pytest.approx(expected)


@pytest.mark.parametrize("order", [1, 2, 4])
def test_chances_add_up_to_one(order, random):
    train = [random.integers(4, 9, 50)]
    opening = random.integers(4, 9, 6)
    size = 9
    one = ngrams(train, [opening], order=order, size=size) * len(opening)
    both = [ngrams(train, [np.append(opening, last)], order=order, size=size) * 7 - one for last in range(size)]
    assert np.exp(-np.array(both)).sum() == pytest.approx(1)


def test_longer_contexts_know_more():
    train, test = [np.array([A, B] * 20)], [np.array([A, B] * 5)]
    assert ngrams(train, test, order=2, size=6) < 0.2 < ngrams(train, test, order=1, size=6)
