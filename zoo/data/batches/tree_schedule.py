"""Many trees as one loop: which nodes are computed in which round, so that all of them take few rounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np


@dataclass(frozen=True)
class Packed:
    """Trees as rows of one buffer: row 0 is nothing, then L rows of leaves, then as many rows a round as it has lanes.

    Args:
        leaves: of every leaf row, its node's number when all nodes of all trees stand in one list; -1 is padding.
        leaf_rows: the same as (number of the tree, position in it).
        children: the rows which each lane reads in each round; 0 where it has no child. Row 1 + L + round lanes + lane
            is what it makes, and only later rounds read it.
        node_rows: of every tree the rows of its nodes.
    Shapes:
        leaves (L,), leaf_rows (L, 2), children (R, lanes, A), each of node_rows (n,); all int32.
    """

    leaves: np.ndarray
    leaf_rows: np.ndarray
    children: np.ndarray
    node_rows: list[np.ndarray]

    def enlarged(self, leaves: int, rounds: int) -> "Packed":
        """Return the schedule with at least so many leaf rows and rounds, the new ones padding."""
        before = len(self.leaves)
        leaves, rounds = max(leaves - before, 0), max(rounds - len(self.children), 0)

        def moved(rows):
            return rows + np.int32(leaves) * (rows > before)

        return Packed(
            np.pad(self.leaves, (0, leaves), constant_values=-1),
            np.pad(self.leaf_rows, [(0, leaves), (0, 0)], constant_values=-1),
            np.pad(moved(self.children), [(0, rounds), (0, 0), (0, 0)]),
            [moved(rows) for rows in self.node_rows],
        )


def pack(
    children: Sequence[np.ndarray], *, lanes: int = 32, leaves_multiple: int = 128, rounds_multiple: int = 8
) -> Packed:
    """Schedules the inner nodes of all trees on lanes that work side by side, in the fewest rounds possible.

    In every round the lanes take nodes of any tree whose children are all there, the farthest from its root first. No
    schedule of trees needs fewer rounds (Hu 1961), and trees of different shapes fill each other's gaps, which level by
    level they do not.

    Args:
        children: of every tree the positions of each node's children, -1 for none. Children stand before their
            parent, and the root is the last (see `zoo.data.trees.arrays`).
        lanes: nodes a round.
        leaves_multiple: leaf rows are padded to a multiple of it, at least one; few shapes for compiled models.
        rounds_multiple: rounds are padded to a multiple of it, at least one.
    Shapes:
        each of children (n, A), with the same A in all.
    Raises:
        ValueError: nothing to pack, what is no tree (by its number), or lanes or multiples below 1.
    Reference: Hu, Parallel sequencing and assembly line problems, Operations Research 9(6), 1961.
    """
    if min(lanes, leaves_multiple, rounds_multiple) < 1:
        raise ValueError(
            "lanes and multiples are at least 1. "
            f"Received: lanes={lanes}, leaves_multiple={leaves_multiple}, rounds_multiple={rounds_multiple}."
        )
    trees, starts = _joined(children)
    inner = np.any(trees >= 0, axis=1)
    nodes, slots = _rounds(_parents(trees, starts), inner, lanes)
    leaves = np.flatnonzero(~inner)
    rows = np.zeros(len(trees) + 1, "int32")  # the last one, which -1 finds, stays nothing
    rows[leaves] = 1 + np.arange(len(leaves))
    rows[nodes] = 1 + len(leaves) + slots
    rounds = slots[-1] // lanes + 1 if len(slots) else 0
    read = np.zeros((rounds * lanes, trees.shape[1]), "int32")
    read[slots] = rows[trees[nodes]]
    numbers = _tree_of(leaves, starts)
    packed = Packed(
        leaves.astype("int32"),
        np.stack([numbers, leaves - starts[numbers]], axis=1).astype("int32"),
        read.reshape(rounds, lanes, trees.shape[1]),
        np.split(rows[:-1], starts[1:]),
    )
    return packed.enlarged(_multiple(len(leaves), leaves_multiple), _multiple(rounds, rounds_multiple))


def _multiple(count: int, of: int) -> int:
    return max(1, -(-count // of)) * of


def _tree_of(nodes, starts):
    return np.searchsorted(starts, nodes, side="right") - 1


def _joined(children: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """All nodes in one list (N, A), children by their numbers in it; and where each tree starts."""
    if not len(children):
        raise ValueError("There is nothing to pack: no tree was given.")
    arity = np.shape(children[0])[1:]
    for number, tree in enumerate(children):
        if np.ndim(tree) != 2 or np.shape(tree)[1:] != arity or not len(tree):
            raise ValueError(
                "Trees are arrays (n, A), n at least 1, with one A for all. "
                f"Received: {np.shape(tree)} as tree {number}, {np.shape(children[0])} as tree 0."
            )
    sizes = np.array([len(tree) for tree in children])
    starts = np.cumsum(sizes) - sizes
    trees, first = np.concatenate(children), np.repeat(starts, sizes)
    wrong = ((trees < -1) | (trees >= (np.arange(len(trees)) - first)[:, None])).any(axis=1)
    if wrong.any():
        node = wrong.argmax()
        raise ValueError(
            "Children are positions before their parent's, or -1 for none. "
            f"Received: {trees[node].tolist()} of node {node - first[node]} of tree {_tree_of(node, starts)}."
        )
    return np.where(trees < 0, -1, trees + first[:, None]), starts


def _parents(trees: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The number of every node's parent, -1 of a root."""
    has = trees >= 0
    times = np.bincount(trees[has], minlength=len(trees))
    counts = np.ones(len(trees), int)
    counts[np.append(starts[1:], len(trees)) - 1] = 0
    if (times != counts).any():
        node = (times != counts).argmax()
        number = _tree_of(node, starts)
        raise ValueError(
            "Every node is a child exactly once, but the last, which is the root. "
            f"Received: node {node - starts[number]} of tree {number}, a child {times[node]} times."
        )
    parents = np.full(len(trees), -1)
    parents[trees[has]] = np.nonzero(has)[0]
    return parents


def _rounds(parents: np.ndarray, inner: np.ndarray, lanes: int) -> tuple[np.ndarray, np.ndarray]:
    """The inner nodes in the order in which they are computed, and the slot (round lanes + lane) of each."""
    count, above = len(parents), parents.tolist()
    depths = [0] * count
    for node in range(count - 1, -1, -1):
        if above[node] >= 0:
            depths[node] = depths[above[node]] + 1
    waiting = np.bincount(parents[inner & (parents >= 0)], minlength=count)  # children still to be computed
    # One number orders by distance from the root, then by position, and identifies the node.
    keys = [node - depth * count for node, depth in enumerate(depths)]
    ready = [keys[node] for node in np.flatnonzero(inner & (waiting == 0))]
    heapify(ready)
    left, start = waiting.tolist(), 0
    nodes: list[int] = []
    slots: list[int] = []
    while ready:
        taken = [heappop(ready) % count for _ in range(min(lanes, len(ready)))]
        nodes += taken
        slots += range(start, start + len(taken))
        start += lanes
        for node in taken:
            parent = above[node]
            if parent >= 0:
                left[parent] -= 1
                if not left[parent]:
                    heappush(ready, keys[parent])
    return np.array(nodes, int), np.array(slots, int)
