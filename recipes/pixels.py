"""Draws pictures pixel by pixel: how likely is each, how do new ones look, and how does a half go on?

    zoo train pixels --data mnist_t10k --out runs/pixels
    zoo train pixels --data mnist_t10k --model diagonal_bilstm --layers 1 --epochs 5 --out runs/d
    zoo generate runs/pixels --count 16 --out drawn
    zoo generate runs/pixels digit.png --out completed.png

Nats are of a whole picture, the sum over its pixels (`val_nats` of the history is the mean a pixel); bits are of a
pixel. Black and white pictures are by default drawn (`--binary sampled`): each pixel is white with its brightness as
the probability, once, from the seed, as in published results (another draw than the published one
of Larochelle: the two differ by a nat or two). `--binary threshold` cuts at a half: less noisy pictures, whose results
are not to be compared with those. `--levels 256` keeps the greys.

Data: `synthetic` (generated stripes, boxes, crosses ...); an IDX file of pictures or a folder with one, as MNIST comes,
of which the first eight tenths are for training, then one for validation, the last for testing (of two, the one named
t10k is for testing); a folder of PNG, JPEG or GIF files, turned to grey and resized to --height and --width, which is
printed and counted, split by index mod 10; tfds:mnist, tfds:binarized_mnist (Larochelle's draw) and other sets of
`image`.

Seen on mnist_t10k (8000 digits to learn from), 2 CPU cores, test: 92.7 nats a picture after 3 epochs of 100 s (a row
LSTM, the default); 91.1 after 5 of 150 s by a diagonal BiLSTM of --layers 1; 98.5 after 2 of 50 s by a raster LSTM of
--layers 1. Each pixel by itself: 213.
van den Oord et al. 2016, arXiv:1601.06759 (79 to 81 nats, of 50000 digits).
"""

import math
from pathlib import Path

import numpy as np

import zoo
from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.readers import pictures as files
from zoo.data.splits import Splits
from zoo.lookup import lookup
from zoo.recipes.baselines.pixel_by_pixel import pixel_by_pixel
from zoo.recipes.common import generation_metrics, pixel_sources
from zoo.recipes.common.pixel_sources import grey_pictures, to_levels
from zoo.storage.files import replace_file
from zoo.storage.paths import typed_file

PIXELS = {"levels": 2, "residual": True}
MODELS = {
    "row_lstm": ("row_lstm", PIXELS),
    "raster_lstm": ("raster_lstm", PIXELS),
    "diagonal_bilstm": ("diagonal_bilstm", PIXELS),
}
OPTIMIZERS = {name: {"learning_rate": 8e-3, "schedule": "cosine"} for name in MODELS}
FIT = {"epochs": 3, "patience": 3, "monitor": "val_nats"}
QUICK = {
    "examples": 1000,
    "epochs": 8,
    "units": 16,
    "layers": 1,
    "kernel": 5,
    "learning_rate": 1e-2,
}


def pixel_output(splits: Splits, *, levels: int = 2) -> str:
    """Return the distribution of a pixel: black or white, or one of several levels."""
    return "bernoulli" if levels == 2 else "levels"


SIZES = {"picture_shape": lambda splits: splits.vocabularies["picture"].shape[:2], "output": pixel_output}
BINARY = {"sampled": "white as often as it is bright", "threshold": "white from half the brightness on"}
TFDS = pixel_sources.TFDS
# Rows and columns of new pictures, and how many halves go on, how often each.
GRID, HALVES, CONTINUATIONS = (4, 8), 6, 4
# What `zoo generate` calls its files; characters from black to white, and pixels of a row in them at most.
OUTPUT_FILE = "{}.png"
SHADES, COLUMNS = " .:-=+*#%@", 64


