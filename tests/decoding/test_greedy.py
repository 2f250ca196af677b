"""The likeliest token, step after step, against a loop in NumPy."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.decoding import table
from tests.decoding.table import (
    END,
    OWN,
    PLACES,
    SIZE,
    START,
    WORDS,
    OpenTable,
    Table,
    decode,
    prefixes,
    said,
    sources,
)
from zoo.decoding.beam_search import BeamSearch
from zoo.decoding.greedy import Greedy
from zoo.models.language_model import LanguageModel
from zoo.ops.logits import LOWEST

pytestmark = pytest.mark.each_backend
LENGTH = 8
CHANCES = table.table(kinds=5, length=LENGTH, seed=3)
CHANCES[1, 2:, :, END] += 4.0  # one row ends early
LOOKS = table.looks()
GIVEN = [(), (), (4, 9), (7,), (5, 5, 5)]


def greedy(kind, given=()):
    """Tokens, the end included if it is said, by the likeliest that may be said."""
    chosen = []
    for t in range(LENGTH):
        scores = CHANCES[kind, t, chosen[-1] if chosen else START]
        best = max((*WORDS, END), key=lambda token: scores[token])
        chosen.append(given[t] if t < len(given) else best)
        if chosen[-1] == END:
            break
    return chosen


def test_it_is_the_likeliest_at_every_step():
    decoder = Greedy(Table(CHANCES, LOOKS), maximum_length=LENGTH)
    result = decode(decoder, {**sources(range(5)), **prefixes(*GIVEN)})
    ends = []
    for row, given in enumerate(GIVEN):
        expected = greedy(row, given)
        ends.append(expected[-1] == END)
        assert said(result, row) == tuple(expected[: len(expected) - ends[-1]])
        assert result["finished"][row, 0] == ends[-1]
        log_p = table.log_probability(CHANCES, row, expected)
        np.testing.assert_allclose(result["scores"][row, 0], log_p, rtol=1e-5)
        np.testing.assert_allclose(result["log_probabilities"][row, 0], log_p, rtol=1e-5)
        seen = result["trace"]["alignment"][row, 0]
        np.testing.assert_allclose(seen[: len(expected)], LOOKS[[START, *expected[:-1]]], atol=1e-6)
        assert seen.shape == (LENGTH, PLACES)
        assert (seen[len(expected) :] == 0).all()
    assert ends[1] and not all(ends)


def test_what_a_source_offers_is_said_where_it_is_likeliest():
    """Of sources with three, one, no, two and three places; what is given beforehand may be of the source, too."""
    places, given = (3, 1, 0, 2, 3), [(), (), (5,), (OWN + 1,), ()]
    inputs = {**sources(range(5), places), **prefixes(*given)}
    rules = {"maximum_length": LENGTH, "banned_tokens": (4,), "no_repeat_ngram": 1, "minimum_length": 2}
    result = decode(Greedy(OpenTable(CHANCES), **rules), inputs)
    lent = 0
    for row, count in enumerate(places):
        chances, tokens = table.on_offer(CHANCES, count), []
        while len(tokens) < LENGTH and END not in tokens:
            scores = chances[row, len(tokens), tokens[-1] if tokens else START]
            free = [word for word in table.open_words(count) if word != 4 and word not in tokens]
            free += [END] if len(tokens) >= 2 or not free else []
            best = max(free, key=lambda token, scores=scores: scores[token])
            tokens.append(given[row][len(tokens)] if len(tokens) < len(given[row]) else best)
        lent += sum(token >= OWN for token in tokens)
        assert said(result, row) == tuple(token for token in tokens if token != END)
        assert result["finished"][row, 0] == (END in tokens)
        log_p = table.log_probability(chances, row, tokens)
        np.testing.assert_allclose(result["log_probabilities"][row, 0], log_p, rtol=1e-5)
    assert lent > 3


def test_where_a_source_has_nothing_left_to_offer_it_ends():
    """Even before the shortest output: what is not on offer is never said."""
    chances = CHANCES.copy()
    chances[..., :END] = LOWEST
    chances[..., END + 1 : OWN] = LOWEST
    rules = {"maximum_length": LENGTH, "minimum_length": 5, "no_repeat_ngram": 1}
    inputs = sources(range(5), (3, 1, 0, 2, 3))
    for decoder in (Greedy(OpenTable(chances), **rules), BeamSearch(OpenTable(chances), beam_width=9, **rules)):
        result = decode(decoder, inputs)
        assert result["lengths"][:, 0].tolist() == [3, 1, 0, 2, 3]
        assert result["finished"].all()
        assert (result["scores"] > LOWEST / 2).all()


def test_a_row_is_decoded_as_if_it_were_alone():
    decoder = Greedy(Table(CHANCES), maximum_length=LENGTH)
    together = decode(decoder, sources(range(5)))
    for row in range(5):
        alone = decode(decoder, sources([row]))
        np.testing.assert_array_equal(alone["tokens"][0], together["tokens"][row])
        np.testing.assert_allclose(alone["scores"][0], together["scores"][row], rtol=1e-6)


def test_where_every_token_is_forbidden_it_ends():
    """Two words, each once, and no end before five tokens: the rules leave nothing."""
    rules = {"banned_tokens": [word for word in WORDS if word > 4], "no_repeat_ngram": 1, "minimum_length": 5}
    result = decode(Greedy(Table(CHANCES), maximum_length=LENGTH, **rules), sources(range(5)))
    assert {said(result, row) for row in range(5)} <= {(1, 4), (4, 1)}
    assert result["finished"].all()
    for row in range(5):
        log_p = table.log_probability(CHANCES, row, (*said(result, row), END))
        np.testing.assert_allclose(result["scores"][row, 0], log_p, rtol=1e-5)


def test_frames_are_what_is_likelier_than_not():
    """To the longest output, as nothing ends; what was given stays, though it is not likely."""
    keras.utils.set_random_seed(3)
    model = LanguageModel(features=3, units=4, layers=1, cell="gru")
    given = np.full((2, 3, 3), -1.0, "float32")
    given[:, 0] = 0.0
    given[0, 1:] = [[1, 1, 1], [0, 1, 0]]
    given[1, 1] = [1, 0, 1]
    result = decode(Greedy(model, maximum_length=4), {"target": given})
    frames = result["tokens"]
    assert frames.shape == (2, 1, 4, 3)
    np.testing.assert_array_equal(frames[0, 0, :2], given[0, 1:])
    np.testing.assert_array_equal(frames[1, 0, :1], given[1, 1:2])
    assert result["lengths"].tolist() == [[4], [4]]
    assert not result["finished"].any()
    forced = np.concatenate([np.zeros((2, 1, 3)), frames[:, 0, :-1]], axis=1).astype("float32")
    scores = ops.convert_to_numpy(model({"target": ops.convert_to_tensor(forced)})["scores"]).astype("float64")
    np.testing.assert_array_equal(frames[0, 0, 2:], scores[0, 2:] > 0)
    np.testing.assert_array_equal(frames[1, 0, 1:], scores[1, 1:] > 0)
    chances = 1 / (1 + np.exp(-scores))
    log_p = np.log(np.where(frames[:, 0] == 1, chances, 1 - chances)).sum((1, 2))
    np.testing.assert_allclose(result["scores"][:, 0], log_p, rtol=1e-4)


def test_padding_and_start_are_never_said():
    chances = CHANCES.copy()
    chances[..., [0, START]] = 50.0
    result = decode(Greedy(Table(chances), maximum_length=LENGTH), sources(range(5)))
    for row in range(5):
        assert not {0, START} & set(said(result, row))
    assert result["tokens"].max() < SIZE
