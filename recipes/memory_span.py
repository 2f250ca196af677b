"""How far back can a cell remember? The adding problem and copy memory, with the gradient drawn against the lag.

    zoo train memory_span --cell simplified_gru --out runs/adding
    zoo train memory_span --task copy --length 20 --cell lstm --out runs/copy

Adding: of `length` numbers in [0, 1], add the two that are marked; answering 1 always has an error of 1/6 = 0.167.
Copy: say ten digits again after a blank of `length` steps; forgetting them costs 10 ln 8 / (length + 20) nats a step.
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
from zoo.training.losses import WeightedMean
from zoo.training.metrics import classification
from zoo.training.metrics.step_accuracy import StepAccuracy
from zoo.training.metrics.step_cross_entropy import StepCrossEntropy

EPOCHS = 5
PATIENCE = 5
MONITOR = "val_mean_loss"
QUICK = {"examples": 1500, "length": 20, "units": 24, "epochs": 3, "learning_rate": 5e-3}
SYMBOLS = 10
# Features of sets of TFDS, by task: the generated ones'.
TFDS = {"adding": (("frames", "target"),), "copy": (("source", "target"),)}


def data(
    *,
    data: str = "synthetic",
    task: str = "adding",
    length: int = 100,
    examples: int = 25_000,
    batch_size: int = 64,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Frames with a sum, or one-hot symbols with a symbol a step.

    Args:
        data: synthetic, as these tasks are generated, or tfds:zoo_memory_span.
        task: adding or copy.
        length: steps over which to remember.
        examples: how many to generate, split 8 : 1 : 1.
        batch_size: examples a step.
        seed: of generation and shuffling.
        vocabularies: there are none.
    """
    if task not in TFDS:
        raise ValueError(f"task must be adding or copy. Received: {task!r}")
    if data.startswith(PREFIX):
        raw = from_tfds(data, TFDS[task], each=_shown if task == "copy" else lambda *values: values)
        return make_splits(raw, {}, batch_size=batch_size, aligned=task == "copy", seed=seed)
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
            raw[name] = [_shown(source, target) for source, target in pairs]
    return make_splits(raw, {}, batch_size=batch_size, aligned=task == "copy", seed=seed)


def _shown(source: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Symbols one-hot, and what is to be said."""
    return np.eye(SYMBOLS, dtype="float32")[source], target


def model(
    splits: Splits,
    *,
    cell: str = "lstm",
    units: int = 64,
    layers: int = 1,
    learning_rate: float = 1e-2,
) -> keras.Model:
    """Many-to-one with one number for adding, causal many-to-many for copying.

    Args:
        cell: a name of zoo.cells.CELLS; the one whose memory is tried.
        units: width of the state.
        layers: recurrent layers.
        learning_rate: of Adam.
    """
    recurrent = {"cell": cell, "units": units, "layers": layers, "bidirectional": False}
    if splits.train.aligned:
        model = zoo.build("many_to_many", features=SYMBOLS, outputs=SYMBOLS - 1, **recurrent)
        loss = keras.losses.SparseCategoricalCrossentropy
        measured = [StepAccuracy(), StepCrossEntropy(name="mean_loss")]
    else:
        model = zoo.build("many_to_one", features=2, outputs=1, activation=None, **recurrent)
        loss, measured = keras.losses.MeanSquaredError, [keras.metrics.MeanSquaredError(name="mean_loss")]
    optimizer = keras.optimizers.Adam(learning_rate, global_clipnorm=1.0)
    model.compile(optimizer, WeightedMean(loss(reduction="none")), weighted_metrics=measured)
    return model


def space(hp) -> dict:
    """What a search varies."""
    return {
        "cell": hp.Choice("cell", list(CELLS)),
        "units": hp.Int("units", 32, 128, step=32),
        "learning_rate": hp.Float("learning_rate", 3e-4, 1e-2, sampling="log"),
    }


def evaluate(model: keras.Model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Adding: mean squared and mean absolute error. Copying: accuracy of the digits said again, and nats a step."""
    outputs, targets = mapping_metrics.gather(model, getattr(splits, split))
    if not splits.train.aligned:
        said, true = np.stack(outputs), np.stack(targets)
        return {"mse": classification.mse(said, true), "mean_error": classification.mean_error(said, true)}
    said, true = np.stack(outputs), np.stack(targets)
    likelihood = np.log(np.maximum(np.take_along_axis(said, true[..., None], -1), 1e-9))
    return {
        "accuracy": classification.accuracy(said.argmax(-1)[:, -10:], true[:, -10:]),
        "nats": float(-likelihood.mean()),
    }


def baseline(splits: Splits) -> dict[str, float]:
    """What a model without memory reaches."""
    if not splits.train.aligned:
        return {"mean_mse": classification.mse(np.ones((splits.test.examples, 1)), np.stack(splits.test.targets))}
    return {"memoryless_nats": 10 * float(np.log(8)) / len(splits.test.targets[0])}


def pictures(model: keras.Model, splits: Splits, folder: Path) -> None:
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


if __name__ == "__main__":
    from zoo.cli.main import run_recipe

    run_recipe("memory_span")
