"""Draws, movement by movement of a pen: a language model over strokes, as a mixture of places to go to.

    zoo train strokes --data kanji_strokes --out runs/strokes
    zoo generate runs/strokes --count 10 --temperature 0.5 --out drawings
    zoo generate runs/strokes "[[[0, 0], [0, 50]], [[20, 0], [20, 50]]]" --out drawing.svg

A movement is how far the pen goes right and down, and whether it stays on the paper, is lifted there, or the drawing is
done. Movements are told in units of their deviation in training, the same for both ways; nats are of densities on that
scale, and may be below 0.

Data: `synthetic` (circles, squares, crosses ... side by side); a folder with kanji_strokes.npz, or such a file (no
pickle): {train,valid,test}_points (N, 3) and _offsets; JSON lines of your own, plain or .gz, a drawing a line: [[[x,
y], [x, y], ...], ...], its lines as lists of points, y down, or as Quick, Draw! has them (.ndjson; split by index, or a
folder with a file for each split); tfds:NAME of a set of your own with the feature `drawing`, movements (N, 3) as in
the .npz file (TFDS has pictures of drawings alone, as quickdraw_bitmap).

Graves 2013, arXiv:1308.0850, section 4; Ha & Eck 2017, arXiv:1704.03477 (pen states, temperature, the drawing's end).
"""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

import zoo
from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.featurizers import drawings
from zoo.data.readers.drawings import ARRAYS, DRAWING, LINES, parse_drawing, read, read_lines
from zoo.data.readers.formats import recognise
from zoo.data.reading_limit import sample, sample_splits
from zoo.data.splits import Splits, split_by_index
from zoo.data.synthetic import drawings as generated
from zoo.experiments.optimizers import compile_generator, smaller_steps
from zoo.recipes.baselines.pen_by_pen import pen_by_pen
from zoo.recipes.common import generation_metrics, sources
from zoo.recipes.common.split_files import find_split_files
from zoo.recipes.common.tfds_sources import PREFIX, from_tfds
from zoo.storage.files import DataError, replace_file
from zoo.storage.paths import typed_file

EPOCHS = 12
PATIENCE = 4
MONITOR = "val_nats"
QUICK = {
    "examples": 600,
    "epochs": 8,
    "units": 64,
    "components": 8,
    "dropout": 0.0,
    "batch_size": 16,
    "learning_rate": 1e-2,
}
FILE = "kanji_strokes.npz"
# What `zoo generate` calls its files.
OUTPUT_FILE = "drawing_{}.svg"
LONGEST = 250
# Features of sets of TFDS: one's own.
TFDS = (("drawing",),)
# Pictures: how sharply drawings are drawn, and how many of each.
TEMPERATURES, SHOWN = (0.2, 0.5, 1.0), 10


