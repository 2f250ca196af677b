"""Trees to prove compositions by: those of `tests.reference.trees`, packed for the loop or walked by hand."""

import numpy as np
from keras import ops

from tests.cells.oracle import weights_by_name, with_drawn_weights
from tests.reference import trees as reference
from zoo.cells.tree import COMPOSITIONS
from zoo.data.batches.tree_schedule import pack

UNITS, WORDS = 3, 7
# A word, two words, branching to the right, to the left, evenly; words are repeated and stand on both sides.
BINARY = [3, (1, 2), (5, (1, (4, (2, 6)))), ((((1, 3), 5), 2), 1), (((1, 2), (3, 4)), ((5, 6), (2, 1)))]
# Nodes of one to four children.
BROAD = [(1, 2, 3), (6, (4, (1,), 2, 5), (3, 3)), ((((2,),),), 5), 4]


def random_tree(random, words, arity=2):
    """So many words below nodes of two to `arity` children."""
    if words == 1:
        return int(random.integers(1, WORDS))
    children = int(random.integers(2, min(arity, words) + 1))
    cuts = sorted(random.choice(words - 1, size=children - 1, replace=False) + 1)
    return tuple(random_tree(random, int(size), arity) for size in np.diff([0, *cuts, words]))


def drawn(count, arity=2, seed=0):
    random = np.random.default_rng(seed)
    return [random_tree(random, int(words), arity) for words in random.integers(1, 9, count)]


def nodes(tree):
    """All nodes in post-order."""
    return [node for child in tree for node in nodes(child)] + [tree] if isinstance(tree, tuple) else [tree]


def positions(tree, arity=2, first=0):
    """The children of every node in post-order, (n, arity), by their positions; -1 for none."""
    if not isinstance(tree, tuple):
        return [[-1] * arity]
    rows, roots = [], []
    for child in tree:
        rows += positions(child, arity, first + len(rows))
        roots.append(first + len(rows) - 1)
    return [*rows, roots + [-1] * (arity - len(roots))]


def packed(trees, arity=2, lanes=3, leaves_multiple=4, rounds_multiple=2):
    """What `TreeRecursion` is given: tokens (L,), children (R, lanes, arity), places (B, n) of all nodes in
    post-order.
    """
    schedule = pack(
        [np.array(positions(tree, arity)) for tree in trees],
        lanes=lanes,
        leaves_multiple=leaves_multiple,
        rounds_multiple=rounds_multiple,
    )
    tokens = np.zeros(len(schedule.leaves), "int32")
    for row, (tree, node) in enumerate(schedule.leaf_rows):
        if tree >= 0:
            tokens[row] = nodes(trees[tree])[node]
    places = np.zeros((len(trees), max(map(len, schedule.node_rows)) + 1), "int32")
    for row, found in enumerate(schedule.node_rows):
        places[row, : len(found)] = found
    return {"tokens": tokens, "children": schedule.children, "node_rows": places}


def built(kind, **options):
    """A composition with drawn weights, and entries of words."""
    composition = COMPOSITIONS[kind](UNITS, **options)
    composition.build((None, None, composition.state_size))
    entries = np.random.default_rng(1).normal(size=(WORDS, composition.leaf_size)).astype("float32")
    return with_drawn_weights(composition), entries


def walked(composition, entries, tree):
    """The states of all nodes in post-order, made one by one."""
    found = []
    for node, below in zip(nodes(tree), positions(tree, 4), strict=True):
        if isinstance(node, tuple):
            children = np.stack([found[child] for child in below if child >= 0])[None]
            found.append(ops.convert_to_numpy(composition(ops.convert_to_tensor(children)))[0])
        else:
            found.append(ops.convert_to_numpy(composition.leaf(ops.convert_to_tensor(entries[[node]])))[0])
    return np.stack(found)


def assert_agrees(name, trees, **options):
    """All states of all nodes are those of the float64 recursion."""
    composition, entries = built(name, **options)
    for tree in trees:
        found = walked(composition, entries, tree)
        expected = reference.nodes(name, tree, entries, weights_by_name(composition))
        assert found.shape == (len(nodes(tree)), composition.state_size)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
