"""Goes on with a piece of music, chord by chord: a language model over the 88 keys of a piano.

    zoo train music --data jsb_chorales --out runs/music

A frame is what sounds in a quarter note, 88 yes or no, which the model says independently of each other given all
frames before (voices that move together are beyond that: RNN-RBM and RNN-NADE, which model them, reach 6.3 and 5.6).
There are 229 pieces to learn from, so each is heard in eleven keys, up to five semitones lower and higher;
--transpose 0 leaves them as they are, which is what figures of the literature mean (LSTM 8.45, GRU 8.43: Bai et al.).

Data: `synthetic` (hymns of triads in all keys); a folder with jsb-chorales-quarter.json(.gz), such a file, or your own:
{"train": [piece, ...], "valid": [...], "test": [...]}, a piece is a list of steps, a step a list of the MIDI numbers
that sound; a folder of MIDI files, sorted by name and split by index; tfds:groove/2bar-midionly and other sets of MIDI
files as `midi`, or of piano rolls as `roll` (steps, 88). Files of drums alone, as those of groove, are read by
sixteenths, a key a piece of the kit, and not transposed.

Seen on the chorales, 2 CPU cores: 8.41 nats a frame on test after 40 epochs of 10 s.
Boulanger-Lewandowski et al. 2012, arXiv:1206.6392; Chung et al. 2014, arXiv:1412.3555; Bai et al. 2018,
arXiv:1803.01271.
"""

from pathlib import Path

import keras
import numpy as np

import zoo
from recipes import sources, writing
from recipes.baselines.key_by_key import key_by_key
from recipes.compiling import compile_generator, reduce_on_plateau
from recipes.tfds_sources import PREFIX, from_tfds
from zoo.data import midi
from zoo.data.files import DataError, replace_file, visible_files
from zoo.data.generation import make_generation_splits
from zoo.data.readers import chorales
from zoo.data.splits import Splits, split_by_index
from zoo.data.synthetic import melodies

