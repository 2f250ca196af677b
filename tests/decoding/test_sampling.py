"""Draws against the chances of the table: frequencies, limits, seeds, and the stream."""

import numpy as np
import pytest

from tests.decoding import table
from tests.decoding.table import END, SIZE, START, WORDS, OpenTable, Table, decode, prefixes, said, sources
from zoo.decoding.greedy import Greedy
from zoo.decoding.sampling import Sampling
from zoo.models.language_model import LanguageModel

pytestmark = pytest.mark.each_backend
LENGTH = 6
CHANCES = table.table(kinds=3, length=LENGTH, seed=4, sharpness=1.0)
INPUTS = sources(range(3))


def expected(scores, temperature=1.0, top_k=0, top_p=1.0):
    """The chances of the tokens that may be said, in float64 by sorting."""
    scores = scores.astype("float64") / temperature
    chances = np.zeros(SIZE)
    may = [*WORDS, END]
    chances[may] = np.exp(scores[may] - scores[may].max())
    order = np.argsort(-chances)
    if top_k:
        chances[order[top_k:]] = 0
    chances /= chances.sum()
    mass, kept = 0.0, np.zeros(SIZE, bool)
    for token in order:
        if mass < top_p:
            kept[token] = True
        mass += chances[token]
    chances[~kept] = 0
    return chances / chances.sum()


@pytest.mark.parametrize(
    "arguments", [{}, {"temperature": 0.5, "top_k": 9}, {"temperature": 1.7, "top_p": 0.7}, {"top_k": 5, "top_p": 0.6}]
)
def test_tokens_come_as_often_as_their_chances_say(arguments):
    """Of the first token, and of the second after the likeliest first one: Pearson's chi-square, five sigma."""
    count = 4000
    decoder = Sampling(Table(CHANCES), maximum_length=2, samples=count, seed=1, **arguments)
    drawn = decode(decoder, INPUTS)["tokens"]
    assert drawn.shape == (3, count, 2)
    for row in range(3):
        first = np.where(drawn[row, :, 0] == 0, END, drawn[row, :, 0])
        likeliest = np.bincount(first[first != END]).argmax()
        second = drawn[row, first == likeliest, 1]
        for found, scores in (
            (first, CHANCES[row, 0, START]),
            (np.where(second == 0, END, second), CHANCES[row, 1, likeliest]),
        ):
            chances = expected(scores, **arguments)
            counts = np.bincount(found, minlength=SIZE)
            assert counts[chances == 0].sum() == 0
            wanted = chances[chances > 0] * len(found)
            distance = ((counts[chances > 0] - wanted) ** 2 / wanted).sum()
            freedom = len(wanted) - 1
            assert distance < freedom + 5 * np.sqrt(2 * freedom) + 5


@pytest.mark.parametrize("arguments", [{"top_k": 1}, {"top_k": 99, "top_p": 1e-6}])
def test_its_limit_is_greedy_of_what_sources_offer_too(arguments):
    """However many columns there are, which a compiled step does not know beforehand."""
    sampling = Sampling(OpenTable(CHANCES), seed=3, maximum_length=LENGTH, **arguments)
    greedy = Greedy(OpenTable(CHANCES), maximum_length=LENGTH)
    for width, places in ((3, (3, 1, 2)), (6, (0, 6, 5))):
        inputs = sources(range(3), places, width=width)
        drawn, likeliest = (decode(decoder, inputs) for decoder in (sampling, greedy))
        np.testing.assert_array_equal(drawn["tokens"], likeliest["tokens"])


@pytest.mark.parametrize("arguments", [{"temperature": 1e-4}, {"top_k": 1}, {"top_p": 1e-6}])
def test_its_limit_is_greedy(arguments):
    rules = {"maximum_length": LENGTH, "no_repeat_ngram": 1, "minimum_length": 3}
    drawn = decode(Sampling(Table(CHANCES), seed=3, samples=2, **rules, **arguments), INPUTS)
    greedy = decode(Greedy(Table(CHANCES), **rules), INPUTS)
    for sample in range(2):
        np.testing.assert_array_equal(drawn["tokens"][:, sample], greedy["tokens"][:, 0])
        np.testing.assert_allclose(drawn["scores"][:, sample], greedy["scores"][:, 0], rtol=1e-5)


