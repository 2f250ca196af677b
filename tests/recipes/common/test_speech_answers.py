"""The task that data are for, the errors that transcripts have, and those of a recognizer by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from zoo.data.featurizers.log_mel_spectrogram import LogMelSpectrogram
from zoo.data.splits import Splits
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.recipes.common import speech_answers
from zoo.recipes.common.speech_answers import ctc_errors, errors_of, maximum_length_of, task_of

DIGITS = Vocabulary(["four", "seven"])  # ids 4 and 5


@pytest.mark.parametrize(
    ("task", "vocabularies", "aligned"),
    [
        ("digit", {"frames": LogMelSpectrogram(), "labels": Labels(["four"])}, False),
        ("frames", {"frames": LogMelSpectrogram(), "labels": Labels(["four"])}, True),
        ("spell", {"source": LogMelSpectrogram(), "target": DIGITS}, True),
        ("ctc", {"frames": LogMelSpectrogram(), "labels": DIGITS}, False),
        ("text", {"target": DIGITS}, True),
    ],
)
def test_vocabularies_identify_the_task(task, vocabularies, aligned):
    assert task_of(SimpleNamespace(vocabularies=vocabularies, train=SimpleNamespace(aligned=aligned))) == task


@pytest.mark.parametrize(
    ("references", "outputs", "expected"),
    [
        (["47", "4"], ["4", "44"], {"digit_error": 2 / 3}),
        (["four seven", "four"], ["four", "seven four"], {"digit_error": 2 / 3}),
        # Letters count, blanks too, as soon as a single word is no digit.
        (["four", "go on"], ["four", "go in"], {"word_error": 1 / 3, "character_error": 1 / 9}),
        (["four 7"], ["four"], {"word_error": 1 / 2, "character_error": 2 / 6}),
        (["47", "go"], ["4", "go"], {"word_error": 1 / 2, "character_error": 1 / 4}),
    ],
)
def test_errors_are_counted_by_digits_or_by_words(references, outputs, expected):
    errors = {name: metric(outputs, references) for name, metric in errors_of(references).items()}
    assert errors == pytest.approx(expected)


def test_a_speller_may_write_somewhat_more_than_the_longest():
    parts = [SimpleNamespace(targets=[np.zeros(length) for length in lengths]) for lengths in ((2, 3), (4,), (9, 1))]
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        train, validation, test = (parts[number] for number in order)
        assert maximum_length_of(SimpleNamespace(train=train, validation=validation, test=test)) == 9 + 5


@pytest.fixture
def splits(monkeypatch):
    """Two strings, of which a narrow beam misses the first: its two paths together are likelier than the blank's."""
    shares = np.full((2, 2, 6), 1e-6)
    shares[0, :, [0, 4]] = [[0.6], [0.4]]  # blanks alone: 0.36; "four": 0.64
    shares[1, 0, 5], shares[1, 1, 0] = 1.0, 1.0
    outputs = [{"scores": np.log(share), "mask": np.ones(2, bool)} for share in shares]
    batches = object()

    def gather(model, evaluated):
        assert evaluated is batches
        return outputs, None

    monkeypatch.setattr(speech_answers.mapping_metrics, "gather", gather)
    raw = {"test": [], "validation": [("sound", "four"), ("sound", "seven")]}
    return Splits(train=None, test=None, validation=batches, vocabularies={"labels": DIGITS}, fingerprint="", raw=raw)


def test_beams_and_greedy_transcripts_are_both_measured(splits):
    def evaluate(batches, *, verbose, return_dict):
        return {"loss": np.float32(1.5)} if batches is splits.validation else {}

    metrics = ctc_errors(SimpleNamespace(evaluate=evaluate), splits, "validation")
    assert metrics == {
        "digit_error": 0.0,
        "exact": 1.0,
        "greedy_digit_error": 1 / 2,
        "greedy_exact": 1 / 2,
        "nats": 1.5,
    }
    assert type(metrics["nats"]) is float


def test_beams_are_wide_enough_to_add_paths_up(splits, monkeypatch):
    monkeypatch.setattr(speech_answers, "BEAM", 1)
    metrics = ctc_errors(SimpleNamespace(evaluate=lambda *_, **__: {"loss": 0.0}), splits, "validation")
    assert metrics["digit_error"] == metrics["greedy_digit_error"] == 1 / 2