def data(
    *,
    data: str = "synthetic",
    examples: int = 4000,
    height: int | None = None,
    width: int | None = None,
    levels: int = 2,
    binary: str = "sampled",
    batch_size: int = 16,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Pictures as sequences of pixels.

    Args:
        data: synthetic, a path, or tfds:mnist.
        examples: how many pictures to generate (synthetic only).
        height: in pixels; as the data have it if not given (28 for a folder of pictures, 12 generated).
        width: in pixels; as the data have it if not given.
        levels: of grey; 2 is black and white.
        binary: how pixels become black or white, sampled (by their brightness) or threshold.
        batch_size: pictures a step.
        seed: of generation, of what is sampled, and of shuffling.
        vocabularies: those of a trained model; made of height and width if None.
    """
    lookup("binary", binary, BINARY)
    if levels < 2:
        raise ValueError(f"levels is at least 2 (black and white). Received: {levels}")
    sense = (vocabularies or {}).get("picture")
    grey, sense = grey_pictures(data, examples=examples, height=height, width=width, seed=seed, sense=sense)
    if repairs := vars(sense)["repairs"]:
        print("Pictures: " + ", ".join(f"{count} {what}" for what, count in repairs.items()))
    random = np.random.default_rng(seed)
    raw = {
        part: [{"target": to_levels(one, levels, binary, random)} for one in grey[part]]
        for part in ("train", "validation", "test")
    }
    splits = make_generation_splits(raw, {}, batch_size=batch_size, seed=seed)
    splits.vocabularies = {"picture": sense}  # no input of the model, but what a picture must be for it
    return splits


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "model": hp.Choice("model", list(MODELS)),
        "units": hp.Int("units", 16, 64, step=16),
        "layers": hp.Int("layers", 1, 4),
        "kernel": hp.Choice("kernel", [3, 5, 7, 9]),
        "learning_rate": hp.Float("learning_rate", 1e-3, 1e-2, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Nats a picture, the sum over its pixels, and bits a pixel."""
    nats = generation_metrics.likelihood(model, splits[split])["nats"]
    return {"nats": nats * model.maximum_target, "bits": nats / math.log(2)}


def baseline(splits: Splits) -> dict[str, float]:
    """Each pixel by itself, as often white (or of which level) as in training: nats a picture."""
    train, test = ([picture["target"] for picture in splits.raw[part]] for part in ("train", "test"))
    levels = 1 + int(max(picture.max() for picture in [*train, *test]))
    return {"independent_nats": pixel_by_pixel(train, test, max(2, levels))}


def plot(model, splits: Splits, folder: Path) -> None:
    """New pictures, and how the model goes on with the upper halves of some of the test."""
    from zoo.plots.pictures import plot_pictures

    height, width = model.stack.picture_shape
    drawn = zoo.generate(model, math.prod(GRID), decoder="sampling", seed=0)
    new = np.stack([shown(best, model) for best, *_ in drawn])
    with replace_file(folder / "samples.png") as path:
        plot_pictures(new.reshape(*GRID, height, width), path)

    true = [picture["target"] for picture in splits.raw["test"][:HALVES]]
    half = height // 2 * width
    hypotheses = zoo.generate(
        model, [picture[:half] for picture in true for _ in range(CONTINUATIONS)], decoder="sampling", seed=1
    )
    rows = np.stack([shown(best, model) for best, *_ in hypotheses]).reshape(len(true), CONTINUATIONS, height, width)
    whole = np.stack(true).reshape(len(true), 1, height, width) / (levels_of(model) - 1)
    observed = np.tile([0] + CONTINUATIONS * [half], (len(true), 1))
    with replace_file(folder / "completions.png") as path:
        titles = ["true", *["drawn"] * CONTINUATIONS]
        plot_pictures(np.concatenate([whole, rows], axis=1), path, observed=observed, titles=titles)


def levels_of(model) -> int:
    """Return the number of levels of a pixel; 2 for black and white."""
    return max(2, model.distribution.size)


def shown(hypothesis, model) -> np.ndarray:
    """Return the generated pixels as an image (H, W) from 0 to 1; missing pixels are black."""
    height, width = model.stack.picture_shape
    pixels = np.zeros(height * width, "float32")
    pixels[: len(hypothesis.tokens)] = hypothesis.tokens[:, 0] / (levels_of(model) - 1)
    return pixels.reshape(height, width)


def parse_input(text: str, run: zoo.Run) -> np.ndarray:
    """Read the upper half of a picture, which the model goes on from, of the path of its file: (pixels, 1)."""
    path = typed_file(text)
    if path is None:
        raise ValueError(f"A prefix is the path of a picture. Received: {text:.100}, which is no file.")
    grey = run.vocabularies["picture"].encode(path)[..., 0]
    values = to_levels(grey, levels_of(run.model), run.recipe["arguments"]["binary"], np.random.default_rng(0))
    return values[: grey.shape[0] // 2 * grey.shape[1]]


def write_output(hypothesis: zoo.Hypothesis, path: Path, run: zoo.Run) -> str:
    """Write a picture as a PNG file; there is nothing to print about it."""
    files.write(path, shown(hypothesis, run.model)[..., None])
    return ""


def format_output(hypothesis: zoo.Hypothesis, run: zoo.Run) -> str:
    """Return a picture in characters, black as blanks; of a large one every so many pixels."""
    picture = shown(hypothesis, run.model)
    step = -(-max(picture.shape) // COLUMNS)
    shades = np.round(picture[::step, ::step] * (len(SHADES) - 1)).astype(int)
    return "\n".join("".join(2 * SHADES[shade] for shade in row).rstrip() for row in shades)
