"""How much of a word's vector goes into a sentence, against the loop of the equation."""

import numpy as np
import pytest
from keras import ops

from tests.reference import memory_network as reference
from zoo.layers.sentence_encoding import ENCODINGS

UNITS = 3
SENTENCES = np.array([[[4, 2, 9, 5], [7, 7, 0, 0]], [[3, 0, 0, 0], [0, 0, 0, 0]]], "int32")
EACH = pytest.mark.parametrize("name", ENCODINGS)


def shares(name, tokens, units=UNITS):
    found = ops.convert_to_numpy(ENCODINGS[name](ops.convert_to_tensor(tokens), units))
    return np.broadcast_to(found, (*tokens.shape, units))


@EACH
def test_agrees_with_the_equations(name):
    found = shares(name, SENTENCES)
    for place in np.ndindex(SENTENCES.shape[:2]):
        words = np.count_nonzero(SENTENCES[place])
        if words:
            expected = getattr(reference, name)(words, UNITS)
            np.testing.assert_allclose(found[place][:words], expected, rtol=1e-6, atol=1e-6)
        assert (found[place][words:] == 0).all()


@EACH
def test_more_padding_changes_nothing(name):
    padded = np.pad(SENTENCES, [(0, 0), (0, 0), (0, 3)])
    np.testing.assert_array_equal(shares(name, padded)[:, :, :4], shares(name, SENTENCES))
    assert (shares(name, padded)[:, :, 4:] == 0).all()


def test_words_do_not_count_by_their_places_in_a_bag_and_do_otherwise():
    one, other = shares("bag", SENTENCES)[0, 0], shares("position", SENTENCES)[0, 0]
    assert (one == 1).all()
    # The first feature falls from the first word to the last, the last one rises (section 4.1).
    assert (np.diff(other[:, 0]) < 0).all()
    assert (np.diff(other[:, -1]) > 0).all()


def test_a_question_is_one_sentence():
    np.testing.assert_array_equal(shares("position", SENTENCES[:, 0]), shares("position", SENTENCES)[:, 0])


@pytest.mark.parametrize(("words", "units"), [(1, 20), (6, 20), (11, 50)])
def test_the_scale_is_that_of_the_authors_code(words, units):
    """1 + 4 (k - (d + 1) / 2) (j - (J + 1) / 2) / (d J), but for 1 / d and 1 / J; the mean is the bag's."""
    found = shares("position", np.ones((1, words), "int32"), units)[0].astype("float64")
    j, k = np.arange(1, words + 1)[:, None], np.arange(1, units + 1)
    code = 1 + 4 * (k - (units + 1) / 2) * (j - (words + 1) / 2) / (units * words)
    assert abs(found - code).max() <= 1 / units + 1 / words + 1e-6
    assert found.mean() == pytest.approx(1, abs=1 / (units * words) + 1e-6)
