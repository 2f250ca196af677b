"""Draws, movement by movement of a pen: a language model over strokes, as a mixture of places to go to.

    zoo train strokes --data kanji_strokes --out runs/strokes
    zoo generate runs/strokes --count 10 --temperature 0.5 --out drawings
    zoo generate runs/strokes "[[[0, 0], [0, 50]], [[20, 0], [20, 50]]]" --out drawing.svg

A movement is how far the pen goes right and down, and whether it stays on the paper, is lifted there, or the drawing is
done. Movements are in units of their deviation in training, the same for both ways; nats are of densities on that
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

import numpy as np

import zoo
from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.featurizers import drawings
from zoo.data.readers.drawings import ARRAYS, DRAWING, LINES, parse_drawing, read, read_lines
from zoo.data.readers.formats import recognise
from zoo.data.reading_limit import sample, sample_splits
from zoo.data.splits import Splits, split_by_index
from zoo.data.synthetic import drawings as generated
from zoo.recipes.baselines.pen_by_pen import pen_by_pen
from zoo.recipes.common import generation_metrics, sources
from zoo.recipes.common.split_files import find_split_files
from zoo.recipes.common.tfds_sources import PREFIX, from_tfds
from zoo.storage.files import DataError, replace_file
from zoo.storage.paths import typed_file

MODELS = {"recurrent": ("language_model", {"features": 3, "output": "strokes", "components": 20, "dropout": 0.1})}
OPTIMIZERS = {"recurrent": {"learning_rate": 3e-3, "schedule": "cosine", "warmup_steps": 100}}
FIT = {"epochs": 12, "patience": 4, "monitor": "val_nats"}
QUICK = {
    "examples": 600,
    "epochs": 8,
    "units": 64,
    "components": 8,
    "dropout": 0.0,
    "batch_size": 16,
    "learning_rate": 1e-2,
    "warmup_steps": 2,
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
    examples_of = _drawings(data, examples, seed)
    if vocabularies is None:
        vocabularies = {"drawings": drawings.Drawings.of(examples_of["train"])}
    encode = vocabularies["drawings"].encode
    raw = {part: [{"target": encode(one)} for one in each] for part, each in examples_of.items()}
    return replace(make_generation_splits(raw, {}, batch_size=batch_size, seed=seed), vocabularies=dict(vocabularies))


def _drawings(data: str, examples: int, seed: int) -> dict[str, list[np.ndarray]]:
    if data == "synthetic":
        return split_by_index(generated.generate(examples, seed=seed))
    if data.startswith(PREFIX):
        return from_tfds(data, TFDS, each=lambda drawing: np.asarray(drawing, "float32"))
    path = sources.require_path(data)
    if path.is_file():
        format = recognise(path, (ARRAYS, LINES))
        return sample_splits(format.read(path)) if format is ARRAYS else split_by_index(sample(format.read(path)))
    files = find_split_files(path, (ARRAYS, LINES), prefer=FILE)
    arrays = [file for own in files.values() for file in own if file.format is ARRAYS]
    if arrays:
        return sample_splits(read(arrays[0].path))
    lines = {split: [one for file in own for one in read_lines(file.path)] for split, own in files.items()}
    return sources.complete_splits(path, sample_splits(lines))


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "components": hp.Int("components", 5, 30, step=5),
        "units": hp.Int("units", 64, 512, step=64),
        "layers": hp.Int("layers", 1, 3),
        "dropout": hp.Float("dropout", 0.0, 0.4, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 5e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Nats a movement, the end of each drawing included: of its pen state and of the density of where it goes."""
    return generation_metrics.likelihood(model, splits[split])


def baseline(splits: Splits) -> dict[str, float]:
    """Each movement by the one before it alone: a normal density for every two pen states."""
    train, test = ([one["target"] for one in splits.raw[part]] for part in ("train", "test"))
    return {"pen_by_pen_nats": pen_by_pen(train, test)}


def plot(model, splits: Splits, folder: Path) -> None:
    """Test drawings above those that the model draws, from sharply to freely."""
    from zoo.plots.drawings import plot_drawings

    rows = [("test", [drawings.lines(one["target"]) for one in splits.raw["test"][:SHOWN]])]
    for temperature in TEMPERATURES:
        hypotheses = zoo.generate(
            model, SHOWN, decoder="sampling", temperature=temperature, seed=0, maximum_length=LONGEST
        )
        rows.append((f"temperature {temperature}", [drawings.lines(best.tokens) for best, *_ in hypotheses]))
    with replace_file(folder / "drawings.png") as path:
        plot_drawings(rows, path)


def parse_input(text: str, run: zoo.Run) -> np.ndarray:
    """Read the prefix that a drawing goes on from: lines of points as JSON, or a .jsonl file of one drawing."""
    if path := typed_file(text):
        drawing, *others = read_lines(path)
        if others:
            raise DataError(path, None, "one drawing to continue", f"{1 + len(others)}")
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
