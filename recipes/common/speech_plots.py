"""Outputs of speech models over the sound: attention of spellers, posteriors of CTC models."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

import zoo
from zoo.data.featurizers.log_mel_spectrogram import LogMelSpectrogram
from zoo.data.splits import Splits
from zoo.decoding import ctc
from zoo.models.ctc_recognizer import BLANK
from zoo.plots.spectrogram import SoundPanel, plot_over_sound
from zoo.recipes.common.speech_answers import maximum_length_of, task_of
from zoo.storage.files import replace_file

# Symbols that are never as likely as this are not drawn.
LIKELY = 0.05
# Test strings that are drawn.
SHOWN = 3


def plot_strings(model: keras.Model, splits: Splits, folder: Path) -> None:
    """Some test strings over their sounds: where a speller looked, how likely every label was."""
    task, some = task_of(splits), splits.raw["test"][:SHOWN]
    if task == "spell":
        sounds = [one["source"] for one in some]
        examples = [{"source": sound} for sound in sounds]
        hypotheses = zoo.generate(
            model, examples, vocabularies=splits.vocabularies, maximum_length=maximum_length_of(splits)
        )
        if any(best.tokens for best, *_ in hypotheses):
            truths = [one["target"] for one in some]
            plot_spelling(hypotheses, sounds, splits.vocabularies["source"], model, folder / "alignments.png", truths)
    elif task in ("ctc", "frames"):
        truths = [text for _, text in some] if task == "ctc" else []
        plot_posteriors(model, [sound for sound, _ in some], splits.vocabularies, folder / "labels.png", truths)


def plot_outputs(hypotheses: Sequence[Any], inputs: Sequence[Any], path: Path, run: zoo.Run) -> None:
    """Draw the attention of a speller over the sounds of some inputs."""
    plot_spelling(hypotheses, inputs, run.vocabularies["source"], run.model, path)


def plot_spelling(
    hypotheses: Sequence[Any],
    sounds: Sequence[Any],
    sense: LogMelSpectrogram,
    model: keras.Model,
    path: Path,
    truths: Sequence[str] = (),
) -> None:
    """Plot the attention of a speller for each symbol, over the sounds.

    Args:
        found: outputs for each sound, of `zoo.generate`.
        sounds: paths, or (rate, samples).
        sense: what made frames of them.
        model: the speller.
        path: of the picture.
        truths: what was outputs, where it is known.
    Raises:
        ValueError: it wrote nothing.
    """
    panels = [
        SoundPanel(sense.encode(sound), best.alignment, best.tokens, best.text or "", truth)
        for sound, (best, *_), truth in zip(sounds, hypotheses, truths or [""] * len(sounds), strict=True)
        if best.alignment is not None and best.tokens
    ]
    if not panels:
        raise ValueError("There is no alignment to draw: the model wrote nothing.")
    with replace_file(path) as temporary:
        plot_over_sound(panels, temporary, stride=sense.stride, reduction=getattr(model, "reduction", 1))


def plot_posteriors(
    model: keras.Model, sounds: Sequence[Any], vocabularies: dict[str, Any], path: Path, truths: Sequence[str] = ()
) -> None:
    """Plot the posterior of each probable label at every frame or step, over the sounds.

    Args:
        model: a `ctc_recognizer`, or a `many_to_many` with a label a frame.
        sounds: paths, or (rate, samples).
        vocabularies: "frames" and "labels".
        path: of the picture.
        truths: what was outputs, where it is known.
    """
    sense, labels = vocabularies["frames"], vocabularies["labels"]
    transcribes = ctc.transcribes(model)
    frames_of_sounds = [sense.encode(sound) for sound in sounds]
    outputs = [_output(model, frames) for frames in frames_of_sounds]
    transcripts = [""] * len(sounds)
    if transcribes:
        transcripts = [best[0] for best, *_ in ctc.transcripts(outputs, labels)]
    panels = []
    known = truths or [""] * len(sounds)
    for frames, output, transcript, truth in zip(frames_of_sounds, outputs, transcripts, known, strict=True):
        if transcribes:
            shares = np.exp(output["scores"] - np.logaddexp.reduce(output["scores"], axis=-1, keepdims=True)).T
            names = ["(blank)", *(labels.name(symbol) for symbol in range(1, len(labels)))]
        else:
            shares, names = output.T, labels.names
        peaks = shares.max(axis=1)
        rows = [row for row in range(len(names)) if peaks[row] > LIKELY] or [int(peaks.argmax())]
        # In the order in which they are likeliest; the blank below all.
        rows.sort(key=lambda row: (row == BLANK and transcribes, int(shares[row].argmax())))
        panels.append(SoundPanel(frames, shares[rows], [names[row] for row in rows], transcript, truth))
    with replace_file(path) as temporary:
        plot_over_sound(panels, temporary, stride=sense.stride, reduction=getattr(model, "reduction", 1))


def _output(model, frames):
    """The model's output for the frames of one sound alone."""
    inputs = {"frames": frames[None], "lengths": np.array([len(frames)], "int32")}
    return keras.tree.map_structure(lambda array: np.asarray(array)[0], model.predict_on_batch(inputs))
