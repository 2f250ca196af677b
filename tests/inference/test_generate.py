"""Texts in, texts out: every form of input, every model, and what is refused."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest

import zoo
from tests.conftest import ROOT
from tests.models import eagerly
from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.decoding import BeamSearch, Greedy

SOURCE = Vocabulary(["a", "cold", "old", "house", "sees", "the", "man"])
TARGET = Vocabulary(["ein", "kaltes", "altes", "haus", "sieht"])
PAIR = {"source": SOURCE, "target": TARGET}
TEXTS = ["a man", "the old man sees a cold house", "a", "the house", "old old old old", "the man sees", "cold"]
TINY = {"units": 4, "embedding_size": 4}


either_way = eagerly.either_way


def drawn(model, scale=0.8):
    for number, weight in enumerate(model.trainable_weights):
        weight.assign(np.random.default_rng(number + 10).normal(size=weight.shape, scale=scale))
    return model


@pytest.fixture(scope="module")
def translator():
    sizes = {"source_vocabulary_size": len(SOURCE), "target_vocabulary_size": len(TARGET), "maximum_source": 9}
    return drawn(zoo.build("encoder_decoder", **sizes, **TINY, cell="gru"))


@pytest.fixture(scope="module")
def writer():
    return drawn(zoo.build("language_model", vocabulary_size=len(TARGET), **TINY, layers=1))


@pytest.fixture(scope="module")
def beam(translator):
    return BeamSearch(translator, beam_width=4, n_best=3, maximum_length=6)


def assert_same(one, other):
    assert (one.tokens, one.text, one.finished, one.source) == (other.tokens, other.text, other.finished, other.source)
    assert one.score == pytest.approx(other.score, rel=1e-5)
    assert one.log_probability == pytest.approx(other.log_probability, rel=1e-5)
    np.testing.assert_allclose(one.alignment, other.alignment, atol=1e-5)


@pytest.fixture(scope="module")
def alone(translator, beam):
    """What each text is answered when it is the only one."""
    return [zoo.generate(translator, [text], decoder=beam, vocabularies=PAIR, batch_size=1)[0] for text in TEXTS]


@pytest.fixture
def wide_floats():
    """Keras' `floatx` as keras.json may have it; what is computed has the dtype of its policy all the same."""
    keras.config.dtype_policy()  # is made of the narrow ones
    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx(before)


DECODERS = {
    "greedy": {"no_repeat_ngram": 2},
    "sampling": {"samples": 3, "seed": 4, "top_k": 4, "no_repeat_ngram": 2},
    "beam_search": {"beam_width": 3, "n_best": 2, "no_repeat_ngram": 2, "coverage_penalty": 0.1},
}


@pytest.mark.parametrize("decoder", DECODERS)
def test_decoders_do_not_depend_on_floatx(translator, decoder, request):
    def write():
        options = {"decoder": decoder, "maximum_length": 6, "vocabularies": PAIR, **DECODERS[decoder]}
        return [[one.tokens for one in outputs] for outputs in zoo.generate(translator, TEXTS[:2], **options)]

    narrow = write()
    request.getfixturevalue("wide_floats")
    assert write() == narrow


@pytest.mark.parametrize("output", ["gaussian", "mixture"])
def test_frames_are_drawn_whatever_floatx_is(output, wide_floats):
    model = drawn(
        zoo.build("encoder_decoder", source_features=2, target_features=1, output=output, units=4, dropout=0.0)
    )
    options = {"decoder": "sampling", "samples": 2, "seed": 1, "maximum_length": 3}
    ((first, second),) = zoo.generate(model, [{"source": np.ones((4, 2), "float32")}], **options)
    assert first.tokens.shape == second.tokens.shape == (3, 1)
    assert np.isfinite(first.tokens).all() and (first.tokens != second.tokens).any()


@pytest.mark.each_backend
@pytest.mark.parametrize("batch_size", [2, 64])
def test_answers_come_in_the_order_of_the_texts_whatever_their_lengths(translator, beam, alone, batch_size):
    found = zoo.generate(translator, TEXTS, decoder=beam, vocabularies=PAIR, batch_size=batch_size)
    assert len(found) == len(TEXTS)
    for text, answers, expected in zip(TEXTS, found, alone, strict=True):
        assert len(answers) == 3
        assert [a.score for a in answers] == sorted((a.score for a in answers), reverse=True)
        for answer, one in zip(answers, expected, strict=True):
            assert_same(answer, one)
            assert answer.source == text.split()
            assert answer.text == " ".join(answer.tokens)
            assert set(answer.tokens) <= set(TARGET.tokens) - {"<pad>", "<start>", "<end>"}
            assert answer.alignment.shape == (len(answer.tokens), len(text.split()))
            np.testing.assert_allclose(answer.alignment.sum(1), 1, rtol=1e-4)
    assert len({answers[0].text for answers in found}) > 1