def test_a_seed_decides_every_call_in_its_order():
    one, same, other = (Sampling(Table(CHANCES), maximum_length=LENGTH, samples=3, seed=s) for s in (5, 5, 6))
    calls = [[decoder.predict_on_batch(INPUTS)["tokens"] for _ in range(2)] for decoder in (one, same, other)]
    for number in range(2):
        np.testing.assert_array_equal(calls[0][number], calls[1][number])
        assert not np.array_equal(calls[0][number], calls[2][number])
    assert not np.array_equal(calls[0][0], calls[0][1])


def test_scores_are_the_models_own_log_probabilities():
    """Not those of what was sharpened, cut or forbidden."""
    decoder = Sampling(Table(CHANCES), maximum_length=LENGTH, samples=4, seed=2, temperature=2.0, top_k=6)
    result = decode(decoder, {**INPUTS, **prefixes((4, 5), (), (9,))})
    assert len({said(result, 1, n) for n in range(4)}) == 4
    for row in range(3):
        for number in range(4):
            tokens = (*said(result, row, number), *([END] if result["finished"][row, number] else []))
            assert tokens[: (2, 0, 1)[row]] == ((4, 5), (), (9,))[row]
            log_p = table.log_probability(CHANCES, row, tokens)
            np.testing.assert_allclose(result["scores"][row, number], log_p, rtol=1e-5)
            np.testing.assert_allclose(result["log_probabilities"][row, number], log_p, rtol=1e-5)


def test_frames_are_drawn_by_their_own_chances():
    model = LanguageModel(features=2, units=3, layers=1)
    model.read_out.bias.assign([2.0, -1.0])
    model.read_out.kernel.assign(np.zeros((3, 2)))
    decoder = Sampling(model, maximum_length=3, samples=1500, seed=1)
    drawn = decode(decoder, {"target": np.zeros((1, 1, 2), "float32")})["tokens"]
    assert drawn.shape == (1, 1500, 3, 2)
    means, chances = drawn[0].mean(0), 1 / (1 + np.exp([-2.0, 1.0]))
    np.testing.assert_allclose(means, np.tile(chances, (3, 1)), atol=5 * np.sqrt(0.25 / 1500))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_stream_is_what_predict_says_with_the_same_seed(seed):
    arguments = {"maximum_length": LENGTH, "no_repeat_ngram": 2, "top_k": 7, "seed": seed}
    for row, given in ((0, ()), (1, (4, 9))):
        inputs = {**sources([row]), **prefixes(given)}
        whole = Sampling(Table(CHANCES), **arguments).predict_on_batch(inputs)
        told = list(Sampling(Table(CHANCES), **arguments).tokens(inputs))
        assert tuple(told) == said(whole, 0)
        assert tuple(told[: len(given)]) == given


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"temperature": 0.0}, "`temperature` is finite and above 0; for the likeliest use Greedy. Received: 0.0"),
        ({"temperature": float("nan")}, "`temperature` is finite and above 0"),
        ({"temperature": float("inf")}, "`temperature` is finite and above 0"),
        ({"samples": 10**9}, "`samples` is at most 10,000 at a time. Received: 1,000,000,000"),
        ({"top_p": 0.0}, r"`top_p` is a share in \(0, 1\]. Received: 0.0"),
        ({"top_p": 1.5}, "Received: 1.5"),
        ({"top_k": -1}, "`top_k` is 0 or more, `samples` 1 or more. Received: -1 and 1"),
        ({"samples": 0}, "Received: 0 and 0"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        Sampling(Table(CHANCES), **wrong)


def test_what_is_about_tokens_is_refused_for_frames():
    model = LanguageModel(features=2, units=2, layers=1)
    with pytest.raises(ValueError, match="top_k and top_p choose among tokens; this model emits Bernoulli"):
        Sampling(model, top_k=3)
    with pytest.raises(ValueError, match="Only tokens are streamed; this model emits Bernoulli"):
        next(Sampling(model).tokens({"target": np.zeros((1, 1, 2), "float32")}))
