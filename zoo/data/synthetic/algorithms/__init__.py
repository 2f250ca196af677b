"""Small algorithms to be learned from examples, one a file (Graves et al. 2014, arXiv:1410.5401).

A task is drawn a batch at a time, all rows alike in length. At every step it has an input, a target of bits, and a
weight that is 1 where an answer is asked.

| task | size | input | asked |
|---|---|---|---|
| `copy` | steps | vectors of 8 bits | the same again |
| `repeat_copy` | steps | vectors of 8 bits, and how often | the same so often, and an end |
| `associative_recall` | items | items of 3 vectors of 6 bits, and one of them again | the item after it |
| `ngrams` | bits | a bit of a source with a context of 5 bits | the next bit |
| `priority_sort` | vectors | vectors of 8 bits with a priority | the first four fifths in order |
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from zoo.data.synthetic.algorithms import (
    associative_recall,
    copy,
    ngrams,
    priority_sort,
    repeat_copy,
)


@dataclass(frozen=True)
class Task:
    """A task to be learned.

    Args:
        features: channels of the input.
        outputs: bits of the target.
        sizes: the smallest and the largest of training.
        draw: (size, rows, random) -> inputs (B, T, features), targets (B, T, outputs), weights (B, T), float32.
    """

    features: int
    outputs: int
    sizes: tuple[int, int]
    draw: Callable[[int, int, np.random.Generator], tuple[np.ndarray, np.ndarray, np.ndarray]]


def _task(module: ModuleType) -> Task:
    return Task(module.FEATURES, module.OUTPUTS, module.SIZES, module.draw)


TASKS = {
    "copy": _task(copy),
    "repeat_copy": _task(repeat_copy),
    "associative_recall": _task(associative_recall),
    "ngrams": _task(ngrams),
    "priority_sort": _task(priority_sort),
}
