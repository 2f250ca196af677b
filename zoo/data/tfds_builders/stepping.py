"""Generated sets of points to be pointed at, and of small algorithms over bits."""

from typing import ClassVar

import numpy as np
import tensorflow_datasets as tfds

from zoo.data.splits import split_by_index
from zoo.data.synthetic import convex_hulls, sortings, tours
from zoo.data.synthetic.algorithms import TASKS
from zoo.data.tfds_builders.generated import NUMBERS, Generated, Parts, Rows

POINTS = {"source": tfds.features.Tensor(shape=(None, 2), dtype=np.float32), "target": NUMBERS}


class ZooConvexHull(Generated):
    """Points, and the positions of their hull's corners."""

    FEATURES, EXAMPLES = POINTS, 20_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(convex_hulls.generate(count, seed=seed))


class ZooSorting(Generated):
    """Numbers, and their positions from the smallest to the largest."""

    FEATURES: ClassVar = {"source": tfds.features.Tensor(shape=(None, 1), dtype=np.float32), "target": NUMBERS}
    EXAMPLES = 20_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(sortings.generate(count, seed=seed))


class ZooTravellingSalesman(Generated):
    """Cities, and the shortest round trip through them."""

    FEATURES, EXAMPLES = POINTS, 20_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(tours.generate(count, seed=seed))


def _features(task: str) -> dict:
    """Bits that are read, bits to be outputs, and at which steps these are asked."""
    return {
        "size": np.int32,
        "inputs": tfds.features.Tensor(shape=(None, TASKS[task].features), dtype=np.float32),
        "targets": tfds.features.Tensor(shape=(None, TASKS[task].outputs), dtype=np.float32),
        "weights": tfds.features.Tensor(shape=(None,), dtype=np.float32),
    }


def _drawn(task: str, count: int, seed: int) -> Parts:
    """All sizes of training alike; a size of twice the largest is tested, too."""
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


class ZooAlgorithms(Generated):
    """Vectors of bits to be said again."""

    FEATURES, EXAMPLES = _features("copy"), 20_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return _drawn("copy", count, seed)


class ZooAlgorithmsRepeatCopy(Generated):
    """Vectors of bits to be said again as often as is told."""

    FEATURES, EXAMPLES = _features("repeat_copy"), 20_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return _drawn("repeat_copy", count, seed)


class ZooAlgorithmsAssociativeRecall(Generated):
    """Items of bits, one of them again, and the item after it."""

    FEATURES, EXAMPLES = _features("associative_recall"), 20_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return _drawn("associative_recall", count, seed)


class ZooAlgorithmsNgrams(Generated):
    """Bits of a source with a context, to be told before they come."""

    FEATURES, EXAMPLES = _features("ngrams"), 20_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return _drawn("ngrams", count, seed)


class ZooAlgorithmsPrioritySort(Generated):
    """Vectors of bits in the order of their priorities."""

    FEATURES, EXAMPLES = _features("priority_sort"), 20_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return _drawn("priority_sort", count, seed)