def test_texts_token_lists_and_dicts_are_the_same(translator, beam, alone):
    forms = [[text.split() for text in TEXTS], [{"source": text, "note": 3} for text in TEXTS]]
    for form in forms:
        found = zoo.generate(translator, form[:3], decoder=beam, vocabularies=PAIR)
        for answers, expected in zip(found, alone, strict=False):
            for one, other in zip(answers, expected, strict=True):
                assert_same(one, other)


def test_prefixes_are_gone_on_from(either_way, translator):
    given = ["", "altes haus", "ein", "sieht sieht sieht"]
    arguments = {"vocabularies": PAIR, "decoder": "greedy", "maximum_length": 6}
    found = zoo.generate(translator, TEXTS[:4], prefixes=given, **arguments)
    by_dict = [{"source": text, "target": start} for text, start in zip(TEXTS, given, strict=False)]
    for (one,), (other,), start in zip(found, zoo.generate(translator, by_dict, **arguments), given, strict=True):
        assert_same(one, other)
        assert one.text.startswith(start)
        assert len(one.tokens) <= 6


def test_without_vocabularies_there_are_ids(either_way, translator):
    found = zoo.generate(translator, [{"source": [4, 5]}, {"source": [6]}], maximum_length=4)
    named = zoo.generate(translator, ["a cold", "old"], vocabularies=PAIR, maximum_length=4)
    for (one,), (other,) in zip(found, named, strict=True):
        assert [TARGET.tokens[token] for token in one.tokens] == other.tokens
        assert (one.text, one.source) == (None, None)


def test_a_model_that_reads_nothing_writes_any_number(either_way, writer):
    arguments = {"vocabularies": {"target": TARGET}, "decoder": "sampling", "seed": 3, "maximum_length": 5}
    found = zoo.generate(writer, 6, **arguments)
    assert len(found) == 6
    assert len({answer.text for (answer,) in found}) > 1
    assert found == zoo.generate(writer, 6, **arguments)
    begun = zoo.generate(writer, ["ein", "", "altes haus"], **arguments)
    assert [
        answer.text.startswith(start) for (answer,), start in zip(begun, ["ein", "", "altes haus"], strict=True)
    ] == [True] * 3
    assert begun == zoo.generate(writer, 3, prefixes=["ein", "", "altes haus"], **arguments)
    assert begun == zoo.generate(writer, [{"target": text} for text in ("ein", "", "altes haus")], **arguments)
    assert all(answer.alignment is None and answer.trace == {} for (answer,) in found)


def test_classes_by_their_names(either_way):
    labels, vocabularies = Labels(["de", "ru", "zh"]), {"target": Vocabulary(list("abc"), level="character")}
    model = drawn(zoo.build("one_to_many", vocabulary_size=7, classes=3, conditioning_size=3, **TINY))
    vocabularies["label"] = labels
    found = zoo.generate(model, ["zh", "de", "zh"], vocabularies=vocabularies, maximum_length=5)
    assert found[0][0] == found[2][0]
    assert found == zoo.generate(
        model, [{"label": name} for name in ("zh", "de", "zh")], vocabularies=vocabularies, maximum_length=5
    )
    assert found[0][0].text == "".join(found[0][0].tokens)
    assert found[0][0].source is None
    with pytest.raises(ValueError, match="example 1: label 'dee' was never seen in training; the closest of 3 is 'de'"):
        zoo.generate(model, ["zh", "dee"], vocabularies=vocabularies)


def test_numbers_and_vectors(either_way):
    number = drawn(zoo.build("one_to_many", vocabulary_size=len(TARGET), vector_size=1, conditioning_size=3, **TINY))
    plain, listed = (
        zoo.generate(number, given, vocabularies={"target": TARGET}, maximum_length=4)
        for given in ([3, 0.5], [[3.0], [0.5]])
    )
    assert plain == listed
    with pytest.raises(ValueError, match="example 1: vector must be a finite number"):
        zoo.generate(number, [3, float("nan")], vocabularies={"target": TARGET})


