"""Batches of trees as the laws draw them, and what every node of them stands above."""

import numpy as np

from tests.laws.entry import STEPS, VOCABULARY
from zoo.data.batches.tree_schedule import pack
from zoo.data.trees import Tree, arrays


def grow(random, words, arity):
    """A tree over so many words: some that stand side by side become one, until one is left."""
    level = [Tree(token="word")] * words
    while len(level) > 1:
        count = random.integers(2, min(arity, len(level)) + 1)
        first = random.integers(len(level) - count + 1)
        level[first : first + count] = [Tree(children=tuple(level[first : first + count]))]
    return level[0]


def forest(random, lengths, arity, more=0, poison=False):
    """A tree a row, none where a row has no words; every node is asked, in post-order, from the left.

    `more` leaves, rounds and places are padding. Poison: words in padding, another number of lanes, and nodes made by
    lanes that have nothing to make.

    Returns:
        inputs by name; (B, n) bool, which places are real.
    """
    rows = np.flatnonzero(lengths)
    trees = [arrays(grow(random[row], lengths[row], arity), arity=arity)[0] for row in rows]
    words = np.concatenate([random[row].integers(1, VOCABULARY, lengths[row]) for row in rows])
    packed = pack(trees, lanes=3 if poison else 2, leaves_multiple=1, rounds_multiple=1)
    packed = packed.enlarged(len(packed.leaves) + more, len(packed.children) + more)
    children = packed.children
    tokens = np.full(len(packed.leaves), 7 if poison else 0, "int32")
    tokens[: len(words)] = words
    if poison:
        children[~children.any(axis=-1)] = 1
    node_rows = np.zeros((len(lengths), 2 * STEPS - 1 + more), "int32")
    for row, found in zip(rows, packed.node_rows, strict=True):
        node_rows[row, : len(found)] = found
    return {"tokens": tokens, "children": children, "node_rows": node_rows}, node_rows > 0


def below(inputs):
    """(B, n, L) bool: which words the phrase of each place holds."""
    leaves = len(inputs["tokens"])
    holds = [np.zeros(leaves, "bool"), *np.eye(leaves, dtype="bool")]
    for rows in inputs["children"].reshape(-1, inputs["children"].shape[-1]):
        holds.append(np.any([holds[row] for row in rows], axis=0))
    return np.array(holds)[inputs["node_rows"]]
