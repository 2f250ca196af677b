"""What is said? Spoken digits and strings of them: a label, labels a frame, letters by attention, or CTC.

    zoo train speech --data free_spoken_digits --out runs/digits
    zoo train speech --data free_spoken_digits --task ctc --out runs/ctc
    zoo train speech --data free_spoken_digits --task spell --out runs/speller
    zoo generate runs/speller four.wav            zoo predict runs/ctc four.wav

Tasks: `digit`, one label a recording; `frames`, a label a frame, aligned; `spell`, a pyramid with attention that writes
(Listen, Attend and Spell); `ctc`, connectionist temporal classification; `text`, a language model of the transcripts
alone, to rank what the others heard anew (`python -m zoo.recipes.common.speech_rescoring`). All but `digit` hear
strings of 1 to 5 digits, made from recordings of one speaker with short silences between them, only from those of
their own split.

Data: `synthetic` (generated voices); the free spoken digits, a folder with their archives, one archive, or their files
`{digit}_{speaker}_{index}.wav` (index 0 to 4 test, 5 to 9 validation), with --held-out SPEAKER all recordings of that
speaker for testing and none for training; a folder of your own WAV files with a .tsv, .csv or .jsonl table of `file`
and `text`, split by index; a folder of a folder of WAV files a word, split as its lists say (Speech Commands), for
`digit`; tfds:spoken_digit (`audio`, `audio/filename`), for all tasks; tfds:speech_commands (`audio`, `label`), for
`digit`; tfds:librispeech (`speech`, `text`) or a set of `audio` and `text`, for `spell` and `ctc`.

Seen on the free spoken digits, 2 CPU cores: strings of 1 to 5 digits, ctc, digit error 0.015 (0.959 exact) after 12
epochs in 7 minutes, spell 0.015 (0.954 exact) in 6. Strings of who counts, by a run of ctc: 0.015, ranked anew 0.009.
Chan et al. 2016, arXiv:1508.01211; Graves et al. 2006; Jackson et al., Free Spoken Digit Dataset.
"""

import itertools
from typing import Any

import keras

import zoo
from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.featurizers.log_mel_spectrogram import LogMelSpectrogram
from zoo.data.splits import Splits, build_labels, make_splits
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments.optimizers import compile_classifier, compile_generator, reduce_on_plateau
from zoo.lookup import lookup
from zoo.recipes.common import generation_metrics, mapping_metrics, objectives, speech_pictures, speech_sources
from zoo.recipes.common.speech_answers import ctc_errors, errors_of, longest_of, task_of
from zoo.recipes.common.speech_sources import OUTPUTS
from zoo.training.metrics import text_metrics

TASKS = {
    "digit": "one label a recording",
    "frames": "a label a frame",
    "spell": "a pyramid with attention that writes",
    "ctc": "connectionist temporal classification",
    "text": "a language model of the transcripts alone",
}
EPOCHS = 12
PATIENCE = 6
MONITOR = "val_nats"
QUICK = {
    "examples": 600,
    "takes": 10,
    "longest": 3,
    "epochs": 8,
    "stride": 20.0,
    "mel_bins": 20,
    "units": 48,
    "dropout": 0.0,
    "learning_rate": 1e-2,
}
TFDS = speech_sources.TFDS
# Validation strings that are written after every epoch.
DECODED = 200


