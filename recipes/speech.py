"""Speech recognition of digits and strings of them: a label, labels per frame, spelling with attention, or CTC.

    zoo train speech --data free_spoken_digits --out runs/digits
    zoo train speech --data free_spoken_digits --task ctc --out runs/ctc
    zoo train speech --data free_spoken_digits --task spell --out runs/speller
    zoo generate runs/speller four.wav            zoo predict runs/ctc four.wav

Tasks: `digit`, one label a recording; `frames`, a label a frame, aligned; `spell`, a pyramid with attention that writes
(Listen, Attend and Spell); `ctc`, connectionist temporal classification; `text`, a language model of the transcripts
alone, to rescore the transcripts of the others (`python -m zoo.recipes.common.speech_rescoring`). All but `digit` read
strings of 1 to 5 digits, made from recordings of one speaker with short silences between them, only from those of
their own split.

Data: `synthetic` (generated voices); the free spoken digits, a folder with their archives, one archive, or their files
`{digit}_{speaker}_{index}.wav` (index 0 to 4 test, 5 to 9 validation), with --held-out SPEAKER all recordings of that
speaker for testing and none for training; a folder of your own WAV files with a .tsv, .csv or .jsonl table of `file`
and `text`, split by index; a folder of a folder of WAV files a word, split by its lists (Speech Commands), for
`digit`; tfds:spoken_digit (`audio`, `audio/filename`), for all tasks; tfds:speech_commands (`audio`, `label`), for
`digit`; tfds:librispeech (`speech`, `text`) or a set of `audio` and `text`, for `spell` and `ctc`.

Seen on the free spoken digits, 2 CPU cores: strings of 1 to 5 digits, ctc, digit error 0.015 (0.959 exact) after 12
epochs in 7 minutes, spell 0.015 (0.954 exact) in 6. Strings of who counts, by a run of ctc: 0.015, ranked anew 0.009.
Chan et al. 2016, arXiv:1508.01211; Graves et al. 2006; Jackson et al., Free Spoken Digit Dataset.
"""

import itertools
from functools import partial
from typing import Any

import keras

from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.featurizers.log_mel_spectrogram import LogMelSpectrogram
from zoo.data.splits import Splits, build_labels, make_splits
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.lookup import lookup
from zoo.recipes.common import generation_metrics, mapping_metrics, speech_plots, speech_sources
from zoo.recipes.common.speech_answers import ctc_errors, errors_of, maximum_length_of, task_of
from zoo.recipes.common.speech_sources import TRANSCRIPTS
from zoo.training.metrics import text_metrics

MODELS = {
    "digit": (
        "many_to_one",
        {"variable_length": True, "units": 64, "layers": 2, "bidirectional": True, "pooling": "mean", "dropout": 0.3},
    ),
    "frames": ("many_to_many", {"variable_length": True, "units": 64, "layers": 2, "dropout": 0.3}),
    "spell": (
        "encoder_decoder",
        {
            "encoder": "pyramid",
            "attention_style": "bahdanau",
            "units": 128,
            "layers": 2,
            "embedding_size": 32,
            "dropout": 0.3,
        },
    ),
    "ctc": ("ctc_recognizer", {"encoder": "pyramid", "units": 64, "layers": 2, "dropout": 0.3}),
    "text": ("language_model", {"embedding_size": 32, "units": 128, "dropout": 0.3}),
}
CHOICE = "task"
LABELS = {"learning_rate": 3e-3, "schedule": "plateau", "plateau_patience": 2}
STRINGS = {"learning_rate": 3e-3, "schedule": "cosine"}
OPTIMIZERS = {"digit": LABELS, "frames": LABELS, "spell": STRINGS, "ctc": STRINGS, "text": STRINGS}
FIT = {"epochs": 12, "patience": 6, "monitor": "val_nats"}
QUICK = {
    "examples": 600,
    "takes": 10,
    "maximum_digits": 3,
    "epochs": 8,
    "stride": 20.0,
    "mel_bins": 20,
    "units": 24,
    "dropout": 0.0,
    "learning_rate": 1e-2,
    "spell": {"units": 48},
    "text": {"units": 48},
}
REWARDS: dict = {}
TFDS = speech_sources.TFDS
# Validation strings that are written after every epoch.
DECODED = 200