def test_frames_are_written(either_way):
    model = drawn(zoo.build("language_model", features=3, units=4, layers=1))
    start = np.array([[1, 0, 1], [0, 1, 1]], "float32")
    found = zoo.generate(model, [start, None, start[:1]], maximum_length=5)
    for (answer,), given in zip(found, (start, start[:0], start[:1]), strict=True):
        assert answer.tokens.shape == (5, 3)
        np.testing.assert_array_equal(answer.tokens[: len(given)], given)
        assert (answer.text, answer.finished) == (None, False)


def test_frames_are_read(either_way, random):
    """Of any lengths: padding is told from silence by the lengths."""
    model = drawn(zoo.build("encoder_decoder", source_features=2, target_vocabulary_size=len(TARGET), **TINY))
    frames = [random.normal(size=(length, 2)).astype("float32") for length in (3, 6, 1)]
    greedy = Greedy(model, maximum_length=4)
    together = zoo.generate(model, frames, decoder=greedy, vocabularies={"target": TARGET})
    for (answer,), one in zip(together, frames, strict=True):
        ((expected,),) = zoo.generate(model, [{"source": one}], decoder=greedy, vocabularies={"target": TARGET})
        assert answer.text == expected.text
        assert answer.score == pytest.approx(expected.score, rel=1e-5)


@pytest.mark.parametrize("batch_size", [3, 64])
def test_progress_is_reported_after_every_batch(translator, monkeypatch, batch_size):
    reports = []
    sizes = range(0, len(TEXTS), batch_size)
    batches = [(list(range(len(TEXTS)))[start : start + batch_size], {}) for start in sizes]
    monkeypatch.setattr("zoo.inference.generate._decoded", lambda *_: iter(batches))
    monkeypatch.setattr("zoo.inference.codec.TextCodec.hypotheses", lambda *_: [])
    zoo.generate(
        translator, TEXTS, vocabularies=PAIR, batch_size=batch_size, on_batch=lambda *counts: reports.append(counts)
    )
    assert reports == [(min(start + batch_size, len(TEXTS)), len(TEXTS)) for start in sizes]


def test_streams_and_counts_are_bounded(writer):
    with pytest.raises(ValueError, match="`maximum_length` is at most 100,000"):
        next(zoo.stream(writer, "", vocabularies={"target": TARGET}, maximum_length=10**9))
    for count in (10**9, -1):
        with pytest.raises(ValueError, match="Outputs are 0 to 1,000,000 at a time. Received: "):
            zoo.generate(writer, count)


def test_nothing_in_nothing_out(translator, writer):
    assert zoo.generate(translator, [], vocabularies=PAIR) == []
    assert zoo.generate(writer, 0) == []


@pytest.mark.parametrize(
    ("inputs", "arguments", "error", "message"),
    [
        ("a man", {}, TypeError, "`inputs` is a list. Received one text: 'a man'. Put it in a list"),
        (["a", ""], {}, ValueError, "example 1: source needs at least one token, received: ''"),
        (["a", "a " * 10], {}, ValueError, "example 1: source must have at most 9 tokens, received: 10"),
        (["a", 3], {}, ValueError, "example 1: source must be a text or a list of tokens, received: 3"),
        ([{"text": "a"}], {}, ValueError, r"example 0: every example needs 'source', received: \['text'\]"),
        (["a"], {"decoder": "greddy"}, ValueError, "Unknown decoder: 'greddy'. Did you mean 'greedy'"),
        (
            ["a"],
            {"vocabularies": {**PAIR, "target": SOURCE}},
            ValueError,
            "does not belong to this model: it has 11 target tokens, the model 9",
        ),
        (["a"], {"prefixes": ["ein", "ein"]}, ValueError, "Every input has a prefix or none has. Received: 2, 1"),
        (
            ["a", "a"],
            {"prefixes": ["", "ein haus"], "maximum_length": 2},
            ValueError,
            "Beginning 1 has 2 tokens, and the output at most 2",
        ),
        (
            ["a", "a"],
            {"prefixes": ["", "haus"], "banned_tokens": [7]},
            ValueError,
            "Input 1: The prefix holds token 7 at position 0, which is banned",
        ),
        (["a"], {"maximum_length": 0}, ValueError, "`maximum_length` must be at least 1"),
        (["a"], {"beam_width": 3}, TypeError, "beam_width"),
    ],
)
def test_wrong_inputs_are_told_by_name(translator, inputs, arguments, error, message):
    with pytest.raises(error, match=message):
        zoo.generate(translator, inputs, **{"vocabularies": PAIR, **arguments})