def data(
    *,
    data: str = "synthetic",
    task: str = "digit",
    output: str = "words",
    grammar: str = "any",
    longest: int = 5,
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
    """Sounds with what is said in them.

    Args:
        data: synthetic, a path, or tfds:spoken_digit.
        task: digit, frames, spell, ctc or text.
        output: words ("four seven"), characters (the same, letter by letter) or digits ("47").
        grammar: of strings, any or counting.
        longest: digits in a string, at most.
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
    lookup("task", task, TASKS)
    lookup("output", output, OUTPUTS)
    known = vocabularies or {}
    level = "word" if output == "words" else "character"
    options: dict[str, Any] = {
        "output": output,
        "grammar": grammar,
        "longest": longest,
        "examples": examples,
        "seed": seed,
    }
    if task == "text":
        raw = speech_sources.texts(**options)
        target = known.get("target") or Vocabulary.build((one["target"] for one in raw["train"]), level=level)
        return make_generation_splits(raw, {"target": target}, batch_size=batch_size, seed=seed)
    sound = known.get("source") or known.get("frames") or LogMelSpectrogram(rate, window, stride, mel_bins)
    if task == "digit":
        said = speech_sources.single(data, takes=takes, held_out=held_out, perturb=perturb, seed=seed)
        raw = {name: [(one.sound, one.text) for one in part] for name, part in said.items()}
        labels = known.get("labels") or build_labels(raw, lambda example: [example[1]])
        encoding = {"frames": sound, "labels": labels}
        splits = make_splits(raw, encoding, batch_size=batch_size, seed=seed, lengths=True)
    else:
        said = speech_sources.strings(data, takes=takes, held_out=held_out, perturb=perturb, **options)
        splits = speech_sources.splits_of_strings(task, said, sound, level, known, batch_size, seed)
    speech_sources.tell_repairs(sound)
    return splits


def model(
    splits: Splits,
    *,
    encoder: str = "pyramid",
    attention: str = "additive",
    attention_style: str = "bahdanau",
    pooling: str = "mean",
    cell: str = "lstm",
    units: int = 128,
    layers: int = 2,
    embedding_size: int = 32,
    dropout: float = 0.3,
    label_smoothing: float = 0.0,
    learning_rate: float = 3e-3,
    decay_epochs: int = EPOCHS,
) -> keras.Model:
    """The model of the task, compiled.

    Args:
        encoder: pyramid, bidirectional or forward (spell and ctc).
        attention: dot, scaled_dot, cosine, general, additive or location (spell).
        order: bahdanau (look, then step) or luong (spell).
        pooling: last, mean, max or attention (digit).
        cell: a name of zoo.cells.CELLS.
        units: width of both directions together, and of what writes.
        layers: recurrent layers on top of each other; of a pyramid each but the first halves the time.
        embedding_size: width of a symbol's vector (spell and text).
        dropout: rate on frames and on each layer's output.
        label_smoothing: share of a symbol's mass that is spread over all (spell).
        learning_rate: of Adam, at the beginning; for labels it is halved when validation gets no better.
        decay_epochs: epochs in which it falls to 0 along a cosine, for all but labels: those of the training; 0: never.
    """
    task, known = task_of(splits), splits.vocabularies
    shape = {"cell": cell, "layers": layers, "dropout": dropout}
    if task in ("digit", "frames"):
        built = zoo.build(
            "many_to_one" if task == "digit" else "many_to_many",
            features=known["frames"].mel_bins,
            variable_length=True,
            outputs=len(known["labels"]),
            units=units // 2,
            bidirectional=True,
            **shape,
            **({"pooling": pooling} if task == "digit" else {}),
        )
        return compile_classifier(built, learning_rate)
    if task == "ctc":
        built = zoo.build(
            "ctc_recognizer",
            features=known["frames"].mel_bins,
            outputs=len(known["labels"]),
            encoder=encoder,
            units=units if encoder == "forward" else units // 2,
            **shape,
        )
        for name in ("train", "validation", "test"):
            batches = getattr(splits, name)
            built.must_have_room(map(len, batches.inputs["frames"]), batches.targets)
    elif task == "text":
        built = zoo.build(
            "language_model", vocabulary_size=len(known["target"]), embedding_size=embedding_size, units=units, **shape
        )
    else:
        built = zoo.build(
            "encoder_decoder",
            source_features=known["source"].mel_bins,
            target_vocabulary_size=len(known["target"]),
            encoder=encoder,
            attention=attention,
            attention_style=attention_style,
            units=units,
            embedding_size=embedding_size,
            label_smoothing=label_smoothing,
            **shape,
        )
    schedule = "cosine" if decay_epochs else "constant"
    return compile_generator(built, learning_rate, schedule=schedule, decay_steps=decay_epochs * len(splits.train))


def regime(model: keras.Model, splits: Splits, *, feeding: str = "truth", feeding_updates: int = 2000) -> keras.Model:
    """What is fitted.

    Args:
        feeding: what a speller reads in training: truth, or ever more of its own symbols (scheduled sampling) as
            linear, exponential or inverse_sigmoid say.
        feeding_updates: updates until a tenth of it is its own.
    """
    if feeding != "truth" and task_of(splits) != "spell":
        raise ValueError(f"Only what spells reads its own symbols: choose --task spell. Received: feeding={feeding!r}")
    return objectives.without_rewards(model, splits, feeding=feeding, feeding_updates=feeding_updates, feeding_end=0.9)


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Of labels, smaller steps on a plateau; of a speller, errors of a part of validation, written greedily."""
    if (task := task_of(splits)) != "spell":
        return [reduce_on_plateau(model, MONITOR, patience=2)] if task in ("digit", "frames") else []
    some = splits.raw["validation"][:DECODED]
    references = [one["target"] for one in some]
    return [
        generation_metrics.watch(
            model, splits, some, references, errors_of(references), maximum_length=longest_of(splits)
        )
    ]


def space(hp) -> dict:
    """What a search varies."""
    return {
        "cell": hp.Choice("cell", ["lstm", "gru"]),
        "units": hp.Int("units", 64, 256, step=32),
        "layers": hp.Int("layers", 1, 3),
        "dropout": hp.Float("dropout", 0.0, 0.5, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 1e-2, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Of labels accuracy; of strings errors a digit, exact strings, both by beams (8 of them) and greedily, and nats.

    Transcripts of something else than digits have errors a word and a character.
    """
    task, batches = task_of(splits), getattr(splits, split)
    if task == "digit":
        return mapping_metrics.classification_metrics(model, batches)
    if task == "frames":
        return mapping_metrics.tagging_metrics(model, batches, splits.vocabularies["labels"].names)
    if task == "ctc":
        return ctc_errors(model, splits, split)
    figures = generation_metrics.likelihood(model, batches)
    if task == "text":
        return figures
    examples = splits.raw[split]
    references = [one["target"] for one in examples]
    wanted = {**errors_of(references), "exact": text_metrics.exact}
    for prefix, decoding in (("", {"decoder": "beam_search", "beam_width": 8}), ("greedy_", {"decoder": "greedy"})):
        said = generation_metrics.write(model, splits, examples, maximum_length=longest_of(splits), **decoding)
        figures = {f"{prefix}{name}": metric(said, references) for name, metric in wanted.items()} | figures
    return figures


pictures, draw_answers = speech_pictures.pictures, speech_pictures.draw_answers


def show(prediction) -> str:
    """A label or transcript; of labels a frame, each once with how many frames it lasts."""
    if isinstance(prediction.output, list):
        return " ".join(f"{name} x {len(list(of_it))}" for name, of_it in itertools.groupby(prediction.output))
    return f"{prediction.output} {prediction.probability:.3f}"


if __name__ == "__main__":
    from zoo.cli.main import run_recipe

    run_recipe("speech")
