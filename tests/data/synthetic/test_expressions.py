import operator
from collections import Counter, defaultdict

import numpy as np
import pytest

from zoo.data.synthetic.expressions import generate
from zoo.data.trees import parse

OPERATIONS = {
    "and": lambda left, right: left and right,
    "or": lambda left, right: left or right,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
VALUES = {"true": 1, "false": 0} | {str(number): number for number in range(5)}
TASKS = pytest.mark.parametrize(("task", "modulus"), [("logic", 2), ("arithmetic", 5)])


def value(tree):
    """What a phrase comes to, by Python's own rules; none of its labels is read."""
    if tree.token is not None:
        return VALUES[tree.token]
    left, right = tree.children
    if left.token == "not":
        return int(not value(right))
    operation, right = right.children
    return OPERATIONS[operation.token](value(left), value(right))


def depth(tree):
    """Operations from the root to the farthest word."""
    if tree.token is not None:
        return 0
    left, right = tree.children
    return 1 + (depth(right) if left.token == "not" else max(depth(left), depth(right.children[1])))


@TASKS
def test_every_phrase_is_labelled_with_its_value(task, modulus):
    seen = set()
    for tree in generate(200, task=task):
        for node in tree.nodes():
            assert len(node.children) in (0, 2)
            has_value = node.token in VALUES or (bool(node.children) and node.children[0].token not in OPERATIONS)
            assert (node.label is not None) == has_value
            if has_value:
                assert node.label == str(value(node) % modulus)
        seen |= set(tree.tokens())
    words = {"logic": "true false and or not", "arithmetic": "0 1 2 3 4 + - *"}[task]
    assert seen == set(words.split())


def test_expressions_by_hand():
    wanted = "(0 (1 true) ((and) (0 (not) (1 (0 false) ((or) (1 true))))))"
    assert parse(wanted).tokens() == "true and not false or true".split()
    assert value(parse(wanted)) == 0 and depth(parse(wanted)) == 3
    assert value(parse("(4 (2 2) ((*) (2 (0 0) ((-) (3 3)))))")) % 5 == 4


@TASKS
def test_depths_are_those_asked_for(task, modulus):
    found = Counter(depth(tree) for tree in generate(900, task=task, depths=(2, 4)))
    assert set(found) == {2, 3, 4} and min(found.values()) > 230
    assert {depth(tree) for tree in generate(20, task=task, depths=(9, 9))} == {9}
    assert {len(tree.nodes()) for tree in generate(20, task=task, depths=(0, 0))} == {1}


@TASKS
def test_all_values_are_as_likely_at_the_root(task, modulus):
    found = Counter(tree.label for tree in generate(2000, task=task, depths=(1, 4)))
    assert set(found) == {str(number) for number in range(modulus)}
    np.testing.assert_allclose([count / 2000 for count in found.values()], 1 / modulus, atol=0.04)


@TASKS
def test_deep_operands_stand_on_both_sides(task, modulus):
    right = left = 0
    for tree in generate(600, task=task, depths=(4, 4)):
        if tree.children[0].token != "not":
            one, other = depth(tree.children[0]), depth(tree.children[1].children[1])
            left, right = left + (one > other), right + (one < other)
    assert 0.8 < left / right < 1.25


@TASKS
def test_the_bag_of_words_says_little_of_the_root(task, modulus):
    """A classifier that is linear in how often words, and pairs of words, occur."""
    trees = generate(2000, task=task)
    tokens = [tree.tokens() for tree in trees]
    words = sorted(set().union(*tokens))
    counts = np.array([[row.count(word) for word in words] for row in tokens])
    pairs = np.einsum("ni,nj->nij", counts, counts).reshape(len(trees), -1)
    features = np.concatenate([np.ones((len(trees), 1)), counts, pairs], axis=1)
    labels = np.array([int(tree.label) for tree in trees])
    weights = np.linalg.lstsq(features[:1500], np.eye(modulus)[labels[:1500]], rcond=None)[0]
    right = np.mean((features[1500:] @ weights).argmax(axis=1) == labels[1500:])
    assert right < 1 / modulus + 0.15


def test_the_words_in_their_order_do_not_tell_the_value():
    values = defaultdict(set)
    for tree in generate(2000, depths=(3, 3)):
        values[tuple(tree.tokens())].add(tree.label)
    assert sum(len(labels) == 2 for labels in values.values()) > 10


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"task": "algebra"}, "one of logic, arithmetic, received: 'algebra'"),
        ({"depths": (-1, 2)}, r"received: \(-1, 2\)"),
        ({"depths": (3, 2)}, r"received: \(3, 2\)"),
    ],
)
def test_arguments_out_of_range(arguments, message):
    with pytest.raises(ValueError, match=message):
        generate(1, **arguments)
