"""Finds the convex hull of points by pointing at its corners, one after the other: a pointer network.

    zoo train convex_hull --out runs/hull
    zoo evaluate runs/hull --data convex_hull_5_test.txt.gz --split all
    zoo generate runs/hull "0.1 0.2  0.9 0.1  0.5 0.5  0.6 0.9" --alignments hull.png

The answer is a sequence of positions of its own input, so a model that is trained on 5 to 10 points can be asked about
20. Hulls go counter-clockwise from the lowest position on; `exact` counts them up to rotation and direction, `area` is
the share of the true area over the answers that are simple polygons, `invalid` the share of those that are none.

Data: `synthetic`, points drawn anew for every batch; a file of `x1 y1 x2 y2 ... output i1 i2 ... i1` a line, positions
counted from 1, plain or .gz; tfds:zoo_convex_hull, or a set of your own with the features `source`, points (S, 2), and
`target`, positions from 0 on (TFDS has no public one).

Seen, one seed, trained on 5 to 10 points in two goes (9 of 24 epochs, then `--init-from` that run with `--epochs 6
--learning-rate 8e-4`), 55 minutes beside other work on 2 CPU cores: exact 0.951 of 5 points, 0.874 of 10, 0.622 of 20;
area 0.999. Of the 10,000 lines of the published file of 5 points 0.969.
Vinyals et al. 2015, arXiv:1506.03134: 0.920 exact of 5 points, 0.870 of 10, 0.696 of 50 (trained on 5 to 50 points).
"""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from zoo.data.splits import Splits
from zoo.data.synthetic import convex_hulls
from zoo.recipes.common import pointing
from zoo.recipes.common.rewards import position_reward
from zoo.recipes.common.tfds_sources import PREFIX
from zoo.training.metrics import pointing_metrics

MODELS = {"pointer": ("pointer_network", {"source_features": 2, "visits": "once", "glimpses": 1})}
OPTIMIZERS = {"pointer": {"schedule": "cosine"}}
FIT = {"epochs": 15, "patience": 8, "monitor": "val_exact"}
QUICK = {
    "batches": 100,
    "examples": 100,
    "epochs": 3,
    "units": 64,
    "largest": 6,
    "beyond": 8,
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
    beyond: int = 20,
    batches: int = 1000,
    batch_size: int = 128,
    examples: int = 1000,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Points and their hulls.

    Args:
        data: synthetic, a path, or tfds:zoo_convex_hull.
        smallest: the fewest points of training (synthetic only, as all that follow but batch_size).
        largest: the most.
        beyond: a number of points never trained on, to be tested, too.
        batches: of an epoch.
        batch_size: sets of points a step.
        examples: sets of validation, and of every tested number of points.
        seed: of generation and shuffling.
        vocabularies: positions need none.
    """
    if data.startswith(PREFIX):
        return pointing.tfds_splits(data, TFDS, batch_size=batch_size, seed=seed)
    if data != "synthetic":
        return pointing.file_splits(data, batch_size=batch_size, seed=seed)
    return pointing.on_the_fly_splits(
        convex_hulls.draw,
        sizes=(smallest, largest),
        tested=sorted({smallest, largest, beyond}),
        batches=batches,
        batch_size=batch_size,
        examples=examples,
        seed=seed,
    )


def _exact(outputs, examples) -> float:
    return pointing_metrics.exact(outputs, [example["target"] for example in examples])


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Exact hulls of a part of validation, decoded greedily."""
    return [pointing.decoded_metrics(model, splits, {"exact": _exact})]


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "units": hp.Int("units", 128, 384, step=64),
        "glimpses": hp.Int("glimpses", 0, 2),
        "layers": hp.Int("layers", 1, 2),
        "learning_rate": hp.Float("learning_rate", 3e-4, 3e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Exact hulls, area and invalid ones, decoded greedily, over all examples and by their number of points."""
    examples = splits.raw[split]
    return pointing.metrics_by_size(examples, pointing.point(model, examples), _metrics)


def _metrics(outputs, examples) -> dict[str, float]:
    points, true = [example["source"] for example in examples], [example["target"] for example in examples]
    return {
        "exact": pointing_metrics.exact(outputs, true),
        "area": pointing_metrics.area(outputs, true, points),
        "invalid": pointing_metrics.invalid(outputs, points),
    }


def parse_input(text: str, run: Any) -> np.ndarray:
    """Typed points; refuses those that have no hull."""
    points = pointing.parse_points(text)
    convex_hulls.hull(points)
    return np.asarray(points, "float32")


def plot_outputs(hypotheses, inputs, path: Path, run: Any) -> None:
    """Draw answers over their points and the true hulls."""
    pointing.plot_answers(
        hypotheses, [{"source": points, "target": convex_hulls.hull(points)} for points in inputs], path
    )


def plot(model, splits: Splits, folder: Path) -> None:
    """Hulls of test examples."""
    pointing.plot_test_examples(model, splits, folder / "hulls.png")