def data(
    *,
    data: str = "synthetic",
    task: str = "digit",
    transcript: str = "words",
    grammar: str = "any",
    maximum_digits: int = 5,
    held_out: str | None = None,
    examples: int = 4000,
    takes: int = 20,
    perturb: bool = True,
    rate: int = 8000,
    window: float = 25.0,
    stride: float = 15.0,
    mel_bins: int = 40,
    batch_size: int = 32,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Sounds with their transcripts.

    Args:
        data: synthetic, a path, or tfds:spoken_digit.
        task: digit, frames, spell, ctc or text.
        transcript: words ("four seven"), characters (the same, letter by letter) or digits ("47").
        grammar: of strings, any or counting.
        maximum_digits: digits in a string, at most.
        held_out: a speaker who is only tested.
        examples: strings for training; for validation and test a fifth as many each.
        takes: recordings of each digit by each of two voices (synthetic only).
        perturb: train on each recording a tenth slower and faster, too.
        rate: samples a second; others are resampled.
        window: milliseconds of sound behind a frame.
        stride: milliseconds between frames.
        mel_bins: numbers in a frame.
        batch_size: sounds a step.
        seed: of generation, strings and shuffling; strings for validation and test are always the same.
        vocabularies: those of a trained model; made from the training sounds if None.
    """
    lookup("transcript", transcript, TRANSCRIPTS)
    known = vocabularies or {}
    level = "word" if transcript == "words" else "character"
    options: dict[str, Any] = {
        "transcript": transcript,
        "grammar": grammar,
        "maximum_digits": maximum_digits,
        "examples": examples,
        "seed": seed,
    }
    if task == "text":
        raw = speech_sources.texts(**options)
        target = known.get("target") or Vocabulary.build((one["target"] for one in raw["train"]), level=level)
        return make_generation_splits(raw, {"target": target}, batch_size=batch_size, seed=seed)
    sound = known.get("source") or known.get("frames") or LogMelSpectrogram(rate, window, stride, mel_bins)
    if task == "digit":
        recordings = speech_sources.single(data, takes=takes, held_out=held_out, perturb=perturb, seed=seed)
        raw = {name: [(one.sound, one.text) for one in part] for name, part in recordings.items()}
        labels = known.get("labels") or build_labels(raw, lambda example: [example[1]])
        encoding = {"frames": sound, "labels": labels}
        splits = make_splits(raw, encoding, batch_size=batch_size, seed=seed, lengths=True)
    else:
        recordings = speech_sources.strings(data, takes=takes, held_out=held_out, perturb=perturb, **options)
        splits = speech_sources.splits_of_strings(task, recordings, sound, level, known, batch_size, seed)
    speech_sources.warn_of_repairs(sound)
    return splits


def initialize(model: keras.Model, splits: Splits) -> None:
    """Make sure that every transcript has room in the steps of its sound."""
    if task_of(splits) == "ctc":
        for batches in (splits.train, splits.validation, splits.test):
            model.check_lengths(map(len, batches.inputs["frames"]), batches.targets)


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Errors of a part of validation, decoded greedily, for a speller."""
    if task_of(splits) != "spell":
        return []
    examples = splits.raw["validation"][:DECODED]
    references, length = [one["target"] for one in examples], maximum_length_of(splits)
    metrics = errors_of(references)
    return [generation_metrics.decoded_metrics(model, splits, examples, references, metrics, maximum_length=length)]


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "cell": hp.Choice("cell", ["lstm", "gru"]),
        "units": hp.Int("units", 64, 256, step=32),
        "layers": hp.Int("layers", 1, 3),
        "dropout": hp.Float("dropout", 0.0, 0.5, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 1e-2, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Return accuracy of labels; for strings errors per digit and exact strings, by beam search and greedily, and nats.

    Transcripts of something else than digits have errors per word and per character.
    """
    task, batches = task_of(splits), splits[split]
    if task == "digit":
        return mapping_metrics.classification_metrics(model, batches)
    if task == "frames":
        return mapping_metrics.tagging_metrics(model, batches, splits.vocabularies["labels"].names)
    if task == "ctc":
        return ctc_errors(model, splits, split)
    likelihood = generation_metrics.likelihood(model, batches)
    if task == "text":
        return likelihood
    examples = splits.raw[split]
    references = [one["target"] for one in examples]
    functions = {**errors_of(references), "exact": text_metrics.exact}
    decode = partial(generation_metrics.decode_texts, model, splits, examples, maximum_length=maximum_length_of(splits))
    greedy, beam = decode(decoder="greedy"), decode(decoder="beam_search", beam_width=8)
    return {
        **{f"greedy_{name}": metric(greedy, references) for name, metric in functions.items()},
        **{name: metric(beam, references) for name, metric in functions.items()},
        **likelihood,
    }


plot, plot_outputs = speech_plots.plot_strings, speech_plots.plot_outputs


def format_prediction(prediction) -> str:
    """A label or transcript; of labels a frame, each once with how many frames it lasts."""
    if isinstance(prediction.output, list):
        return " ".join(f"{name} x {len(list(of_it))}" for name, of_it in itertools.groupby(prediction.output))
    return f"{prediction.output} {prediction.probability:.3f}"
