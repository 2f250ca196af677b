"""Sources of the sounds of the recipe `speech` and of their labels."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.batches.transcripts import make_transcribed_splits
from zoo.data.featurizers.log_mel_spectrogram import LogMelSpectrogram
from zoo.data.readers import spoken_digits, transcripts
from zoo.data.reading_limit import sample, sample_splits
from zoo.data.splits import Splits, make_splits, split_by_index, split_by_label
from zoo.data.synthetic import digit_strings
from zoo.data.synthetic import speech as voices
from zoo.data.synthetic.spoken_strings import Utterance, speak
from zoo.data.tfds import DataSet
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.recipes.common.sources import complete_splits, require_path
from zoo.recipes.common.tfds_sources import PREFIX, from_tfds, read_parts
from zoo.storage.files import DataError

TRANSCRIPTS: dict[str, Callable[[str], str]] = {
    "words": digit_strings.in_words,  # four seven
    "characters": digit_strings.in_words,  # the same, letter by letter
    "digits": str,  # 47
}
# Features of sets of TFDS: spoken_digit, whose names tell digit, speaker and index; speech_commands; librispeech and
# ljspeech; one's own.
TFDS = (("audio", "audio/filename"), ("audio", "label"), ("speech", "text"), ("audio", "text"))
# Strings for validation and test are the same whatever the seed of a training is.
SEEDS = {"validation": 1_000_001, "test": 1_000_002}
# Of them there is one for so many of training.
FEWER = 5


@dataclass(frozen=True, eq=False)
class LabelledSound:
    """A sound with its transcript.

    Args:
        sound: (rate, samples).
        text: as it is to be written.
        utterance: a string of digits with its places; None for anything else.
    """

    sound: tuple[int, np.ndarray]
    text: str
    utterance: Utterance | None = None

    def labels(self, sound: LogMelSpectrogram) -> list[str]:
        """Return the label of each frame, a digit's word or "silence"."""
        assert self.utterance is not None
        digits = self.utterance.digits_at(sound.frame_centers(self.sound))
        return ["silence" if digit is None else digit_strings.WORDS[digit] for digit in digits]


def single(data: str, *, takes: int, held_out: str | None, perturb: bool, seed: int) -> dict[str, list[LabelledSound]]:
    """Single digits by split, or the sounds of a person's own table, each of which is of a class."""
    own = _own(data)
    if own is not None:
        return own
    parts = _recordings(data, takes, held_out, perturb, seed, limited=True)
    return {
        name: [LabelledSound(one.sound, digit_strings.WORDS[one.digit]) for one in part] for name, part in parts.items()
    }


