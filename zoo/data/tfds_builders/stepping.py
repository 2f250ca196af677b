"""Generated sets of points for pointer networks, and of algorithmic tasks over bits."""

from functools import partial

import numpy as np
import tensorflow_datasets as tfds

from zoo.data.synthetic import convex_hulls, sortings, tours
from zoo.data.synthetic.algorithms import TASKS
from zoo.data.tfds_builders.generated import NUMBERS, Parts, Rows, by_index, define

POINTS = {"source": tfds.features.Tensor(shape=(None, 2), dtype=np.float32), "target": NUMBERS}
VALUES = {"source": tfds.features.Tensor(shape=(None, 1), dtype=np.float32), "target": NUMBERS}
ALGORITHMS = {
    "zoo_algorithms": ("copy", "Vectors of bits, to be copied."),
    "zoo_algorithms_repeat_copy": ("repeat_copy", "Vectors of bits, to be copied a given number of times."),
    "zoo_algorithms_associative_recall": ("associative_recall", "Items of bits, a query item, and the item after it."),
    "zoo_algorithms_ngrams": ("ngrams", "Bits of an n-gram source, to be predicted."),
    "zoo_algorithms_priority_sort": ("priority_sort", "Vectors of bits in the order of their priorities."),
}


def _features(task: str) -> dict:
    """Input bits, target bits, and the steps whose targets count."""
    return {
        "size": np.int32,
        "inputs": tfds.features.Tensor(shape=(None, TASKS[task].features), dtype=np.float32),
        "targets": tfds.features.Tensor(shape=(None, TASKS[task].outputs), dtype=np.float32),
        "weights": tfds.features.Tensor(shape=(None,), dtype=np.float32),
    }


def _drawn(task: str, count: int, seed: int) -> Parts:
    """The same number of examples of all sizes; a test also of twice the largest size."""
    least, most = TASKS[task].sizes
    random = np.random.default_rng(seed)
    sizes = list(range(least, most + 1))
    parts = {"train": (sizes, 8), "validation": (sizes, 1), "test": ([*sizes, 2 * most], 1)}
    rows_of: dict[str, Rows] = {}
    for split, (number, share) in parts.items():
        each = max(1, count * share // (10 * len(number)))
        rows_of[split] = [row for size in number for row in _batch(task, size, each, random)]
    return rows_of


def _batch(task: str, size: int, count: int, random: np.random.Generator) -> Rows:
    inputs, targets, weights = TASKS[task].draw(size, count, random)
    return [
        {"size": size, "inputs": one, "targets": target, "weights": weight}
        for one, target, weight in zip(inputs, targets, weights, strict=True)
    ]


define(
    "zoo_convex_hull",
    "Points, and the positions of the corners of their hull.",
    POINTS,
    20_000,
    by_index(convex_hulls.generate),
)
define("zoo_sorting", "Numbers, and their positions in ascending order.", VALUES, 20_000, by_index(sortings.generate))
define("zoo_travelling_salesman", "Cities, and the shortest round trip.", POINTS, 20_000, by_index(tours.generate))
for _name, (_task, _description) in ALGORITHMS.items():
    define(_name, _description, _features(_task), 20_000, partial(_drawn, _task))