def data(
    *,
    data: str = "synthetic",
    examples: int = 4000,
    batch_size: int = 64,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Drawings as movements.

    Args:
        data: synthetic, a path, or tfds:NAME of a set of your own.
        examples: how many drawings to generate (synthetic only).
        batch_size: drawings a step.
        seed: of generation and shuffling.
        vocabularies: those of a trained model, with the scale of movements; the training drawings' own if None.
    """
    found = _drawings(data, examples, seed)
    if vocabularies is None:
        vocabularies = {"drawings": drawings.Drawings.of(found["train"])}
    encode = vocabularies["drawings"].encode
    raw = {part: [{"target": encode(one)} for one in each] for part, each in found.items()}
    return replace(make_generation_splits(raw, {}, batch_size=batch_size, seed=seed), vocabularies=dict(vocabularies))


def _drawings(data: str, examples: int, seed: int) -> dict[str, list[np.ndarray]]:
    if data == "synthetic":
        return split_by_index(generated.generate(examples, seed=seed))
    if data.startswith(PREFIX):
        return from_tfds(data, TFDS, each=lambda drawing: np.asarray(drawing, "float32"))
    path = sources.existing(data)
    if path.is_file():
        format = recognise(path, (ARRAYS, LINES))
        return sample_splits(format.read(path)) if format is ARRAYS else split_by_index(sample(format.read(path)))
    files = find_split_files(path, (ARRAYS, LINES), prefer=FILE)
    arrays = [file for own in files.values() for file in own if file.format is ARRAYS]
    if arrays:
        return sample_splits(read(arrays[0].path))
    lines = {split: [one for file in own for one in read_lines(file.path)] for split, own in files.items()}
    return sources.complete(path, sample_splits(lines))


def model(
    splits: Splits,
    *,
    components: int = 20,
    cell: str = "lstm",
    units: int = 256,
    layers: int = 2,
    residual: bool = False,
    layer_normalization: bool = False,
    dropout: float = 0.1,
    learning_rate: float = 3e-3,
    decay_epochs: int = EPOCHS,
) -> keras.Model:
    """A language model over movements, compiled.

    Args:
        components: places that the mixture of a step has.
        cell: a name of zoo.cells.CELLS.
        units: width of each layer.
        layers: recurrent layers on top of each other.
        residual: add each layer's input to its output.
        layer_normalization: normalise each layer's input.
        dropout: rate on the movements that come in and on each layer's output.
        learning_rate: of Adam, the highest.
        decay_epochs: epochs over which it falls to 0, along a cosine; 0: it stays and is
            halved when validation gets no better.
    """
    model = zoo.build(
        "language_model",
        features=3,
        output="strokes",
        components=components,
        cell=cell,
        units=units,
        layers=layers,
        residual=residual,
        layer_normalization=layer_normalization,
        dropout=dropout,
    )
    if not decay_epochs:
        return compile_generator(model, learning_rate)
    steps = decay_epochs * len(splits.train)
    warmup = min(100, steps // 100)
    return compile_generator(
        model, learning_rate, schedule="cosine", warmup_steps=warmup, decay_steps=max(1, steps - warmup)
    )


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Smaller steps on a plateau, unless they become smaller by themselves."""
    return smaller_steps(model, MONITOR)


def space(hp) -> dict:
    """What a search varies."""
    return {
        "components": hp.Int("components", 5, 30, step=5),
        "units": hp.Int("units", 64, 512, step=64),
        "layers": hp.Int("layers", 1, 3),
        "dropout": hp.Float("dropout", 0.0, 0.4, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 5e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Nats a movement, the end of each drawing included: of its pen state and of the density of where it goes."""
    return generation_metrics.likelihood(model, getattr(splits, split))


def baseline(splits: Splits) -> dict[str, float]:
    """Each movement by the one before it alone: a normal density for every two pen states."""
    train, test = ([one["target"] for one in splits.raw[part]] for part in ("train", "test"))
    return {"pen_by_pen_nats": pen_by_pen(train, test)}


def pictures(model, splits: Splits, folder: Path) -> None:
    """Test drawings above those that the model draws, from sharply to freely."""
    from zoo.plots.drawings import plot_drawings

    rows = [("test", [drawings.lines(one["target"]) for one in splits.raw["test"][:SHOWN]])]
    for temperature in TEMPERATURES:
        found = zoo.generate(model, SHOWN, decoder="sampling", temperature=temperature, seed=0, maximum_length=LONGEST)
        rows.append((f"temperature {temperature}", [drawings.lines(best.tokens) for best, *_ in found]))
    with replace_file(folder / "drawings.png") as path:
        plot_drawings(rows, path)


def understand(text: str, run: zoo.Run) -> np.ndarray:
    """Read the prefix that a drawing goes on from: lines of points as JSON, or a .jsonl file of one drawing."""
    if path := typed_file(text):
        drawing, *others = read_lines(path)
        if others:
            raise DataError(path, None, "one drawing to go on from", f"{1 + len(others)}")
    elif text.lstrip().startswith("["):
        drawing = parse_drawing(text, "the prefix")
    else:
        raise ValueError(f"A prefix is the path of a .jsonl file, or {DRAWING} as JSON. Received: {text:.100}")
    return run.vocabularies["drawings"].encode(drawing)[:-1]  # without its end


def write_output(hypothesis: zoo.Hypothesis, path: Path, run: zoo.Run) -> str:
    """Write a drawing as an SVG file; return what to print about it."""
    drawings.write_svg(path, hypothesis.tokens)
    return _count(hypothesis)


def format_output(hypothesis: zoo.Hypothesis, run: zoo.Run) -> str:
    """Return a drawing in characters, and how many movements it has."""
    return f"{drawings.to_text(hypothesis.tokens)}\n{_count(hypothesis)}"


def _count(hypothesis: zoo.Hypothesis) -> str:
    end = "" if hypothesis.finished else ", not finished: raise --maximum-length"
    return f"{len(hypothesis.tokens)} movements{end}"


if __name__ == "__main__":
    from zoo.cli.main import run_recipe

    run_recipe("strokes")
