"""Schedules, against trees computed node by node, and against the best of all schedules."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoo.data.batches.tree_schedule import pack

MODULUS = 1_000_003


def grown(random, leaves, arity=2, gaps=False):
    """A random tree as children (n, A), nodes in post-order."""
    rows = []

    def grow(count):
        if count == 1:
            rows.append([-1] * arity)
            return len(rows) - 1
        parts = random.integers(2, min(arity, count) + 1)
        ends = [0, *sorted(random.choice(np.arange(1, count), parts - 1, replace=False)), count]
        below = [grow(int(end - start)) for start, end in pairwise(ends)]
        row = [-1] * arity
        node_rows = sorted(random.choice(arity, parts, replace=False)) if gaps else range(parts)
        for place, child in zip(node_rows, below, strict=True):
            row[place] = child
        rows.append(row)
        return len(rows) - 1

    grow(leaves)
    return np.array(rows)


def compose(values):
    """Depends on every value and on its place; nothing is 0."""
    return int(sum((place + 3) * value * value + value for place, value in enumerate(values)) + 1) % MODULUS


def node_by_node(tree, number):
    values = []
    for position, row in enumerate(tree):
        below = [values[child] if child >= 0 else 0 for child in row]
        values.append(compose(below) if (row >= 0).any() else 1 + number * 1000 + position)
    return values


def run(packed):
    """The buffer after all rounds. A row that is not yet made is poison: who reads it fails."""
    rounds, lanes, _ = packed.children.shape
    size = len(packed.leaves)
    buffer = [0] + [None] * (size + rounds * lanes)
    for row, (number, position) in enumerate(packed.leaf_rows, 1):
        buffer[row] = 1 + int(number) * 1000 + int(position) if number >= 0 else None
    for turn, lane_rows in enumerate(packed.children):
        made = [compose([buffer[row] for row in rows]) if rows.any() else None for rows in lane_rows]
        for lane, value in enumerate(made):
            buffer[1 + size + turn * lanes + lane] = value
    return buffer


def assert_computes(packed, trees):
    buffer = run(packed)
    assert [[buffer[row] for row in rows] for rows in packed.node_rows] == [
        node_by_node(tree, number) for number, tree in enumerate(trees)
    ]


def forest(seed, largest=12, count=6, **options):
    random = np.random.default_rng(seed)
    sizes = random.integers(1, largest + 1, random.integers(1, count + 1))
    return [grown(random, int(leaves), **options) for leaves in sizes]


@given(st.integers(0, 10_000), st.integers(1, 7), st.sampled_from([(2, False), (2, True), (4, True), (1, False)]))
def test_every_node_is_computed_from_its_children(seed, lanes, kind):
    arity, gaps = kind
    trees = forest(seed, largest=1 if arity == 1 else 12, arity=arity, gaps=gaps)
    packed = pack(trees, lanes=lanes, leaves_multiple=4, rounds_multiple=3)
    assert_computes(packed, trees)
    rounds, width, read = packed.children.shape
    assert (width, read) == (lanes, arity) and rounds % 3 == 0 and len(packed.leaves) % 4 == 0
    assert rounds and len(packed.leaves)
    # Every node has a row of its own, and no other lane works.
    rows = np.concatenate(packed.node_rows)
    assert len(set(rows)) == len(rows) == sum(map(len, trees)) and rows.min() > 0
    assert packed.children.any(axis=2).sum() == sum((tree >= 0).any(axis=1).sum() for tree in trees)
    assert {array.dtype for array in (packed.leaves, packed.leaf_rows, packed.children, *packed.node_rows)} == {
        np.dtype("int32")
    }


@given(st.integers(0, 10_000), st.integers(0, 9), st.integers(0, 9))
def test_an_enlarged_schedule_computes_the_same(seed, leaves, rounds):
    trees = forest(seed, largest=6, count=3)
    packed = pack(trees, lanes=2, leaves_multiple=1, rounds_multiple=1)
    larger = packed.enlarged(leaves, rounds)
    assert len(larger.leaves) == max(leaves, len(packed.leaves))
    assert len(larger.children) == max(rounds, len(packed.children))
    assert_computes(larger, trees)


def test_leaves_are_told_in_both_ways():
    trees = forest(3, count=6)
    packed = pack(trees)
    flat = [(number, position) for number, tree in enumerate(trees) for position in range(len(tree))]
    real = packed.leaves >= 0
    assert [flat[number] for number in packed.leaves[real]] == list(map(tuple, packed.leaf_rows[real]))
    assert real.sum() == sum((tree < 0).all(axis=1).sum() for tree in trees)
    assert (packed.leaf_rows[~real] == -1).all()


def fewest_rounds(trees, lanes):
    """By trying every choice of nodes in every round."""
    children = {}
    for number, tree in enumerate(trees):
        inner = {position for position, row in enumerate(tree) if (row >= 0).any()}
        children |= {(number, node): {(number, c) for c in tree[node] if c in inner} for node in inner}
    reached, rounds = {frozenset()}, 0
    while frozenset(children) not in reached:
        further = set()
        for done in reached:
            ready = [node for node in children if node not in done and children[node] <= done]
            # To leave a lane idle never helps.
            further |= {done | set(chosen) for chosen in combinations(ready, min(lanes, len(ready)))}
        reached, rounds = further, rounds + 1
    return rounds


@pytest.mark.parametrize("lanes", [1, 2, 3])
def test_no_schedule_has_fewer_rounds(lanes):
    told_apart = 0
    for seed in range(30):
        trees = forest(seed, largest=6, count=3)
        packed = pack(trees, lanes=lanes, rounds_multiple=1)
        least = fewest_rounds(trees, lanes)
        assert len(packed.children) == max(1, least)
        inner = sum((tree >= 0).any(axis=1).sum() for tree in trees)
        told_apart += least > -(-inner // lanes)
    assert lanes == 1 or told_apart > 3  # forests in which full lanes alone would not do


def test_the_farthest_from_its_root_goes_first():
    # A chain of three inner nodes and three pairs: two lanes need three rounds, if the chain is never kept waiting.
    chain = np.array([[-1, -1]] * 4 + [[2, 3], [1, 4], [0, 5]])
    pair = np.array([[-1, -1], [-1, -1], [0, 1]])
    packed = pack([pair, pair, pair, chain], lanes=2, rounds_multiple=1)
    assert len(packed.children) == 3 and packed.children.any(axis=2).all()


def test_trees_of_one_word_need_no_round():
    word = np.array([[-1, -1]])
    packed = pack([word, word], lanes=4, leaves_multiple=8, rounds_multiple=2)
    assert packed.children.shape == (2, 4, 2) and not packed.children.any()
    assert packed.leaf_rows[:3].tolist() == [[0, 0], [1, 0], [-1, -1]]
    assert [rows.tolist() for rows in packed.node_rows] == [[1], [2]]


@pytest.mark.parametrize(
    ("trees", "message"),
    [
        ([], "no tree was given"),
        ([[[-1, -1]], np.zeros((0, 2), int)], r"Received: \(0, 2\) as tree 1"),
        ([[[-1, -1]], [[-1]]], r"one A for all. Received: \(1, 1\) as tree 1, \(1, 2\) as tree 0"),
        ([[-1, -1]], r"Received: \(2,\) as tree 0"),
        ([[[-1, -1]], [[-1, -1], [-1, -1], [0, 2]]], r"Received: \[0, 2\] of node 2 of tree 1"),
        ([[[-1, -1], [-2, -1]]], r"Received: \[-2, -1\] of node 1 of tree 0"),
        ([[[-1, -1]], [[-1, -1], [-1, -1], [0, 0]]], "Received: node 0 of tree 1, a child 2 times"),
        ([[[-1, -1]], [[-1, -1], [-1, -1], [0, -1]]], "Received: node 1 of tree 1, a child 0 times"),
    ],
)
def test_what_is_no_tree(trees, message):
    with pytest.raises(ValueError, match=message):
        pack([np.array(tree) for tree in trees])


@pytest.mark.parametrize("name", ["lanes", "leaves_multiple", "rounds_multiple"])
def test_nothing_to_work_with(name):
    with pytest.raises(ValueError, match=f"at least 1. Received: .*{name}=0"):
        pack([np.array([[-1, -1]])], **{name: 0})
