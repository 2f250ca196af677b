"""Batches of trees: the leaves' tokens, the schedule of the inner nodes, and where every node is found."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from zoo.data.batches.epochs import EpochBatches, padded_length
from zoo.data.batches.tree_schedule import Packed, pack
from zoo.data.trees import Tree, arrays
from zoo.data.vocabularies.vocabulary import Vocabulary

LEAVES, ROUNDS, NODES = 128, 8, 32  # shapes are padded to multiples of these: few of them for compiled models


class TreeBatches(EpochBatches):
    """Trees in batches that a model computes in a few rounds (see `zoo.data.batches.tree_schedule`), packed when they
    are asked for.

    The last batch is filled up with empty rows of `sample_weight` 0. As with `zoo.data.batches.padded.Batches`, the
    order of an epoch is a pure function of `(seed, epoch)`: pass `shuffle=False` to `fit`, and set `epoch` to resume a
    run.

    Shapes are padded to multiples, so that there are few of them. On TensorFlow, Keras takes the shapes of a compiled
    step from the first two batches: the first is padded to an odd number of each multiple and the second to an even
    one, so that they differ wherever later batches may.

    Args:
        trees: the examples.
        vocabulary: of the words in their leaves.
        targets: of every tree the classes of its nodes, in post-order, -1 where a node has none; None to predict.
        batch_size: trees of every batch.
        nodes: "every" node is asked, or the "root" alone.
        arity: children that a node may have.
        lanes: nodes a round.
        shuffle: new order every epoch.
        seed: of the shuffling.
    Shapes:
        batch i is `(inputs, targets, sample_weight)`, without targets `(inputs,)`. Inputs are "tokens" (L,), ids of the
        leaf rows, "children" (R, lanes, A), rows that a lane reads in each round, and "node_rows" (B, n), rows of the
        nodes asked, 0 behind them; targets (B, n), 0 where there is none; all int32. Weights (B, n) are 1.0 where a
        node has a class. With "root" n is 1.
    Raises:
        ValueError: no trees, targets that do not fit the nodes, a node of too many children (by the tree's number), or
            an argument out of range.
    """

    def __init__(
        self,
        trees: Sequence[Tree],
        vocabulary: Vocabulary,
        targets: Sequence[Any] | None = None,
        *,
        batch_size: int = 32,
        nodes: str = "every",
        arity: int = 2,
        lanes: int = 32,
        shuffle: bool = False,
        seed: int = 0,
    ):
        super().__init__()
        if nodes not in ("every", "root"):
            raise ValueError(f'nodes must be "every" or "root", received: {nodes!r}.')
        if min(batch_size, arity, lanes) < 1:
            raise ValueError(
                "batch_size, arity and lanes must be at least 1, "
                f"received: batch_size={batch_size}, arity={arity}, lanes={lanes}."
            )
        if not len(trees):
            raise ValueError("TreeBatches need at least one tree, received none.")
        self.trees, self.vocabulary = trees, vocabulary
        self.batch_size, self.nodes, self.arity, self.lanes = batch_size, nodes, arity, lanes
        self.shuffle, self.seed = shuffle, seed
        self._children, self._tokens = _encode(trees, vocabulary, arity)
        self._classes = None if targets is None else _check(targets, self._children)
        root = slice(-1, None) if nodes == "root" else slice(None)
        # What is asked of each tree: the positions of the nodes, and their classes.
        self.inputs = {"node_rows": [np.arange(len(tree))[root] for tree in self._children]}
        self.targets: Any = None if self._classes is None else [classes[root] for classes in self._classes]
        self.epoch = 0

    @classmethod
    def join(cls, parts: Sequence["TreeBatches"]) -> "TreeBatches":
        """All trees of several batches, one after the other, in the form of the last, and not shuffled.

        Raises:
            ValueError: the last has targets and another has none.
        """
        last = parts[-1]
        classes: list[np.ndarray] = []
        for number, part in enumerate(parts):
            if last._classes is not None and part._classes is None:
                raise ValueError(
                    f"Joined batches all have targets or none: part {number} has no targets, the last has."
                )
            classes += part._classes or []
        return cls(
            [tree for part in parts for tree in part.trees],
            last.vocabulary,
            None if last._classes is None else classes,
            batch_size=last.batch_size,
            nodes=last.nodes,
            arity=last.arity,
            lanes=last.lanes,
        )

    @property
    def examples(self) -> int:
        """Number of trees."""
        return len(self.trees)

    def _arrange(self, epoch: int) -> None:
        rows = np.arange(self.examples)
        self._order = np.random.default_rng([self.seed, epoch]).permutation(rows) if self.shuffle else rows

    def __len__(self) -> int:
        return -(-self.examples // self.batch_size)

    def indices(self, index: int) -> np.ndarray:
        """Numbers of the trees in batch `index`, row by row; the rows after them are filling."""
        return self._order[index * self.batch_size : (index + 1) * self.batch_size]

    def __getitem__(self, index: int) -> tuple:
        rows = self.indices(index)
        packed = self._pack(index)
        words = np.concatenate([self._tokens[row] for row in rows])
        tokens = np.zeros(len(packed.leaves), "int32")
        tokens[: len(words)] = words  # leaf rows stand in the order of the trees and of their words
        node_indices = [self.inputs["node_rows"][row] for row in rows]
        width = 1 if self.nodes == "root" else padded_length(max(map(len, node_indices)), NODES, index)
        shape = self.batch_size, width
        node_rows = _stack([slots[nodes] for slots, nodes in zip(packed.node_rows, node_indices, strict=True)], shape)
        inputs = {"tokens": tokens, "children": packed.children, "node_rows": node_rows}
        if self.targets is None:
            return (inputs,)
        classes = _stack([self.targets[row] + 1 for row in rows], shape)  # 0 where there is none
        return inputs, np.maximum(classes - 1, 0), (classes > 0).astype("float32")

    def _pack(self, index: int) -> Packed:
        children = [self._children[row] for row in self.indices(index)]
        packed = pack(children, lanes=self.lanes, leaves_multiple=LEAVES, rounds_multiple=ROUNDS)
        return packed.enlarged(
            padded_length(len(packed.leaves), LEAVES, index), padded_length(len(packed.children), ROUNDS, index)
        )


def _stack(rows: Sequence[np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    stacked = np.zeros(shape, "int32")
    for index, row in enumerate(rows):
        stacked[index, : len(row)] = row
    return stacked


def _encode(trees, vocabulary, arity):
    """Of every tree the children of its nodes, and the ids of its words."""
    children, tokens = [], []
    for number, tree in enumerate(trees):
        try:
            children.append(arrays(tree, arity=arity)[0])
        except ValueError as error:
            raise ValueError(f"tree {number}: {error}") from error
        tokens.append(vocabulary.encode(tree.tokens()))
    return children, tokens


def _check(targets, children):
    """The classes of all nodes, one array a tree."""
    if len(targets) != len(children):
        raise ValueError(f"trees and targets must pair up, received: {len(children)} trees, {len(targets)} targets.")
    classes = [np.asarray(row) for row in targets]
    for number, (row, tree) in enumerate(zip(classes, children, strict=True)):
        if row.shape != (len(tree),) or row.dtype.kind not in "iu" or row.min() < -1:
            raise ValueError(
                f"tree {number}: targets must be a class for each of its {len(tree)} nodes, from 0, or -1 for none, "
                f"received: {row.dtype} of shape {row.shape}, {row.tolist()!r:.60}."
            )
    return classes
