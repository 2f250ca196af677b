"""Transcripts against the listing of every path."""

import numpy as np
import pytest

from tests.reference import ctc as reference
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.decoding.ctc import transcribes, transcripts
from zoo.inference.predict import predict
from zoo.models.ctc_recognizer import ctc_recognizer
from zoo.models.many_to_many import many_to_many


@pytest.fixture
def outputs(random):
    """Of 4, 1 and no steps; scores are no log-probabilities, and padding is not to be read."""
    scores = [random.normal(size=(5, 4), scale=2.0).astype("float32") + shift for shift in (3.0, 0.0, 1.0)]
    for array, length in zip(scores, (4, 1, 0), strict=True):
        array[length:] = 50.0
    return [{"scores": s, "mask": np.arange(5) < n} for s, n in zip(scores, (4, 1, 0), strict=True)]


@pytest.mark.each_backend
def test_a_wide_beam_finds_the_likeliest_of_all_with_their_probabilities(outputs):
    for output, found in zip(outputs[:2], transcripts(outputs, beam_width=64, n_best=3), strict=False):
        listed = reference.transcripts(output["scores"][output["mask"]])
        best = sorted(listed.items(), key=lambda pair: -pair[1])[:3]
        assert [tuple(symbols) for symbols, _ in found] == [symbols for symbols, _ in best]
        np.testing.assert_allclose([gain for _, gain in found], np.log([share for _, share in best]), rtol=1e-4)


def test_fewer_are_told_where_there_are_no_more(outputs):
    _, one_step, none = transcripts(outputs, beam_width=16, n_best=8)
    assert sorted(symbols for symbols, _ in one_step) == [[], [1], [2], [3]]
    assert none == [([], 0.0)]


def test_what_special_symbols_tell_apart_is_one_text(outputs):
    vocabulary = Vocabulary([])
    assert len(vocabulary) == 4
    ((text, gain), (other, _)) = transcripts(outputs[1:2], vocabulary, beam_width=16, n_best=4)[0]
    listed = reference.transcripts(outputs[1]["scores"][:1])
    # "" is the blank, the start and the end; only the unknown symbol is seen.
    assert {text, other} == {"", vocabulary.tokens[1]}
    expected = {"": listed[()] + listed[2,] + listed[3,], vocabulary.tokens[1]: listed[1,]}
    assert np.exp(gain) == pytest.approx(expected[text], rel=1e-4)


@pytest.mark.each_backend
def test_greedy_is_the_likeliest_path(outputs):
    for output, ((symbols, gain),) in zip(outputs, transcripts(outputs, beam_width=1), strict=True):
        path, log_probability = reference.best_path(output["scores"][output["mask"]])
        assert tuple(symbols) == path
        assert gain == pytest.approx(log_probability, abs=1e-4)


def test_beams_add_up_paths():
    """Two paths of one transcript together are likelier than the likeliest path, which is another's."""
    scores = np.log([[0.6, 0.4], [0.6, 0.4]]).astype("float32")  # blank, blank: 0.36; the symbol: 0.64
    outputs = [{"scores": scores, "mask": np.ones(2, "bool")}]
    assert transcripts(outputs, beam_width=1)[0][0][0] == []
    (symbols, gain), *_ = transcripts(outputs, beam_width=4)[0]
    assert symbols == [1]
    assert np.exp(gain) == pytest.approx(0.64, rel=1e-5)


def test_many_of_any_length(random):
    outputs = []
    for length in random.integers(1, 80, 130):
        scores = np.full((80, 3), -9.0, "float32")
        scores[np.arange(80), np.arange(80) % 2] = 9.0  # blank, 1, blank, 1 ...
        outputs.append({"scores": scores, "mask": np.arange(80) < length})
    for output, ((symbols, _),) in zip(outputs, transcripts(outputs, beam_width=1), strict=True):
        assert symbols == [1] * (output["mask"].sum() // 2)


def test_vocabularies_name_symbols_and_predictions_tell_them(random):
    vocabulary = Vocabulary(["four", "seven"])
    model = ctc_recognizer(features=2, outputs=len(vocabulary), units=3)
    assert transcribes(model)
    assert not transcribes(many_to_many(features=2))
    long, short = (random.normal(size=(length, 2)).astype("float32") for length in (6, 2))
    # Whatever it hears, the head says "seven" at every step.
    model.get_layer("head").bias.assign([0, 0, 0, 0, 0, 9])
    one, two = predict(model, [long, short], vocabularies={"labels": vocabulary})
    assert (one.output, two.output) == ("seven", "seven")
    assert one.probability == pytest.approx(one.probabilities["seven"])
    assert 1 < len(one.probabilities) <= 5
    assert sum(one.probabilities.values()) <= 1
    assert two.probability > 0.99
    assert predict(model, [long])[0].output == [5]


@pytest.mark.parametrize("beams", [{"beam_width": 0}, {"beam_width": 2, "n_best": 3}])
def test_beams_that_cannot_be(outputs, beams):
    with pytest.raises(ValueError, match="A beam is 1 or wider"):
        transcripts(outputs, **beams)
