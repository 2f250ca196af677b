"""Expressions as trees, every phrase labelled with its value: what a word does depends on where it stands."""

from collections.abc import Callable
from itertools import product

import numpy as np

from zoo.data.trees import Tree

# Of each task the words of its values, in the order of their labels "0", "1", ..., and its operations.
WORDS = {"logic": ("false", "true"), "arithmetic": ("0", "1", "2", "3", "4")}
BETWEEN: dict[str, dict[str, Callable[[int, int], int]]] = {
    "logic": {"and": lambda left, right: left & right, "or": lambda left, right: left | right},
    "arithmetic": {
        "+": lambda left, right: (left + right) % 5,
        "-": lambda left, right: (left - right) % 5,
        "*": lambda left, right: left * right % 5,
    },
}
BEFORE: dict[str, dict[str, Callable[[int], int]]] = {
    "logic": {"not": lambda value: 1 - value},
    "arithmetic": {},
}


def generate(count: int, *, task: str = "logic", depths: tuple[int, int] = (3, 6), seed: int = 0) -> list[Tree]:
    """Draws expressions, binary trees with words in their leaves.

        logic          (0 (1 true) ((and) (0 (not) (1 (0 false) ((or) (1 true))))))
        arithmetic     (4 (2 2) ((*) (2 (0 0) ((-) (3 3)))))      modulo 5

    A phrase that has a value is labelled with it: "0", "1" in logic, "0" to "4" in arithmetic. An operation alone, and
    one with its right side only, have none, and no label. No brackets are among the words, so that they alone do not
    tell the value: only the tree says what belongs together. It is drawn from the root down: all labels of the root
    are equally likely, and so are all values from which an operation makes its label. Baselines at the root, with the
    arguments as they are: the label that 100,000 other expressions of the same words in any order have most often is
    right for 0.64 in logic and 0.21 in arithmetic, chance for 0.50 and 0.20.

    Args:
        count: trees.
        task: "logic" or "arithmetic".
        depths: of the trees, the least and the greatest number of operations from the root to a word; all in between
            are equally likely. Ask for deeper ones than in training to see whether a model has learnt to compose.
        seed: of the draws.
    Raises:
        ValueError: an unknown task, or depths below 0 or out of order.
    """
    if task not in WORDS:
        raise ValueError(f"task must be one of {', '.join(WORDS)}, received: {task!r}.")
    if not 0 <= depths[0] <= depths[1]:
        raise ValueError(f"depths are 0 <= least <= greatest, received: {depths}.")
    random = np.random.default_rng(seed)
    made = _made(task)
    values = len(WORDS[task])
    trees = []
    for _ in range(count):
        depth = int(random.integers(depths[0], depths[1] + 1))
        trees.append(_grow(int(random.integers(values)), depth, task, made, random))
    return trees


def _made(task):
    """Of every operation and value the operands that make it."""
    values = range(len(WORDS[task]))
    made = {}
    for word, operation in BETWEEN[task].items():
        for pair in product(values, values):
            made.setdefault((word, operation(*pair)), []).append(pair)
    for word, change in BEFORE[task].items():
        for value in values:
            made.setdefault((word, change(value)), []).append((value,))
    return made


def _grow(value, depth, task, made, random):
    """An expression of this value and depth."""
    if not depth:
        return Tree(str(value), WORDS[task][value])
    words = [*BETWEEN[task], *BEFORE[task]]
    word = words[random.integers(len(words))]
    choices = made[word, value]
    operands = choices[random.integers(len(choices))]
    # One operand is as deep as can be, the other as deep or less.
    below = [depth - 1, int(random.integers(depth))][: len(operands)]
    if len(below) == 2 and random.integers(2):
        below.reverse()
    *left, right = (_grow(operand, lower, task, made, random) for operand, lower in zip(operands, below, strict=True))
    operation = Tree(token=word)
    if not left:
        return Tree(str(value), children=(operation, right))
    return Tree(str(value), children=(left[0], Tree(children=(operation, right))))
