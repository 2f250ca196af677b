"""Beam search against every output there is, against greedy, and against itself."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.decoding import table
from tests.decoding.table import END, OWN, SIZE, START, WORDS, OpenTable, Table, decode, prefixes, said, sources
from zoo.decoding.beam_search import BeamSearch
from zoo.decoding.greedy import Greedy
from zoo.models.encoder_decoder import EncoderDecoder
from zoo.models.language_model import LanguageModel

pytestmark = pytest.mark.each_backend
CHANCES = table.table(kinds=4, length=4)
LOOKS = table.looks()
ROWS = (0, 1, 2, 3)
LOWEST = -1e29
# Of two words a beam of 16 holds all prefixes of three tokens, and what may follow them.
TWO = (4, 5)
OTHERS = tuple(word for word in WORDS if word not in TWO)
ALLOWED = np.random.default_rng(3).random((SIZE, SIZE)) < 0.7
ALLOWED[:, END] = True


def search(chances=CHANCES, inputs=None, looking=None, beam_width=SIZE, **arguments):
    decoder = BeamSearch(Table(chances, looking), beam_width=beam_width, **arguments)
    return decode(decoder, inputs or sources(ROWS))


def assert_equals(result, row, expected, n_best, **penalties):
    for number, output in enumerate(expected[:n_best]):
        assert said(result, row, number) == output.tokens, (row, number)
        np.testing.assert_allclose(result["scores"][row, number], output.score(**penalties), rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(result["log_probabilities"][row, number], output.log_p, rtol=1e-5, atol=1e-5)
        assert result["finished"][row, number] == output.finished
        if output.alignment is not None:
            found = result["trace"]["alignment"][row, number]
            np.testing.assert_allclose(
                found[: len(output.alignment), : output.alignment.shape[1]], output.alignment, atol=1e-5
            )
            assert (found[len(output.alignment) :] == 0).all()
    for number in range(len(expected), n_best):  # there is no more
        assert said(result, row, number) == ()
        assert result["scores"][row, number] < LOWEST
        assert not result["finished"][row, number]


@pytest.mark.parametrize("penalty", [0.0, 0.7, -0.5])
def test_a_beam_that_holds_everything_finds_the_best_of_everything(penalty):
    """All thirteen words, outputs of at most two tokens: 183 of them."""
    result = search(maximum_length=2, length_penalty=penalty, n_best=6)
    for row in ROWS:
        expected = table.ranked(table.everything(CHANCES, row, 2), length_penalty=penalty)
        assert len(expected) == 1 + 13 + 13 * 13
        assert_equals(result, row, expected, 6, length_penalty=penalty)


RULES = {
    "length": ({"length_penalty": 1.0}, {}, None),
    "minimum": ({"length_penalty": -1.0}, {"minimum_length": 2}, table.long_enough(2)),
    "once": ({}, {"no_repeat_ngram": 1}, table.repeats_nothing(1)),
    "pairs": (
        {},
        {"no_repeat_ngram": 2, "minimum_length": 3},
        table.all_of(table.repeats_nothing(2), table.long_enough(3)),
    ),
    "followers": ({"length_penalty": 0.5}, {"allowed_next": ALLOWED}, table.follows(ALLOWED)),
}


@pytest.mark.parametrize("name", RULES)
def test_the_same_under_every_rule_and_after_prefixes_of_any_length(name):
    penalties, rules, may = RULES[name]
    given = [(), (4,), (5, 4), (4, 5)]
    if name == "followers":
        given = [row if all(table.follows(ALLOWED)(row[:n]) for n in range(1, len(row) + 1)) else () for row in given]
        assert max(map(len, given)) > 0
    arguments = {**penalties, **rules, "maximum_length": 4, "banned_tokens": OTHERS, "n_best": 6}
    result = search(inputs={**sources(ROWS), **prefixes(*given)}, **arguments)
    for row in ROWS:
        outputs = table.everything(CHANCES, row, 4, words=TWO, given=given[row], may=may or (lambda said: True))
        assert_equals(result, row, table.ranked(outputs, **penalties), 6, **penalties)


OPEN_RULES = {
    "pairs": (
        {"no_repeat_ngram": 2, "minimum_length": 2},
        table.all_of(table.repeats_nothing(2), table.long_enough(2)),
    ),
    "banned": (
        {"banned_tokens": (1, 4, 5), "no_repeat_ngram": 1},
        table.all_of(table.repeats_nothing(1), lambda said: said[-1] not in (1, 4, 5)),
    ),
}


@pytest.mark.parametrize("name", OPEN_RULES)
def test_what_sources_offer_is_searched_with_what_the_vocabulary_holds(name):
    """Rows of three, one, no and two places, under a beam that is wider than all there is to say."""
    rules, may = OPEN_RULES[name]
    places, given, penalties = (3, 1, 0, 2), [(), (), (5,), (OWN + 1,)], {"length_penalty": 0.7}
    if name == "banned":
        given[2] = ()
    decoder = BeamSearch(OpenTable(CHANCES), beam_width=45, n_best=6, maximum_length=3, **penalties, **rules)
    result = decode(decoder, {**sources(ROWS, places), **prefixes(*given)})
    for row, count in zip(ROWS, places, strict=True):
        outputs = table.everything(
            table.on_offer(CHANCES, count), row, 3, words=table.open_words(count), may=may, given=given[row]
        )
        assert_equals(result, row, table.ranked(outputs, **penalties), 6, **penalties)
    if name == "pairs":  # whatever the widths of the others
        alone = decode(decoder, {**sources([0], [3], width=5), **prefixes(())})
        np.testing.assert_array_equal(alone["tokens"][0], result["tokens"][0])


def test_the_penalty_of_what_is_not_covered():
    """Rows of three, two and one place; twelve outputs of three tokens, all held to the end."""
    penalties, places = {"coverage_penalty": 0.8, "length_penalty": 0.6}, (3, 2, 1, 3)
    inputs = sources(ROWS, places)
    result = search(inputs=inputs, looking=LOOKS, maximum_length=3, banned_tokens=OTHERS, n_best=8, **penalties)
    changed = 0
    for row in ROWS:
        outputs = table.everything(CHANCES, row, 3, words=TWO, looking=LOOKS, places=places[row])
        expected = table.ranked(outputs, **penalties)
        assert_equals(result, row, expected, 8, **penalties)
        changed += expected[0].tokens != table.ranked(outputs)[0].tokens
    assert changed  # or the penalty was not seen


def test_a_beam_of_one_is_greedy():
    chances = table.table(kinds=6, length=12, seed=2)
    inputs = {**sources(range(6)), **prefixes((), (7,), (), (5, 5), (), (9, 4, 9))}
    rules = {"maximum_length": 12, "minimum_length": 4, "no_repeat_ngram": 2, "banned_tokens": (6,)}
    one = search(chances, inputs, LOOKS, beam_width=1, **rules)
    greedy = decode(Greedy(Table(chances, LOOKS), **rules), inputs)
    for name in ("tokens", "lengths", "finished"):
        np.testing.assert_array_equal(one[name], greedy[name])
    np.testing.assert_allclose(one["log_probabilities"], greedy["log_probabilities"], rtol=1e-5)
    np.testing.assert_allclose(one["trace"]["alignment"], greedy["trace"]["alignment"], atol=1e-6)


def test_an_output_that_ended_early_keeps_its_score():
    """It ends at once with 0.6, or says 4, of 0.4, and then goes on with certainty: by hand."""
    chances = np.full((1, 4, SIZE, SIZE), -1e9, "float32")
    chances[0, 0, START, [END, 4]] = np.log([0.6, 0.4])
    chances[0, 1:, 4, 4] = 0.0
    result = search(chances, sources([0]), beam_width=3, maximum_length=4, n_best=2)
    assert [said(result, 0, n) for n in range(2)] == [(), (4, 4, 4, 4)]
    np.testing.assert_allclose(result["scores"][0], np.log([0.6, 0.4]), rtol=1e-6)
    assert result["finished"][0].tolist() == [True, False]
    # Divided by ((5 + 4) / 6)^3 the longer one is better; the end of the other counts as one token.
    result = search(chances, sources([0]), beam_width=3, maximum_length=4, length_penalty=3.0, n_best=2)
    np.testing.assert_allclose(result["scores"][0], [np.log(0.4) / 1.5**3, np.log(0.6)], rtol=1e-6)


class Stubborn(BeamSearch):
    """Never gives up before the longest output."""

    def _can_improve(self, carry):
        return ops.ones_like(super()._can_improve(carry))


@pytest.mark.parametrize("penalties", [{"length_penalty": 0.8, "coverage_penalty": 0.3}, {"length_penalty": -0.5}])
def test_stopping_early_loses_nothing(penalties):
    chances = table.table(kinds=6, length=20, seed=5)
    chances[..., END] += 3.0
    arguments = {"beam_width": 4, "n_best": 3, "maximum_length": 20, **penalties}
    inputs = sources(range(6))
    early = decode(BeamSearch(Table(chances, LOOKS), **arguments), inputs)
    late = decode(Stubborn(Table(chances, LOOKS), **arguments), inputs)
    assert (early["search"]["steps"] < 20).all()
    assert (late["search"]["steps"] == 20).all()
    np.testing.assert_array_equal(early["tokens"], late["tokens"])
    np.testing.assert_allclose(early["scores"], late["scores"], rtol=1e-6)


def test_a_row_is_searched_as_if_it_were_alone():
    """Whatever the other rows and their number, and whatever padding stands behind its source."""
    chances = table.table(kinds=6, length=6, seed=7)
    arguments = {"beam_width": 4, "n_best": 2, "maximum_length": 6, "coverage_penalty": 0.4, "length_penalty": 0.6}
    decoder = BeamSearch(Table(chances, LOOKS), **arguments)
    together = decode(decoder, sources(range(6), [3, 1, 2, 3, 2, 1], width=5))
    for rows, places in (([4], [2]), ([5, 1], [1, 1]), ([2, 0, 3], [2, 3, 3])):
        some = decode(decoder, sources(rows, places))
        for name in ("tokens", "lengths", "finished"):
            np.testing.assert_array_equal(some[name], together[name][rows])
        np.testing.assert_allclose(some["scores"], together["scores"][rows], rtol=1e-6)
        alignment = together["trace"]["alignment"][rows]
        np.testing.assert_allclose(some["trace"]["alignment"], alignment[..., :3], atol=1e-6)
        assert (alignment[..., 3:] == 0).all()


def test_alignments_and_scores_are_those_of_the_outputs_stepped_again():
    """Through a real model whose steps need the alignment before, one output at a time."""
    keras.utils.set_random_seed(4)
    model = EncoderDecoder(
        source_vocabulary_size=9,
        target_vocabulary_size=9,
        attention="location",
        input_feeding=True,
        units=4,
        embedding_size=4,
    )
    for number, weight in enumerate(model.trainable_weights):
        weight.assign(np.random.default_rng(number).normal(size=weight.shape, scale=0.7))
    source = np.array([[4, 5, 6, 7], [8, 4, 0, 0]], "int32")
    result = decode(BeamSearch(model, beam_width=4, n_best=3, maximum_length=6), {"source": source})
    assert len({said(result, row, n) for row in range(2) for n in range(3)}) >= 4
    for row in range(2):
        inputs = {"source": source[row : row + 1, : (source[row] > 0).sum()], "target": np.array([[START]], "int32")}
        context = model.encode(keras.tree.map_structure(ops.convert_to_tensor, inputs))
        for number in range(3):
            tokens = [*said(result, row, number), *([END] if result["finished"][row, number] else [])]
            state, total, before = model.start(context, 6), 0.0, START
            for t, token in enumerate(tokens):
                scores, state, trace = model.step(ops.convert_to_tensor([before], "int32"), state, context)
                total += table.log_softmax(ops.convert_to_numpy(scores)[0])[token]
                expected = ops.convert_to_numpy(trace["alignment"])[0]
                found = result["trace"]["alignment"][row, number, t]
                np.testing.assert_allclose(found[: len(expected)], expected, atol=1e-5)
                assert (found[len(expected) :] == 0).all()
                before = token
            np.testing.assert_allclose(result["log_probabilities"][row, number], total, rtol=1e-5)


def test_what_was_kept_at_every_step_leads_to_the_best():
    """Along the parents from its end; the record is what a picture of the search is drawn from."""
    result = search(beam_width=3, maximum_length=4)
    kept = result["search"]
    for row in ROWS:
        tokens = [*said(result, row), *([END] if result["finished"][row, 0] else [])]
        last = len(tokens) - 1
        ends = np.flatnonzero(kept["tokens"][row, last] == tokens[-1])
        paths = []
        for slot in ends:
            path = [kept["tokens"][row, last, slot]]
            parent = kept["parents"][row, last, slot]
            for t in reversed(range(last)):
                path.append(kept["tokens"][row, t, parent])
                parent = kept["parents"][row, t, parent]
            paths.append((path[::-1], kept["log_probabilities"][row, last, slot]))
        assert any(path == tokens and np.isclose(log_p, result["log_probabilities"][row, 0]) for path, log_p in paths)


def test_equals_keep_their_order():
    """Everything is as likely as everything: tokens by their ids, what ended first before what came after."""
    chances = np.zeros((1, 2, SIZE, SIZE), "float32")
    result = search(chances, sources([0]), beam_width=4, n_best=4, maximum_length=2)
    assert [said(result, 0, n) for n in range(4)] == [(), (1,), (1, 1), (1, 4)]


def test_a_model_that_reads_nothing_is_searched_too():
    model = LanguageModel(vocabulary_size=6, units=3, layers=1)
    result = decode(BeamSearch(model, beam_width=3, n_best=2, maximum_length=3), prefixes((4,), ()))
    assert result["tokens"].shape == (2, 2, 3)
    assert (result["tokens"][0, :, 0] == 4).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"beam_width": 17}, "`beam_width` is at most 16, the size of the vocabulary. Received: 17"),
        ({"beam_width": 2, "n_best": 3}, "`n_best` lies between 1 and `beam_width`. Received: 3 and 2"),
        ({"beam_width": 0}, "`n_best` lies between 1 and `beam_width`"),
        ({"coverage_penalty": -1.0}, "`coverage_penalty` is finite and 0 or above. Received: -1.0"),
        ({"coverage_penalty": float("inf")}, "`coverage_penalty` is finite and 0 or above. Received: inf"),
        ({"length_penalty": float("nan")}, "`length_penalty` is a finite number. Received: nan"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        BeamSearch(Table(CHANCES), **wrong)


def test_what_it_cannot_search_it_says():
    with pytest.raises(ValueError, match=r"this model emits Bernoulli: use Greedy or Sampling"):
        BeamSearch(LanguageModel(features=2, units=2, layers=1))
    with pytest.raises(ValueError, match="`coverage_penalty` needs a model with attention; this one has none. Use 0"):
        search(coverage_penalty=0.5, maximum_length=2)