EPOCHS = 40
PATIENCE = 5
MONITOR = "val_nats"
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
CHORALES = ("jsb-chorales-quarter.json", "jsb-chorales-quarter.json.gz")
# Features of sets of TFDS: groove; one's own.
TFDS = (("midi",), ("roll",))
DRUM_STEPS = 4  # of a quarter note
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
        transpose: training pieces are heard in all keys up to so many semitones lower and higher, where the piano has
            them; 0: as they are.
        batch_size: pieces a step.
        seed: of generation and shuffling.
        vocabularies: there are none.
    """
    rolls, pitched = _rolls(data, examples, seed)
    rolls["train"] = [moved for roll in rolls["train"] for moved in transposed(roll, transpose if pitched else 0)]
    raw = {part: [{"target": roll} for roll in pieces] for part, pieces in rolls.items()}
    return make_generation_splits(raw, {}, batch_size=batch_size, seed=seed)


def _rolls(data: str, examples: int, seed: int) -> tuple[dict[str, list[np.ndarray]], bool]:
    """Rolls by split, and whether their keys are pitches."""
    if data == "synthetic":
        return split_by_index([piece["target"] for piece in melodies.generate(examples, seed=seed)]), True
    if data.startswith(PREFIX):
        found = from_tfds(data, TFDS, each=lambda piece: piece)
        if not isinstance(found["train"][0], str | bytes):
            return found, True
        files = {
            part: [one if isinstance(one, bytes) else one.encode() for one in each] for part, each in found.items()
        }
        return _of_files(data, files)
    return _of_path(sources.existing(data)), True


def _of_files(name: str, files: dict[str, list[bytes]]) -> tuple[dict[str, list[np.ndarray]], bool]:
    """MIDI files by split: their pitches by quarters, or the drums by sixteenths where no file has pitches."""
    rolls = {part: [midi.read(name, content=one) for one in each] for part, each in files.items()}
    if any(roll.any() for part in rolls.values() for roll in part):
        return rolls, True
    return {
        part: [midi.read(name, content=one, drums=True, steps_per_beat=DRUM_STEPS) for one in each]
        for part, each in files.items()
    }, False


def _of_path(path: Path) -> dict[str, list[np.ndarray]]:
    if not path.is_dir():
        return chorales.read(path)
    for name in CHORALES:
        if (path / name).is_file():
            return chorales.read(path / name)
    files = sorted(file for file in visible_files(path) if file.name.lower().endswith((".mid", ".midi")))
    if not files:
        raise DataError(path, None, f"{CHORALES[0]}, plain or .gz, or .mid files", "neither")
    return split_by_index([midi.read(file) for file in files])


def transposed(roll: np.ndarray, semitones: int) -> list[np.ndarray]:
    """A roll (T, 88) as it is and up to so many semitones lower and higher, without those that leave the piano."""
    if semitones < 0:
        raise ValueError(f"transpose is a number of semitones, 0 or more. Received: {semitones}")
    keys = np.flatnonzero(roll.any(axis=0))
    low, high = (keys.min(), keys.max()) if len(keys) else (0, 0)
    shifts = [shift for shift in range(-semitones, semitones + 1) if low + shift >= 0 and high + shift < roll.shape[1]]
    return [np.roll(roll, shift, axis=1) for shift in shifts]


def model(
    splits: Splits,
    *,
    cell: str = "lstm",
    units: int = 256,
    layers: int = 1,
    residual: bool = False,
    layer_normalization: bool = False,
    dropout: float = 0.1,
    learning_rate: float = 2e-3,
) -> keras.Model:
    """A language model over frames, compiled.

    Args:
        cell: a name of zoo.cells.CELLS.
        units: width of each layer.
        layers: recurrent layers on top of each other.
        residual: add each layer's input to its output.
        layer_normalization: normalise each layer's input.
        dropout: rate on the frames that come in and on each layer's output.
        learning_rate: of Adam; halved when validation gets no better.
    """
    model = zoo.build(
        "language_model",
        features=chorales.KEYS,
        cell=cell,
        units=units,
        layers=layers,
        residual=residual,
        layer_normalization=layer_normalization,
        dropout=dropout,
    )
    return compile_generator(model, learning_rate)


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Smaller steps on a plateau."""
    return [reduce_on_plateau(model, MONITOR)]


def space(hp) -> dict:
    """What a search varies."""
    return {
        "cell": hp.Choice("cell", ["lstm", "gru", "elman"]),
        "units": hp.Int("units", 64, 512, step=64),
        "layers": hp.Int("layers", 1, 2),
        "dropout": hp.Float("dropout", 0.0, 0.6, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 5e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Nats a frame, all 88 keys together, over all frames of the split: every frame counts alike, none is padding."""
    return writing.likelihood(model, getattr(splits, split))


def baseline(splits: Splits) -> dict[str, float]:
    """Each key by itself, given whether it was down in the frame before."""
    train, test = ([piece["target"] for piece in splits.raw[part]] for part in ("train", "test"))
    return {"key_by_key_nats": key_by_key(train, test)}


def pictures(model, splits: Splits, folder: Path) -> None:
    """How the model goes on from the openings of three test pieces: to be seen (the first) and to be heard."""
    from zoo.plots.piano_roll import plot_piano_roll

    openings = [piece["target"][:OPENING] for piece in splits.raw["test"][:3]]
    found = zoo.generate(
        model,
        openings,
        decoder="sampling",
        temperature=TEMPERATURE,
        seed=0,
        maximum_length=OPENING + CONTINUATION,
    )
    for number, (best, *_) in enumerate(found, 1):
        midi.write(folder / f"continuation_{number}.mid", best.tokens)
    with replace_file(folder / "piano_roll.png") as path:
        plot_piano_roll(found[0][0].tokens, path, given=len(openings[0]))


if __name__ == "__main__":
    from recipes.cli import run_recipe

    run_recipe("music")
