"""What models of speech hear, drawn over the sound: where a speller looked, how likely every symbol was to a
transcriber."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

import zoo
from recipes.speech_answers import longest_of, task_of
from zoo import transcription
from zoo.data.files import replace_file
from zoo.data.sound import Sound
from zoo.data.splits import Splits
from zoo.models.ctc_recognizer import BLANK
from zoo.plots.spectrogram import Heard, plot_over_sound

# Symbols that are never as likely as this are not drawn.
LIKELY = 0.05
# Test strings that are drawn.
SHOWN = 3


def pictures(model: keras.Model, splits: Splits, folder: Path) -> None:
    """Some test strings over their sounds: where a speller looked, how likely every label was."""
    task, some = task_of(splits), splits.raw["test"][:SHOWN]
    if task == "spell":
        sounds = [one["source"] for one in some]
        examples = [{"source": sound} for sound in sounds]
        found = zoo.generate(model, examples, vocabularies=splits.vocabularies, maximum_length=longest_of(splits))
        if any(best.tokens for best, *_ in found):
            draw_spelling(found, sounds, splits.vocabularies["source"], model, folder / "alignments.png")
    elif task in ("ctc", "frames"):
        titles = [text for _, text in some] if task == "ctc" else []
        draw_posteriors(model, [sound for sound, _ in some], splits.vocabularies, folder / "labels.png", titles)


def draw_answers(found: Sequence[Any], given: Sequence[Any], path: Path, run: zoo.Run) -> None:
    """Where a speller looked for each symbol, over the sounds whose paths were given."""
    draw_spelling(found, given, run.vocabularies["source"], run.model, path)


def draw_spelling(found: Sequence[Any], sounds: Sequence[Any], sense: Sound, model: keras.Model, path: Path) -> None:
    """Where the speller looked for each symbol, over the sounds.

    Args:
        found: outputs for each sound, of `zoo.generate`.
        sounds: paths, or (rate, samples).
        sense: what made frames of them.
        model: the speller.
        path: of the picture.
    Raises:
        ValueError: it wrote nothing.
    """
    heard = [
        Heard(sense.encode(sound), best.alignment, best.tokens, best.text or "")
        for sound, (best, *_) in zip(sounds, found, strict=True)
        if best.alignment is not None and best.tokens
    ]
    if not heard:
        raise ValueError("There is no alignment to draw: the model wrote nothing.")
    with replace_file(path) as temporary:
        plot_over_sound(heard, temporary, stride=sense.stride, reduction=getattr(model, "reduction", 1))


def draw_posteriors(
    model: keras.Model, sounds: Sequence[Any], vocabularies: dict[str, Any], path: Path, titles: Sequence[str] = ()
) -> None:
    """How likely each label was at every frame or step, over the sounds; those that ever were.

    Args:
        model: a `ctc_recognizer`, or a `many_to_many` with a label a frame.
        sounds: paths, or (rate, samples).
        vocabularies: "frames" and "labels".
        path: of the picture.
        titles: what was said, above what was heard.
    """
    sense, labels = vocabularies["frames"], vocabularies["labels"]
    heard = []
    for number, sound in enumerate(sounds):
        frames = sense.encode(sound)
        inputs = {"frames": frames[None], "lengths": np.array([len(frames)], "int32")}
        said = keras.tree.map_structure(lambda array: np.asarray(array)[0], model.predict_on_batch(inputs))
        if transcription.transcribes(model):
            shares = np.exp(said["scores"] - np.logaddexp.reduce(said["scores"], axis=-1, keepdims=True)).T
            names = ["(blank)", *(labels.name(symbol) for symbol in range(1, len(labels)))]
        else:
            shares, names = said.T, labels.names
        peaks = shares.max(axis=1)
        rows = [row for row in range(len(names)) if peaks[row] > LIKELY] or [int(peaks.argmax())]
        # In the order in which they are likeliest; the blank below all.
        rows.sort(key=lambda row: (row == BLANK and transcription.transcribes(model), int(shares[row].argmax())))
        title = f"said: {titles[number]}" if number < len(titles) else ""
        heard.append(Heard(frames, shares[rows], [names[row] for row in rows], title))
    with replace_file(path) as temporary:
        plot_over_sound(heard, temporary, stride=sense.stride, reduction=getattr(model, "reduction", 1))
