"""Sorts numbers by pointing at them from the smallest to the largest: the plainest test of a pointer network.

    zoo train sorting --out runs/sorting
    zoo generate runs/sorting "0.3 0.1 0.7 0.2 0.5"

`exact` counts sequences that are right from beginning to end, also of more numbers than were trained on.

Data: `synthetic`, numbers drawn anew for every batch, is the task itself; tfds:zoo_sorting, or a set of your own with
the features `source`, numbers (S, 1), and `target`, positions from 0 on (TFDS has no public one).

Vinyals et al. 2016, arXiv:1511.06391 (the task; there the order of reading does not matter, here it does).
"""

from pathlib import Path
from typing import Any

import keras
import numpy as np

import zoo
from zoo.data.splits import Splits
from zoo.data.synthetic import sortings
from zoo.recipes.common import pointing
from zoo.recipes.common.rewards import position_reward
from zoo.recipes.common.tfds_sources import PREFIX
from zoo.training.metrics import pointing_metrics

MODELS = {"pointer": ("pointer_network", {"source_features": 1, "visits": "all", "glimpses": 1, "units": 128})}
OPTIMIZERS = {"pointer": {"schedule": "plateau", "plateau_monitor": "val_nats"}}
FIT = {"epochs": 8, "patience": 4, "monitor": "val_exact"}
QUICK = {
    "batches": 150,
    "examples": 100,
    "epochs": 3,
    "units": 64,
    "smallest": 3,
    "largest": 5,
    "beyond": 7,
    "learning_rate": 5e-3,
}
REWARDS = {"exact": lambda splits: position_reward(_exact)}
# Features of sets of TFDS: the generated one's and one's own.
TFDS = (("source", "target"),)


def data(
    *,
    data: str = "synthetic",
    smallest: int = 5,
    largest: int = 10,
    beyond: int = 15,
    batches: int = 1000,
    batch_size: int = 128,
    examples: int = 1000,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Numbers and their order.

    Args:
        data: synthetic, as the task is generated, or tfds:zoo_sorting.
        smallest: the fewest numbers of training.
        largest: the most.
        beyond: a count never trained on, to be tested, too.
        batches: of an epoch.
        batch_size: sequences a step.
        examples: sequences of validation, and of every tested count.
        seed: of generation.
        vocabularies: positions need none.
    """
    if data.startswith(PREFIX):
        return pointing.tfds_splits(data, TFDS, batch_size=batch_size, seed=seed)
    if data != "synthetic":
        raise ValueError(f"sorting generates its data: --data synthetic, or tfds:zoo_sorting. Received: {data!r}")
    return pointing.on_the_fly_splits(
        sortings.draw,
        sizes=(smallest, largest),
        tested=sorted({smallest, largest, beyond}),
        batches=batches,
        batch_size=batch_size,
        examples=examples,
        seed=seed,
    )


def _exact(outputs, examples) -> float:
    return pointing_metrics.in_order(outputs, [example["target"] for example in examples])


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Exact orders of a part of validation, decoded greedily."""
    return [pointing.decoded_metrics(model, splits, {"exact": _exact})]


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "units": hp.Int("units", 64, 256, step=64),
        "glimpses": hp.Int("glimpses", 0, 2),
        "learning_rate": hp.Float("learning_rate", 3e-4, 3e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Exact orders, decoded greedily, over all examples and by how many numbers they have."""
    examples = splits.raw[split]
    outputs = pointing.point(model, examples)
    return pointing.metrics_by_size(examples, outputs, lambda outputs, examples: {"exact": _exact(outputs, examples)})


def parse_input(text: str, run: Any) -> np.ndarray:
    """Typed numbers, or JSON: [[0.3], [0.1]]."""
    numbers = np.asarray(pointing.parse_points(text, features=1), "float32")
    return numbers.reshape(-1, 1)


def plot(model, splits: Splits, folder: Path) -> None:
    """Plot the pointers, step by step."""
    from zoo.plots.alignments import plot_alignments
    from zoo.storage.files import replace_file

    some = splits.raw["test"][:: max(1, len(splits.raw["test"]) // 3)][:3]
    shown = []
    for example, (best, *_) in zip(some, zoo.generate(model, [one["source"] for one in some]), strict=True):
        numbers = [f"{float(number[0]):.2f}" for number in example["source"]]
        assert best.alignment is not None
        shown.append((best.alignment, numbers, [numbers[position] for position in best.tokens]))
    with replace_file(folder / "pointing.png") as path:
        plot_alignments(shown, path)
