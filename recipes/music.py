"""Goes on with a piece of music, chord by chord: a language model over the 88 keys of a piano.

    zoo train music --data jsb_chorales --out runs/music
    zoo generate runs/music opening.mid --temperature 0.8 --out song.mid

A frame is what sounds in a quarter note, 88 yes or no, which the model emits independently of each other given all
frames before (voices that move together are beyond that: RNN-RBM and RNN-NADE, which model them, reach 6.3 and 5.6).
There are 229 pieces to learn from, so each is transposed to eleven keys, up to five semitones lower and higher;
--transpose 0 leaves them as they are, as in published results (LSTM 8.45, GRU 8.43: Bai et al.).

Data: `synthetic` (hymns of triads in all keys); a folder with jsb-chorales-quarter.json(.gz), this or another of the
chorales' files (jsb-chorales-16th.json ...), or your own: {"train": [piece, ...], "valid": [...], "test": [...]}, a
piece is a list of steps, a step a list of the MIDI numbers that sound; a folder of MIDI files, sorted by name and split
by index, or with folders train, valid and test of them; tfds:groove/2bar-midionly and other sets of MIDI files as
`midi`, or of piano rolls as `roll` (steps, 88). Files of drums alone, as those of groove, are read by sixteenths, a key
a piece of the kit, and not transposed.

Seen on the chorales, 2 CPU cores: 8.41 nats a frame on test after 40 epochs of 10 s.
Boulanger-Lewandowski et al. 2012, arXiv:1206.6392; Chung et al. 2014, arXiv:1412.3555; Bai et al. 2018,
arXiv:1803.01271.
"""

from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

import zoo
from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.featurizers import piano_rolls
from zoo.data.readers import chorales
from zoo.data.readers.formats import data_files, read_any, read_head
from zoo.data.reading_limit import sample, sample_splits
from zoo.data.splits import Splits, split_by_index
from zoo.data.synthetic import melodies
from zoo.recipes.baselines.key_by_key import key_by_key
from zoo.recipes.common import generation_metrics, sources
from zoo.recipes.common.split_files import find_split_files, split_of
from zoo.recipes.common.tfds_sources import PREFIX, from_tfds
from zoo.storage.files import DataError, replace_file
from zoo.storage.paths import typed_file

MODELS = {"recurrent": ("language_model", {"features": chorales.KEYS, "layers": 1, "dropout": 0.1})}
OPTIMIZERS = {"recurrent": {"learning_rate": 2e-3, "schedule": "plateau"}}
FIT = {"epochs": 40, "patience": 5, "monitor": "val_nats"}
QUICK = {
    "examples": 120,
    "epochs": 10,
    "units": 96,
    "layers": 1,
    "transpose": 0,
    "batch_size": 8,
    "dropout": 0.0,
    "learning_rate": 1e-2,
}
# Of several files of the chorales, the one of published results.
CHORALES = "quarter"
# Features of sets of TFDS: groove; one's own.
TFDS = (("midi",), ("roll",))
DRUMS = piano_rolls.PianoRolls(steps_per_beat=4, drums=True)
PITCHES = piano_rolls.PianoRolls()
# What `zoo generate` calls its files.
OUTPUT_FILE = "song_{}.mid"
NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
# Steps of a test piece that the model is given, and how many it adds; how sharply it draws.
OPENING, CONTINUATION, TEMPERATURE = 16, 48, 0.8


