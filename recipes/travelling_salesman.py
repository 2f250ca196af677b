"""Finds short round trips by pointing at one city after the other: by examples, or by their length alone.

    zoo train travelling_salesman --out runs/tours
    zoo train travelling_salesman --no-solved --reward length --baseline other_samples --samples 4 --out runs/unlabelled
    zoo train travelling_salesman --init-from runs/tours --reward length --epochs 3 --out runs/shorter

With labels the model learns from exact tours of 5 to 10 cities; without, it draws tours of its own and learns which of
them were short (Bello et al. 2016). It may go to no city twice and has to see all. `length` is the mean length of its
greedy tours of points in the unit square, `length_ratio` that over the shortest; the baseline goes to the nearest city
each time.

Data: `synthetic`, cities drawn anew for every batch; a file of `x1 y1 x2 y2 ... output i1 i2 ... i1` a line, positions
counted from 1, plain or .gz; tfds:zoo_travelling_salesman, or a set of your own with the features `source`, points
(S, 2), and `target`, positions from 0 on (TFDS has no public one).

Seen, one seed, 24 minutes beside other work on 2 CPU cores: length 2.105 of 5 cities, 2.910 of 10, 3.133 of 12 (never
seen before); 1.001, 1.013 and 1.017 of the shortest (nearest city: 1.039, 1.100 and 1.128).
Vinyals et al. 2015, arXiv:1506.03134: 2.12 of 5 cities, 2.88 of 10, 3.88 of 20. Bello et al. 2016, arXiv:1611.09940.
"""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from zoo.data.splits import Splits
from zoo.data.synthetic import tours
from zoo.recipes.common import pointing
from zoo.recipes.common.rewards import position_reward
from zoo.recipes.common.tfds_sources import PREFIX
from zoo.training.metrics import pointing_metrics

MODELS = {
    "pointer": ("pointer_network", {"source_features": 2, "visits": "all", "glimpses": 1, "clip": 10.0, "units": 128})
}
OPTIMIZERS = {"pointer": {"schedule": "cosine"}}
FIT = {"epochs": 12, "patience": 5, "monitor": "val_length"}
QUICK = {
    "batches": 100,
    "examples": 100,
    "epochs": 3,
    "units": 64,
    "largest": 6,
    "beyond": 8,
    "learning_rate": 5e-3,
}
REWARDS = {"length": lambda splits: position_reward(lambda tours, examples: -_length(tours, examples))}
# Features of sets of TFDS: the generated one's and one's own.
TFDS = (("source", "target"),)
# Tours of more cities are not solved here.
SOLVED = 12


def data(
    *,
    data: str = "synthetic",
    smallest: int = 5,
    largest: int = 10,
    beyond: int = 12,
    solved: bool = True,
    batches: int = 1000,
    batch_size: int = 128,
    examples: int = 1000,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Cities and the shortest tours.

    Args:
        data: synthetic, a path, or tfds:zoo_travelling_salesman.
        smallest: the fewest cities of training (synthetic only, as all that follow but batch_size).
        largest: the most.
        beyond: a number of cities never trained on, to be tested, too; at most 12.
        solved: whether training has the shortest tours; without them only a reward can teach.
        batches: of an epoch.
        batch_size: sets of cities a step.
        examples: sets of validation, and of every tested number of cities.
        seed: of generation and shuffling.
        vocabularies: positions need none.
    """
    if data.startswith(PREFIX):
        return pointing.tfds_splits(data, TFDS, batch_size=batch_size, seed=seed)
    if data != "synthetic":
        return pointing.file_splits(data, batch_size=batch_size, seed=seed)
    splits = pointing.on_the_fly_splits(
        tours.draw,
        sizes=(smallest, largest),
        tested=sorted({smallest, largest, min(beyond, SOLVED)}),
        batches=batches,
        batch_size=batch_size,
        examples=examples,
        seed=seed,
    )
    if not solved:
        splits.train.draw = lambda size, random: [  # type: ignore[union-attr]
            {"source": source, "target": []} for source in random.random((batch_size, size, 2), "float32")
        ]
    return splits


def _length(outputs, examples) -> float:
    return pointing_metrics.tour_length(outputs, [example["source"] for example in examples])


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Mean length of greedy tours of a part of validation."""
    return [pointing.decoded_metrics(model, splits, {"length": _length})]


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "units": hp.Int("units", 128, 384, step=64),
        "glimpses": hp.Int("glimpses", 0, 2),
        "clip": hp.Choice("clip", [0.0, 5.0, 10.0]),
        "learning_rate": hp.Float("learning_rate", 3e-4, 3e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Mean length of greedy tours and over that of the shortest, over all examples and by their number of cities."""
    examples = splits.raw[split]
    return pointing.metrics_by_size(examples, pointing.point(model, examples), _metrics)


def _metrics(outputs, examples) -> dict[str, float]:
    points, true = [example["source"] for example in examples], [example["target"] for example in examples]
    ratio = {"length_ratio": pointing_metrics.length_ratio(outputs, true, points)} if all(map(len, true)) else {}
    return {"length": _length(outputs, examples), **ratio}


def baseline(splits: Splits) -> dict[str, float]:
    """Return the metrics of nearest-neighbour tours."""
    examples = splits.raw["test"]
    outputs = [tours.nearest_neighbour(example["source"][None])[0].tolist() for example in examples]
    return pointing.metrics_by_size(examples, outputs, _metrics)


def parse_input(text: str, run: Any) -> np.ndarray:
    """Typed cities."""
    points = np.asarray(pointing.parse_points(text), "float32")
    tours.nearest_neighbour(points[None])
    return points


def plot_outputs(hypotheses, inputs, path: Path, run: Any) -> None:
    """Draw tours over their cities, and the shortest tour where it can be computed."""
    examples = [{"source": one, "target": tours.tour(one) if len(one) <= SOLVED else None} for one in inputs]
    pointing.plot_answers(hypotheses, examples, path)


def plot(model, splits: Splits, folder: Path) -> None:
    """Tours of test examples."""
    pointing.plot_test_examples(model, splits, folder / "tours.png")