def strings(
    data: str,
    *,
    transcript: str,
    grammar: str,
    maximum_digits: int,
    examples: int,
    takes: int,
    held_out: str | None,
    perturb: bool,
    seed: int,
) -> dict[str, list[LabelledSound]]:
    """Strings of digits by split, each made from recordings of its own split; or the sounds of a person's own table."""
    own = _own(data)
    if own is not None:
        return own
    parts = _recordings(data, takes, held_out, perturb, seed)
    write = TRANSCRIPTS[transcript]
    utterances = {}
    for name, part in parts.items():
        count, own_seed = (examples, seed) if name == "train" else (max(1, examples // FEWER), SEEDS[name])
        drawn = digit_strings.generate(count, grammar=grammar, maximum_digits=maximum_digits, seed=own_seed)
        utterances[name] = [
            LabelledSound(one.sound, write(one.digits), one) for one in speak(part, drawn, seed=own_seed)
        ]
    return utterances


def texts(
    *, transcript: str, grammar: str, maximum_digits: int, examples: int, seed: int
) -> dict[str, list[dict[str, str]]]:
    """Transcripts alone, of a grammar, by split: what a language model is trained on."""
    write = TRANSCRIPTS[transcript]
    splits: dict[str, list[dict[str, str]]] = {}
    for name in ("train", "validation", "test"):
        count, own_seed = (examples, seed) if name == "train" else (max(1, examples // FEWER), SEEDS[name])
        drawn = digit_strings.generate(count, grammar=grammar, maximum_digits=maximum_digits, seed=own_seed)
        splits[name] = [{"target": write(digits)} for digits in drawn]
    return splits


def splits_of_strings(
    task: str,
    utterances: dict[str, list[LabelledSound]],
    sound: LogMelSpectrogram,
    level: str,
    known: dict[str, Any],
    batch_size: int,
    seed: int,
) -> Splits:
    """Strings encoded for what labels frames, what transcribes or what spells."""
    options: dict[str, Any] = {"batch_size": batch_size, "seed": seed}
    if task == "frames":
        if any(one.utterance is None for part in utterances.values() for one in part):
            raise ValueError(
                "Labels a frame are known of strings of digits alone, not of a table: choose another task."
            )
        raw = {name: [(one.sound, one.labels(sound)) for one in part] for name, part in utterances.items()}
        vocabularies = {"frames": sound, "labels": known.get("labels") or Labels([*digit_strings.WORDS, "silence"])}
        return make_splits(raw, vocabularies, aligned=True, lengths=True, **options)
    texts = [one.text for one in utterances["train"]]
    written = known.get("target") or known.get("labels") or Vocabulary.build(texts, level=level)
    if task == "ctc":
        raw = {name: [(one.sound, one.text) for one in part] for name, part in utterances.items()}
        return make_transcribed_splits(raw, {"frames": sound, "labels": written}, **options)
    examples = {name: [{"source": one.sound, "target": one.text} for one in part] for name, part in utterances.items()}
    return make_generation_splits(examples, {"source": sound, "target": written}, **options)


def warn_of_repairs(sound: LogMelSpectrogram) -> None:
    """One warning for everything that was repaired while sounds were encoded, with its count."""
    for what, count in vars(sound)["repairs"].items():
        warnings.warn(f"{count} sounds were {what}.", stacklevel=3)


def _set(data: str) -> dict[str, list[Any]] | None:
    """Sounds of a set by split, with transcripts; None if they are spoken digits."""
    if {"audio", "audio/filename"} <= set(DataSet(data).features):
        return None
    return from_tfds(data, TFDS, each=lambda sound, text: LabelledSound(_as_sound(data, sound), text))


def _digits(data: str) -> list[spoken_digits.Recording]:
    """All recordings of a set, by digit, speaker and index."""
    recordings = [
        one for part in read_parts(data, TFDS[:1], each=lambda *one: one, whole=True).values() for one in part
    ]
    return spoken_digits.named([(name, *_as_sound(data, sound)) for sound, name in recordings], data)


def _as_sound(data: str, sound: Any) -> tuple[int, np.ndarray]:
    """(rate, samples); the wide whole numbers of some sets hold samples of 16 bits."""
    if not isinstance(sound, tuple):
        raise ValueError(
            f"Sounds of a set need a sample rate (Audio(sample_rate=...)). Received: {data}, which does not."
        )
    rate, samples = sound
    wide = samples.dtype.kind in "iu" and samples.dtype.itemsize > 2
    return rate, samples.astype("int16") if wide and np.abs(samples).max(initial=0) < 2**15 else samples


def _recordings(
    data: str, takes: int, held_out: str | None, perturb: bool, seed: int, *, limited: bool = False
) -> dict[str, list[Any]]:
    """Recordings by split; of strings, whose number is bounded already, as many as there are."""
    if data == "synthetic":
        recordings = voices.generate(takes, seed=seed)
    else:
        recordings = _digits(data) if data.startswith(PREFIX) else _published(require_path(data))
    parts: dict[str, list[Any]] = spoken_digits.split(recordings, held_out=held_out)
    if limited:
        parts = sample_splits(parts, lambda one: [(one.digit, one.speaker)])
    return parts | ({"train": spoken_digits.at_speeds(parts["train"])} if perturb else {})


def _published(path: Path) -> list[Any]:
    if not spoken_digits.is_there(path):
        raise DataError(
            path,
            None,
            "spoken digits ({digit}_{speaker}_{index}.wav, or archives of them), or a table with `file` and `text`, or "
            "a folder of WAV files for each word",
            "none of them",
        )
    return spoken_digits.read(path)


def _own(data: str) -> dict[str, list[LabelledSound]] | None:
    """The sounds of a table, of folders by word or of a set of TFDS; None if the data are something else."""
    if data.startswith(PREFIX):
        return _set(data)
    if data == "synthetic":
        return None
    path = require_path(data)
    recordings = transcripts.find(path)
    if recordings is not None:
        return split_by_index(_labelled_sounds(transcripts.read(recordings, select=lambda rows: sample(rows, _text))))
    words = transcripts.word_folders(path) if path.is_dir() else {}
    if "" in words:
        return split_by_label(
            _labelled_sounds(transcripts.read_sounds(sample(words[""], _text), path)), lambda one: one.text
        )
    parts = {
        name: _labelled_sounds(transcripts.read_sounds(part, path))
        for name, part in sample_splits(words, _text).items()
    }
    return complete_splits(path, parts) if parts else None


def _text(row: tuple[Path, str]) -> list[str]:
    return [row[1]]


def _labelled_sounds(sounds: list[tuple[tuple[int, np.ndarray], str]]) -> list[LabelledSound]:
    return [LabelledSound(sound, text) for sound, text in sounds]
