"""Sounds of the recipe speech by split: their texts, seeds and labels; of recordings, of sets of TFDS, of tables."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from tests.runs import StoredSet
from zoo.data.featurizers.featurizer import Featurizer
from zoo.data.featurizers.log_mel_spectrogram import LogMelSpectrogram
from zoo.data.readers.spoken_digits import Recording
from zoo.data.synthetic.digit_strings import WORDS
from zoo.data.synthetic.spoken_strings import Utterance
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.recipes.common import speech_sources
from zoo.recipes.common.speech_sources import (
    SEEDS,
    LabelledSound,
    single,
    splits_of_strings,
    strings,
    texts,
    warn_of_repairs,
)
from zoo.special_ids import END

RATE = 1000
STRINGS = {"transcript": "digits", "grammar": "any", "maximum_digits": 3, "examples": 20, "seed": 0}
RECORDINGS = {"takes": 3, "held_out": None, "perturb": False}


@dataclass(frozen=True)
class Loudness(Featurizer):
    """A frame of a number for every ten samples."""

    KIND: ClassVar[str] = "loudness"

    def encode(self, value):
        _, samples = value
        return samples[::10, None].astype("float32")

    def frame_centers(self, value):
        return np.arange(0, len(value[1]), 10)


@pytest.fixture(autouse=True)
def voices(monkeypatch):
    """Recordings of 40 samples that hold a number each, of their speaker and index: 1.0, 1.1, 1.2 and 2.0, 2.1, 2.2."""
    received = []

    def generate(takes, *, seed):
        received.append((takes, seed))
        return [
            Recording(digit, f"voice{speaker}", index, RATE, np.full(40, speaker + index / 10, "float32"))
            for digit in range(10)
            for speaker in (1, 2)
            for index in range(takes)
        ]

    monkeypatch.setattr(speech_sources.voices, "generate", generate)
    return received


@pytest.fixture
def sets(stored, monkeypatch):
    """Sets of TFDS by name."""
    monkeypatch.setattr(speech_sources, "DataSet", StoredSet)
    return stored


def levels(part):
    """The numbers that the recordings of some sounds hold, silence aside."""
    numbers = np.concatenate([spoken.sound[1] for spoken in part])
    return {number for number in (1.0, 1.1, 1.2, 2.0, 2.1, 2.2) if np.isclose(numbers, number).sum() >= 30}


def test_labels_of_frames_by_hand():
    samples = np.zeros(45, "float32")
    utterance = Utterance("47", "ada", RATE, samples, np.array([(10, 20), (20, 41)]))
    spoken = LabelledSound((RATE, samples), "47", utterance)
    # Frames at the samples 0, 10, 20, 30 and 40; a digit ends before the last sample of its span.
    labels = ["silence", "four", "seven", "seven", "seven"]
    assert spoken.labels(LogMelSpectrogram(rate=RATE, stride=10.0)) == labels
    # Of a sound of another rate the frames are as far apart in time: samples 0, 5, 10, ... 40.
    assert spoken.labels(LogMelSpectrogram(rate=2 * RATE, stride=5.0)) == ["silence"] * 2 + ["four"] * 2 + ["seven"] * 5


def test_texts_are_strings_by_split():
    raw = texts(**{**STRINGS, "maximum_digits": 2})
    assert {name: len(part) for name, part in raw.items()} == {"train": 20, "validation": 4, "test": 4}
    digits = [example["target"] for part in raw.values() for example in part]
    assert all(text.isdigit() for text in digits)
    assert {len(text) for text in digits} == {1, 2}
    words = texts(**{**STRINGS, "maximum_digits": 2, "transcript": "words"})
    for part in raw:
        for example, worded in zip(raw[part], words[part], strict=True):
            assert worded["target"] == " ".join(WORDS[int(digit)] for digit in example["target"])
    assert len(texts(**{**STRINGS, "examples": 3})["test"]) == 1


def test_only_training_texts_depend_on_the_seed():
    first, other = texts(**STRINGS), texts(**{**STRINGS, "seed": 1})
    assert first["train"] != other["train"]
    assert (first["validation"], first["test"]) == (other["validation"], other["test"])
    # No training of a usual seed draws them.
    assert all(texts(**{**STRINGS, "seed": seed})["train"][:4] != first["test"] for seed in range(5))
    assert min(SEEDS.values()) > 10**6


def test_counting_restricts_the_next_digit():
    raw = texts(**{**STRINGS, "grammar": "counting", "examples": 100, "maximum_digits": 4})
    for example in raw["train"]:
        for before, after in zip(example["target"], example["target"][1:], strict=False):
            assert int(after) in {(int(before) + 1) % 10, (int(before) - 1) % 10, 2 * int(before) % 10}


def test_single_digits_are_words_by_split(voices):
    parts = single("synthetic", **RECORDINGS, seed=5)
    assert voices == [(3, 5)]
    assert {name: len(part) for name, part in parts.items()} == {"train": 20, "validation": 20, "test": 20}
    assert [spoken.text for spoken in parts["test"]] == [word for word in WORDS for _ in (1, 2)]
    # Take 0 is for testing and 1 for validation.
    assert [levels(parts[name]) for name in ("train", "validation", "test")] == [{1.2, 2.2}, {1.1, 2.1}, {1.0, 2.0}]


def test_only_training_is_perturbed():
    parts = single("synthetic", **{**RECORDINGS, "perturb": True}, seed=0)
    assert {name: len(part) for name, part in parts.items()} == {"train": 60, "validation": 20, "test": 20}
    # A tenth slower and faster: 40 samples become 45 and 37.
    assert {len(spoken.sound[1]) for spoken in parts["train"]} == {45, 40, 37}
    assert {len(spoken.sound[1]) for name in ("validation", "test") for spoken in parts[name]} == {40}


def test_strings_are_made_from_recordings_of_their_split():
    parts = strings("synthetic", **STRINGS, **RECORDINGS)
    assert {name: len(part) for name, part in parts.items()} == {"train": 20, "validation": 4, "test": 4}
    assert [levels(parts[name]) for name in ("train", "validation", "test")] == [{1.2, 2.2}, {1.1, 2.1}, {1.0, 2.0}]
    for spoken in (spoken for part in parts.values() for spoken in part):
        assert spoken.text == spoken.utterance.digits
        assert (spoken.utterance.spans[:, 1] - spoken.utterance.spans[:, 0]).tolist() == [40] * len(spoken.text)
    worded = strings("synthetic", **{**STRINGS, "transcript": "words"}, **RECORDINGS)
    assert worded["test"][0].text == " ".join(WORDS[int(digit)] for digit in parts["test"][0].text)


def test_a_speaker_who_is_held_out_is_only_tested():
    parts = strings("synthetic", **STRINGS, **{**RECORDINGS, "held_out": "voice2"})
    assert levels(parts["train"]) == {1.0, 1.2}
    assert levels(parts["validation"]) == {1.1}
    assert levels(parts["test"]) <= {2.0, 2.1, 2.2}


def test_frames_are_labelled_by_digits_and_silence():
    parts = strings("synthetic", **STRINGS, **RECORDINGS)
    splits = splits_of_strings("frames", parts, Loudness(), "character", {}, 4, 0)
    assert splits.vocabularies["labels"].names == Labels([*WORDS, "silence"]).names
    for spoken, (sound, labels), ids in zip(parts["test"], splits.raw["test"], splits.test.targets, strict=True):
        assert sound == spoken.sound
        assert labels == spoken.labels(Loudness())
        assert [splits.vocabularies["labels"].names[number] for number in ids] == labels
        assert set(labels) - {"silence"} == {WORDS[int(digit)] for digit in spoken.text}


@pytest.mark.parametrize(("task", "side"), [("ctc", "labels"), ("spell", "target")])
def test_vocabularies_come_from_training_or_from_a_run(task, side):
    parts = {
        name: [LabelledSound((RATE, np.ones(30)), text)] * 2 for name, text in zip(SEEDS, ("ab", "c"), strict=True)
    }
    parts["train"] = [LabelledSound((RATE, np.ones(30)), "ba"), LabelledSound((RATE, np.ones(40)), "b")]
    splits = splits_of_strings(task, parts, Loudness(), "character", {}, 2, 0)
    assert splits.vocabularies[side].tokens[4:] == ["b", "a"]  # by how often they come, in training alone
    assert isinstance(splits.vocabularies["frames" if task == "ctc" else "source"], Loudness)
    trained = Vocabulary(["c", "b", "a"], level="character")
    for name in ("target", "labels"):
        again = splits_of_strings(task, parts, Loudness(), "character", {name: trained}, 2, 0)
        assert again.vocabularies[side] is trained
    ids = again.test.targets[0].tolist()
    assert ids == ([4, 0] if task == "ctc" else [4, END])  # transcripts are padded, targets end


def test_repairs_are_counted_in_a_warning():
    sound = LogMelSpectrogram()
    sound.repairs["resampled"] += 3
    sound.repairs["mixed"] += 2
    with pytest.warns(UserWarning, match="sounds were") as warnings:
        warn_of_repairs(sound)
    assert [str(warning.message) for warning in warnings] == ["3 sounds were resampled.", "2 sounds were mixed."]


def test_sets_with_names_of_files_are_spoken_digits(sets):
    rows = [
        {"audio": (RATE, np.full(40, speaker, "int16")), "audio/filename": f"{digit}_{name}_{index}.wav"}
        for index in range(3)
        for speaker, name in ((1, "ada"), (2, "bob"))
        for digit in (9, 4)
    ]
    sets["digits"] = {"train": rows[:6], "test": rows[6:]}
    parts = single("tfds:digits", **RECORDINGS, seed=0)
    # Split by their index, not by the set, in the order of digits.
    for name in ("train", "validation", "test"):
        assert [spoken.text for spoken in parts[name]] == ["four", "four", "nine", "nine"]
    with pytest.raises(ValueError, match="No speaker has recordings of all digits"):
        strings("tfds:digits", **STRINGS, **RECORDINGS)


def test_other_sets_are_sounds_with_their_texts(sets):
    loud, wide = np.array([2**15 - 1, -5], "int64"), np.array([2**15, 7], "int64")
    values = [loud, wide, loud.astype("int16"), np.array([100, -5], "int8"), np.array([0.5, -0.5], "float32")]
    row = {"speech": (16_000, loud), "text": "OH"}
    sets["books"] = {
        "train": [{"speech": (16_000, samples), "text": "YES"} for samples in values],
        "dev": [row],
        "test": [row],
    }
    parts = strings("tfds:books", **STRINGS, **RECORDINGS)
    assert [spoken.text for spoken in parts["train"]] == ["YES"] * 5
    kinds = [spoken.sound[1].dtype.name for spoken in parts["train"]]
    assert kinds == ["int16", "int64", "int16", "int8", "float32"]
    for spoken, samples in zip(parts["train"], values, strict=True):
        assert spoken.sound[0] == 16_000 and spoken.utterance is None
        np.testing.assert_array_equal(spoken.sound[1], samples)
    assert single("tfds:books", **RECORDINGS, seed=0)["test"][0].text == "OH"


def test_a_sound_without_a_rate_is_refused(sets):
    sets["raw"] = {"train": [{"audio": np.ones(4), "text": "a"}] * 3}
    with pytest.raises(ValueError, match=r"need a sample rate .* Received: tfds:raw, which does not"):
        single("tfds:raw", **RECORDINGS, seed=0)


def test_a_folder_without_recordings_or_a_table_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("no sound")
    for load in (lambda data: single(data, **RECORDINGS, seed=0), lambda data: strings(data, **STRINGS, **RECORDINGS)):
        with pytest.raises(
            ValueError, match=r"expected spoken digits .*, or a table with `file` and `text`, or a folder .*found"
        ):
            load(str(tmp_path))
        with pytest.raises(FileNotFoundError, match="No such file or folder"):
            load(str(tmp_path / "absent"))