def data(
    *,
    data: str = "synthetic",
    examples: int = 300,
    transpose: int = 5,
    batch_size: int = 16,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Pieces as piano rolls.

    Args:
        data: synthetic, a path, or tfds:groove/2bar-midionly.
        examples: how many pieces to generate (synthetic only).
        transpose: training pieces are transposed to all keys up to so many semitones lower and higher, where the piano
            has them; 0: as they are.
        batch_size: pieces a step.
        seed: of generation and shuffling.
        vocabularies: those of a trained model, with what its keys and steps are; by the pieces themselves if None.
    """
    pieces, rolls = _pieces(data, examples, seed, (vocabularies or {}).get("rolls"))
    pieces["train"] = [moved for roll in pieces["train"] for moved in transposed(roll, 0 if rolls.drums else transpose)]
    raw = {part: [{"target": roll} for roll in each] for part, each in pieces.items()}
    splits = make_generation_splits(raw, {}, batch_size=batch_size, seed=seed)
    return replace(splits, vocabularies={"rolls": rolls})


def _pieces(
    data: str, examples: int, seed: int, rolls: piano_rolls.PianoRolls | None
) -> tuple[dict[str, list[np.ndarray]], piano_rolls.PianoRolls]:
    """Rolls by split, and what their keys and steps are."""
    if data == "synthetic":
        return split_by_index([piece["target"] for piece in melodies.generate(examples, seed=seed)]), PITCHES
    if data.startswith(PREFIX):
        parts = from_tfds(data, TFDS, each=lambda piece: piece)
        if not isinstance(parts["train"][0], str | bytes):
            return parts, PITCHES
        contents = {
            part: [(one if isinstance(one, bytes) else one.encode(), data) for one in each]
            for part, each in parts.items()
        }
        return _of_files(contents, rolls)
    path = sources.require_path(data)
    if path.is_file():
        return sample_splits(read_any(path, [chorales.FORMAT])), PITCHES
    published = find_split_files(path, [chorales.FORMAT], prefer=CHORALES, depth=0, required=False)
    if published:
        (files,) = published.values()
        return sample_splits(chorales.read(files[0].path)), PITCHES
    return _of_files(_midi_files(path), rolls)


def _midi_files(path: Path) -> dict[str, list[tuple[bytes, str]]]:
    """Contents and names of the MIDI files of a folder, or of its folders train, valid and test (as Nottingham)."""
    files = [file for file in data_files(path, depth=1) if read_head(file).content.startswith(b"MThd")]
    if not files:
        raise DataError(path, None, f"a file of {chorales.FORMAT.name}, or MIDI files", "neither")
    by_split: dict[str, list[Path]] = {}
    for file in files:
        by_split.setdefault(split_of(file.parent.name)[0] if file.parent != path else "", []).append(file)
    if not {"train", "test"} <= set(by_split):
        return split_by_index([(file.read_bytes(), str(file)) for file in sample(files)])
    by_split.pop("", None)
    parts = {name: [(file.read_bytes(), str(file)) for file in part] for name, part in sample_splits(by_split).items()}
    return sources.complete_splits(path, parts)


def _of_files(
    files: dict[str, list[tuple[bytes, str]]], rolls: piano_rolls.PianoRolls | None
) -> tuple[dict[str, list[np.ndarray]], piano_rolls.PianoRolls]:
    """Contents and names of MIDI files by split: pitches by quarters, or drums by sixteenths where no file has pitches.

    Those for a trained model are read as it was trained.
    """

    def read(kind: piano_rolls.PianoRolls) -> dict[str, list[np.ndarray]]:
        how: dict[str, Any] = {"drums": kind.drums, "steps_per_beat": kind.steps_per_beat}
        return {
            part: [piano_rolls.read(name, content=one, **how) for one, name in each] for part, each in files.items()
        }

    if rolls is not None:
        return read(rolls), rolls
    pitches = read(PITCHES)
    if any(roll.any() for part in pitches.values() for roll in part):
        return pitches, PITCHES
    return read(DRUMS), DRUMS


def transposed(roll: np.ndarray, semitones: int) -> list[np.ndarray]:
    """A roll (T, 88) as it is and up to so many semitones lower and higher, without those that leave the piano."""
    if semitones < 0:
        raise ValueError(f"transpose is a number of semitones, 0 or more. Received: {semitones}")
    keys = np.flatnonzero(roll.any(axis=0))
    low, high = (keys.min(), keys.max()) if len(keys) else (0, 0)
    shifts = [shift for shift in range(-semitones, semitones + 1) if low + shift >= 0 and high + shift < roll.shape[1]]
    return [np.roll(roll, shift, axis=1) for shift in shifts]


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "cell": hp.Choice("cell", ["lstm", "gru", "elman"]),
        "units": hp.Int("units", 64, 512, step=64),
        "layers": hp.Int("layers", 1, 2),
        "dropout": hp.Float("dropout", 0.0, 0.6, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 5e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Nats a frame, all 88 keys together, over all frames of the split: every frame counts alike, none is padding."""
    return generation_metrics.likelihood(model, splits[split])


def baseline(splits: Splits) -> dict[str, float]:
    """Each key by itself, given whether it was down in the frame before."""
    train, test = ([piece["target"] for piece in splits.raw[part]] for part in ("train", "test"))
    return {"key_by_key_nats": key_by_key(train, test)}


def plot(model, splits: Splits, folder: Path) -> None:
    """Plot and write continuations of the openings of three test pieces."""
    from zoo.plots.piano_roll import plot_piano_roll

    openings = [piece["target"][:OPENING] for piece in splits.raw["test"][:3]]
    hypotheses = zoo.generate(
        model,
        openings,
        decoder="sampling",
        temperature=TEMPERATURE,
        seed=0,
        maximum_length=OPENING + CONTINUATION,
    )
    for number, (best, *_) in enumerate(hypotheses, 1):
        splits.vocabularies["rolls"].write(folder / f"continuation_{number}.mid", best.tokens)
    with replace_file(folder / "piano_roll.png") as path:
        plot_piano_roll(hypotheses[0][0].tokens, path, opening=len(openings[0]))


def parse_input(text: str, run: zoo.Run) -> np.ndarray:
    """Read the opening that a piece goes on from, of the path of a MIDI file: (T, 88)."""
    path = typed_file(text)
    if path is None:
        raise ValueError(f"An opening is the path of a MIDI file (.mid). Received: {text:.100}, which is no file.")
    return _rolls_of(run).encode(path)


def write_output(hypothesis: zoo.Hypothesis, path: Path, run: zoo.Run) -> str:
    """Write a piece as a MIDI file; return what to print about it."""
    _rolls_of(run).write(path, hypothesis.tokens)
    return f"{len(hypothesis.tokens)} steps"


def format_output(hypothesis: zoo.Hypothesis, run: zoo.Run) -> str:
    """Return the notes of each step, equal steps that follow each other on one line."""
    drums, lines, step = _rolls_of(run).drums, [], 1
    for keys, equal in groupby(tuple(np.flatnonzero(roll > 0.5)) for roll in hypothesis.tokens):
        last = step + len(list(equal)) - 1
        steps = f"{step}" if step == last else f"{step}-{last}"
        lines.append(f"{steps:>9}  {' '.join(_name(chorales.LOWEST + int(key), drums) for key in keys) or '(silence)'}")
        step = last + 1
    return "\n".join(lines)


def _name(number: int, drums: bool) -> str:
    """A MIDI number as a person reads it: C4 is the middle C; a piece of a drum kit has its number alone."""
    return f"drum{number}" if drums else f"{NAMES[number % 12]}{number // 12 - 1}"


def _rolls_of(run: zoo.Run) -> piano_rolls.PianoRolls:
    return run.vocabularies.get("rolls", PITCHES)