def test_a_stream_is_the_text_piece_by_piece(translator, writer):
    arguments = {"vocabularies": PAIR, "maximum_length": 8, "temperature": 1.3, "top_k": 5, "seed": 4}
    pieces = list(zoo.stream(translator, "the man", **arguments))
    ((whole,),) = zoo.generate(translator, ["the man"], decoder="sampling", **arguments)
    assert "".join(pieces) == whole.text
    assert len(pieces) == len(whole.tokens) > 1
    assert all(piece.startswith(" ") for piece in pieces[1:])
    begun = list(zoo.stream(writer, "altes haus", vocabularies={"target": TARGET}, maximum_length=5, seed=1))
    assert begun[:2] == ["altes", " haus"]


FRESH = """
import json, sys, zoo
run = zoo.load(sys.argv[1])
found = run.generate(json.loads(sys.argv[2]), decoder="beam_search", beam_width=4, n_best=3, maximum_length=6)
print(json.dumps([[[a.text, a.score, a.finished, a.alignment.tolist()] for a in answers] for answers in found]))
"""


@pytest.mark.slow
@pytest.mark.each_backend
def test_a_saved_run_says_the_same_in_a_fresh_process(tmp_path, translator, beam):
    zoo.save(tmp_path, translator, vocabularies=PAIR)
    command = [sys.executable, "-c", FRESH, str(tmp_path), json.dumps(TEXTS[:3])]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    expected = zoo.generate(translator, TEXTS[:3], decoder=beam, vocabularies=PAIR)
    for answers, others in zip(json.loads(run.stdout), expected, strict=True):
        for (text, score, finished, alignment), other in zip(answers, others, strict=True):
            assert (text, finished) == (other.text, other.finished)
            assert score == pytest.approx(other.score, rel=1e-6)
            np.testing.assert_allclose(alignment, other.alignment, atol=1e-6)


def test_words_that_no_vocabulary_holds_are_copied_by_a_saved_run(either_way, tmp_path):
    sizes = {"source_vocabulary_size": len(SOURCE), "target_vocabulary_size": len(TARGET), "attention": "coverage"}
    model = drawn(zoo.build("encoder_decoder", **sizes, **TINY, copying="pointer_generator"))
    model.copies.gate.bias.assign([9.0])
    vocabularies = {"source": SOURCE, "target": CopyVocabulary(TARGET.tokens[4:])}
    run = zoo.load(zoo.save(tmp_path, model, vocabularies=vocabularies))
    texts = ["the man sees Kelpar", "Mora Mora", "a Bex haus"]
    arguments = {"decoder": "beam_search", "beam_width": 12, "n_best": 2, "maximum_length": 4, "minimum_length": 2}
    found = run.generate(texts, **arguments)
    lent = set()
    for text, answers in zip(texts, found, strict=True):
        assert len(answers) == 2
        for answer in answers:
            assert answer.source == text.split()
            assert answer.text == " ".join(answer.tokens)
            assert set(answer.tokens) <= {*text.split(), *TARGET.tokens} - {"<pad>", "<start>", "<end>"}
            assert answer.trace["copy_gate"].shape == (len(answer.tokens) + answer.finished,)
            lent |= set(answer.tokens) & {"Kelpar", "Mora", "Bex"}
    assert len(lent) > 1
    scores = zoo.score(
        run, [{"source": text, "target": answers[0].text} for text, answers in zip(texts, found, strict=True)]
    )
    for score, (best, _) in zip(scores, found, strict=True):
        said = score.token_log_probabilities[: len(best.tokens) + best.finished]
        assert said.sum() == pytest.approx(best.log_probability, rel=1e-4, abs=1e-4)
    pieces = list(zoo.stream(run, texts[1], maximum_length=4, top_k=1))
    assert "".join(pieces) == run.generate(texts[1:2], maximum_length=4)[0][0].text
    with pytest.raises(
        ValueError, match="example 1: the target's 'Kelpar' is in neither the vocabulary nor the source"
    ):
        zoo.score(run, [{"source": texts[0], "target": "Kelpar"}, {"source": texts[1], "target": "Kelpar"}])


def test_a_run_generates_with_its_own_vocabularies(either_way, tmp_path, translator):
    run = zoo.load(zoo.save(tmp_path, translator, vocabularies=PAIR))
    found = run.generate(["the man"], maximum_length=4)
    assert found[0][0].text == zoo.generate(translator, ["the man"], vocabularies=PAIR, maximum_length=4)[0][0].text
    assert "".join(zoo.stream(run, "the man", maximum_length=4, top_k=1)) == found[0][0].text
    assert isinstance(run.model, keras.Model)
