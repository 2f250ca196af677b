"""Memory span of cells: the adding problem and copy memory, with the gradient by lag.

    zoo train memory_span --cell simplified_gru --out runs/adding
    zoo train memory_span --task copy --length 20 --cell lstm --out runs/copy

Adding: of `length` numbers in [0, 1], add the two that are marked; answering 1 always has an error of 1/6 = 0.167.
Copy: repeat ten digits after a blank of `length` steps; forgetting them costs 10 ln 8 / (length + 20) nats a step.
Data: `synthetic` is the task itself; tfds:zoo_memory_span (`frames`, `target`) and, with --task copy,
tfds:zoo_memory_span_copy (`source`, `target`, symbols 0 to 9). (TFDS has no public set of these tasks.)
Papers: Hochreiter & Schmidhuber 1997; Le et al. 2015 (arXiv:1504.00941); Arjovsky et al. 2016 (arXiv:1511.06464).

Seen, adding over 100 steps, 2 CPU cores, 2 minutes a cell: every gated cell below 0.0003, Elman and Jordan 0.166, IRNN
(--learning-rate 0.001 --epochs 20) 0.006; 1 seed.
"""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

import zoo
from zoo.cells import CELLS
from zoo.data.splits import Splits, make_splits
from zoo.data.synthetic import adding, copy_memory
from zoo.plots.gradient_by_lag import plot_gradient_by_lag
from zoo.recipes.common import mapping_metrics
from zoo.recipes.common.tfds_sources import PREFIX, from_tfds
from zoo.recurrent.recurrent_stack import RecurrentStack
from zoo.training.gradients import gradient_by_lag
from zoo.training.metrics import classification

SYMBOLS = 10
MODELS = {
    "adding": ("many_to_one", {"features": 2, "outputs": 1, "activation": None, "units": 64}),
    "copy": ("many_to_many", {"features": SYMBOLS, "outputs": SYMBOLS - 1, "units": 64, "bidirectional": False}),
}
CHOICE = "task"
OPTIMIZERS = {task: {"learning_rate": 1e-2} for task in MODELS}
FIT = {"epochs": 5, "patience": 5, "monitor": {"adding": "val_mse", "copy": "val_nats"}, "batch_size": 64}
QUICK = {"examples": 1500, "length": 20, "units": 24, "epochs": 3, "learning_rate": 5e-3}
# Features of sets of TFDS, by task: the generated ones'.
TFDS = {"adding": (("frames", "target"),), "copy": (("source", "target"),)}


def data(
    *, data: str = "synthetic", task: str = "adding", length: int = 100, examples: int = 25_000, seed: int = 0
) -> dict[str, list]:
    """Frames with a sum, or one-hot symbols with a symbol a step.

    Args:
        data: synthetic, as these tasks are generated, or tfds:zoo_memory_span.
        task: adding or copy.
        length: steps over which to remember.
        examples: how many to generate, split 8 : 1 : 1.
        seed: of generation.
    """
    if data.startswith(PREFIX):
        return from_tfds(data, TFDS[task], each=_one_hot if task == "copy" else lambda *values: values)
    if data != "synthetic":
        raise ValueError(f"memory_span generates its data: --data synthetic, or tfds:NAME. Received: {data!r}")
    raw = {}
    for number, (name, share) in enumerate((("train", 8), ("validation", 1), ("test", 1))):
        count = max(examples * share // 10, 1)
        own = 3 * seed + number  # no example of one split in another
        if task == "adding":
            raw[name] = adding.generate(count, length=length, seed=own)
        else:
            pairs = copy_memory.generate(count, blanks=length, seed=own)
            raw[name] = [_one_hot(source, target) for source, target in pairs]
    return raw


def batches(raw, vocabularies, *, task: str = "adding", batch_size: int = 32, seed: int = 0) -> Splits:
    """Sequences with one target, or with one a step.

    Args:
        batch_size: sequences of a step.
        seed: of shuffling.
    """
    return make_splits(raw, vocabularies, batch_size=batch_size, aligned=task == "copy", seed=seed)


def _one_hot(source: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Symbols as one-hot frames, and their targets."""
    return np.eye(SYMBOLS, dtype="float32")[source], target


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "cell": hp.Choice("cell", list(CELLS)),
        "units": hp.Int("units", 32, 128, step=32),
        "learning_rate": hp.Float("learning_rate", 3e-4, 1e-2, sampling="log"),
    }


def evaluate(model: keras.Model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Adding: mean squared and mean absolute error. Copying: accuracy of the repeated digits, and nats a step."""
    outputs, targets = mapping_metrics.gather(model, splits[split])
    if not splits.train.aligned:
        predictions, true = np.stack(outputs), np.stack(targets)
        return {
            "mse": classification.mse(predictions, true),
            "mean_error": classification.mean_error(predictions, true),
        }
    predictions, true = np.stack(outputs), np.stack(targets)
    likelihood = np.log(np.maximum(np.take_along_axis(predictions, true[..., None], -1), 1e-9))
    return {
        "accuracy": classification.accuracy(predictions.argmax(-1)[:, -10:], true[:, -10:]),
        "nats": float(-likelihood.mean()),
    }


def baseline(splits: Splits) -> dict[str, float]:
    """Return the error of a model without memory."""
    if not splits.train.aligned:
        return {"mean_mse": classification.mse(np.ones((splits.test.examples, 1)), np.stack(splits.test.targets))}
    return {"memoryless_nats": 10 * float(np.log(8)) / len(splits.test.targets[0])}


def plot(model: keras.Model, splits: Splits, folder: Path) -> None:
    """Gradient norm against lag of this cell, before and after training: `gradient_by_lag.png`."""
    frames = np.stack(splits.test.inputs["frames"][:32])
    stack = model.get_layer("stack")
    untrained = RecurrentStack(stack.cell, stack.width)
    norms = {
        f"{stack.cell}, untrained": gradient_by_lag(untrained, frames),
        f"{stack.cell}, trained": gradient_by_lag(stack, frames),
    }
    plot_gradient_by_lag(norms, folder / "gradient_by_lag.png")


def compare(folders: Sequence[str | Path], picture: str | Path, *, length: int = 100) -> None:
    """Draws gradient norm against lag of several trained runs in one picture: which cells still feel the beginning.

    compare(["runs/elman", "runs/lstm"], "lags.png")
    """
    frames = np.stack([example for example, _ in adding.generate(32, length=length, seed=1)])
    stacks = [zoo.load(folder).model.get_layer("stack") for folder in folders]
    plot_gradient_by_lag({stack.cell: gradient_by_lag(stack, frames) for stack in stacks}, picture)
