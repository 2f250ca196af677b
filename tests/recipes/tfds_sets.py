"""Sets of TFDS prepared by hand, and what the batches of recipes must hold of them."""

import io
from dataclasses import dataclass, field
from typing import Any

import mido
import numpy as np
import tensorflow_datasets as tfds

TEXT, WORDS = tfds.features.Text(), tfds.features.Sequence(tfds.features.Text())
POSITIONS = tfds.features.Sequence(np.int64)
PAIR = {"source": TEXT, "target": TEXT}
ALL, TESTED, ALONE = ("train", "validation", "test"), ("train", "test"), ("train",)
DEV = ("train", "dev", "test")
FEW = {"minimum_count": 1}
LABELLED = {"text": TEXT, "label": tfds.features.ClassLabel(names=["one", "two"])}


@dataclass
class Case:
    """A set for a recipe.

    Args:
        recipe: its name.
        name: of the set; with `features` one that TFDS does not know.
        rows: examples; features that they lack are empty. By split where splits differ.
        read: (splits) -> a set of what all batches hold.
        expected: of it.
        splits: as the public set has them.
        arguments: of the recipe's `data`.
        features: of a set of one's own.
    """

    recipe: str
    name: str
    rows: Any
    read: Any
    expected: set
    splits: tuple[str, ...] = ("train", "test")
    arguments: dict[str, Any] = field(default_factory=dict)
    features: dict[str, Any] | None = None

    def of(self, split):
        return self.rows[split] if isinstance(self.rows, dict) else self.rows


def tensor(*shape, dtype=np.float32):
    return tfds.features.Tensor(shape=shape, dtype=dtype)


def blank(feature):
    """A value of a feature that nobody reads."""
    if hasattr(feature, "feature"):  # a sequence
        return []
    if hasattr(feature, "items"):
        return {name: blank(inner) for name, inner in feature.items()}
    if isinstance(feature, tfds.features.Image):
        return np.zeros([size or 1 for size in feature.shape], "uint8")
    return (
        ""
        if feature.np_dtype in (object, str, np.str_)
        else np.zeros([size or 0 for size in feature.shape], feature.np_dtype)
    )


def filled(features, row):
    return {name: row.get(name, blank(feature)) for name, feature in features.items()}


def wave(cycles, samples=1200):
    return (9000 * np.sin(2 * np.pi * cycles * np.arange(samples) / samples)).astype("int64")


def midi(note, channel):
    """A sixteenth of rest and one of a note."""
    track = mido.MidiTrack()
    for kind, time in (("note_on", 120), ("note_off", 120)):
        track.append(mido.Message(kind, note=note, channel=channel, time=time, velocity=64))
    file = io.BytesIO()
    mido.MidiFile(ticks_per_beat=480, tracks=[track]).save(file=file)
    return file.getvalue()


# How batches are read back.
def every(splits):
    """Inputs and targets of a row without padding, of all batches."""
    for part in (splits.train, splits.validation, splits.test):
        for number in range(len(part)):
            inputs, targets, weights = part[number]
            for row in np.flatnonzero(weights.reshape(len(weights), -1).any(axis=1)):
                one = (
                    {name: column[row] for name, column in inputs.items()} if isinstance(inputs, dict) else inputs[row]
                )
                kept = targets[row][weights[row] > 0] if weights.ndim > 1 else targets[row]
                yield one, kept


def labelled(splits):
    known = splits.vocabularies
    return {(known["tokens"].decode(one), known["labels"].decode(target)) for one, target in every(splits)}


def frames_labelled(splits):
    """What the frames of a row add up to, channel by channel."""
    label = splits.vocabularies["labels"].decode
    return {
        (*np.round(one["frames"][: one["lengths"]].sum(axis=0), 2).tolist(), label(target))
        for one, target in every(splits)
    }


def sounds_labelled(splits):
    """How many frames a sound has."""
    return {(int(one["lengths"]), splits.vocabularies["labels"].decode(target)) for one, target in every(splits)}


def tagged(splits):
    known = splits.vocabularies
    return {
        (
            known["tokens"].decode(one["tokens"] if isinstance(one, dict) else one),
            " ".join(map(known["labels"].decode, tags)),
        )
        for one, tags in every(splits)
    }


def marked(splits):
    return {(splits.vocabularies["tokens"].decode(one), *np.ravel(marks).tolist()) for one, marks in every(splits)}


def written(splits):
    known = splits.vocabularies
    return {(known["source"].decode(one["source"]), known["target"].decode(said)) for one, said in every(splits)}


def named(splits):
    known = splits.vocabularies
    return {(known["target"].decode(said), known["label"].decode(one["label"])) for one, said in every(splits)}


def answered(splits):
    words = splits.vocabularies["tokens"]
    return {
        (*[words.decode(sentence) for sentence in one["story"]], words.decode(one["question"]), words.decode([answer]))
        for one, answer in every(splits)
    }


def turned(splits):
    known = splits.vocabularies
    return {
        (*[known["source"].words.decode(turn) for turn in one["source"] if turn.any()], known["target"].decode(said))
        for one, said in every(splits)
    }


def captioned(splits):
    """The brightest pixel, and what is said."""
    said = splits.vocabularies["target"].decode
    return {
        (round(255 * float(one.get("picture", one.get("source")).max())), said(target)) for one, target in every(splits)
    }


def clips_labelled(splits):
    label = splits.vocabularies["labels"].decode
    return {
        (int(one["lengths"]), round(255 * float(one["frames"].max())), label(target)) for one, target in every(splits)
    }


def pointed(splits):
    decode = splits.vocabularies["target"].decode
    return {
        (np.round(one["source"][: one["source_lengths"]], 2).tobytes(), decode(target)) for one, target in every(splits)
    }


def targets(splits):
    """All numbers of a target that are asked for."""
    return {tuple(np.round(np.ravel(target), 2).tolist()) for _, target in every(splits)}


def counted(splits):
    """How often each key is down, of those that are at all, and the steps."""
    return {
        (len(target), *[(int(key), int(target[:, key].sum())) for key in np.flatnonzero(target.sum(axis=0))])
        for _, target in every(splits)
    }


def streamed(splits):
    decode = splits.vocabularies["target"].decode
    return {decode(np.concatenate([splits.test[n][1][0] for n in range(len(splits.test))]))[:12]}


def sentences(splits):
    return {splits.vocabularies["target"].decode(target) for _, target in every(splits)}


def trees(splits):
    assert {str(splits.vocabularies["labels"].decode(target)) for target in splits.test[0][1][splits.test[0][2] > 0]}
    return {tree.brackets() for part in splits.raw.values() for tree in part}


def forecast(splits):
    """The first row that is seen, the first that is to be told, and how many windows there are."""
    first = splits.raw["train"][0]
    return {(float(first["source"][0, 0]), float(first["future"][0]), len(splits.raw["train"]))}


def steps(splits):
    """The sum of the inputs, and targets where they are asked."""
    return {(float(inputs.sum()), *said.ravel().tolist()) for inputs, said in every(splits)}
