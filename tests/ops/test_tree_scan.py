"""The loop up the trees against a recursion, in values and gradients; schedules by hand and by the packer."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.tree.forest import BINARY, drawn, nodes, packed
from tests.gradients import finite_differences, gradients, weighed
from zoo.ops.tree_scan import bottom_up_scan

pytestmark = pytest.mark.each_backend

WIDTH = 3
# The order of children counts, and so does how often a node was made.
KERNEL = np.random.default_rng(0).normal(size=(2, WIDTH, WIDTH)).astype("float32")


def compose(children):
    return ops.tanh(ops.einsum("nad,ade->ne", children, ops.convert_to_tensor(KERNEL)) + 0.5)


def same(children):
    return np.tanh(np.einsum("ad,ade->e", children, KERNEL) + 0.5)


def recursion(tree, words):
    if not isinstance(tree, tuple):
        return words[tree]
    return same(np.stack([recursion(child, words) for child in tree]))


def draw(*shape, seed=1):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def run(leaves, children, compose=compose):
    return ops.convert_to_numpy(bottom_up_scan(ops.convert_to_tensor(leaves), ops.convert_to_tensor(children), compose))


def test_a_schedule_made_by_hand():
    """Leaves in rows 1 to 3, then two lanes: row 4 is (1, 3), 5 idle, 6 is (4, 2), 7 is (2, 4), 8 is (7, 6), 9 idle."""
    leaves = draw(3, WIDTH)
    children = np.array([[[1, 3], [0, 0]], [[4, 2], [2, 4]], [[7, 6], [0, 0]]], "int32")
    buffer = run(leaves, children)
    assert buffer.shape == (10, WIDTH)
    assert (buffer[0] == 0).all()
    np.testing.assert_array_equal(buffer[1:4], leaves)
    for row, (left, right) in {4: (1, 3), 6: (4, 2), 7: (2, 4), 8: (7, 6)}.items():
        np.testing.assert_allclose(buffer[row], same(buffer[[left, right]]), rtol=1e-5, atol=1e-6)
    assert np.abs(buffer[6] - buffer[7]).max() > 1e-2


@pytest.mark.parametrize("lanes", [1, 2, 5])
def test_any_trees_are_the_recursion(lanes):
    trees = [*BINARY, *drawn(6)]
    words = draw(7, WIDTH)
    given = packed(trees, lanes=lanes)
    buffer = run(words[given["tokens"]], given["children"])
    for row, tree in enumerate(trees):
        for place, node in zip(given["node_rows"][row], nodes(tree), strict=False):
            np.testing.assert_allclose(buffer[place], recursion(node, words), rtol=1e-5, atol=1e-5)


def test_a_deep_tree_is_the_recursion():
    tree = 1
    for word in [2, 3, 4, 5, 6] * 30:
        tree = (word, tree)
    words, given = draw(7, WIDTH), packed([tree], lanes=1)
    buffer = run(words[given["tokens"]], given["children"])
    np.testing.assert_allclose(buffer[given["node_rows"][0, -2]], recursion(tree, words), rtol=1e-4, atol=1e-5)


def test_gradients_are_finite_differences_of_the_recursion():
    """By the leaves, of all nodes; a word that stands at several places gets the sum."""
    trees = [*BINARY, *drawn(2)]
    words, given = draw(7, WIDTH), packed(trees)
    to = {row: draw(len(nodes(tree)), WIDTH, seed=row) for row, tree in enumerate(trees)}

    def loss(words):
        buffer = bottom_up_scan(
            ops.take(words, given["tokens"], axis=0), ops.convert_to_tensor(given["children"]), compose
        )
        return sum(weighed(ops.take(buffer, given["node_rows"][row, : len(by)], axis=0), by) for row, by in to.items())

    def by_recursion(words):
        return sum(
            (np.stack([recursion(node, words) for node in nodes(tree)]) * to[row]).sum()
            for row, tree in enumerate(trees)
        )

    value, (slope,) = gradients(loss, words)
    assert value == pytest.approx(by_recursion(words), rel=1e-4)
    np.testing.assert_allclose(slope, finite_differences(by_recursion, words), rtol=2e-4, atol=2e-4)
    assert (slope[0] == 0).all()  # padding is read by nobody


def test_a_round_reads_what_stands_there_before_it():
    """Two lanes that would read each other read zeros."""
    buffer = run(draw(1, WIDTH), np.array([[[3, 1], [2, 1]]], "int32"))
    np.testing.assert_allclose(buffer[2], same(np.stack([0 * buffer[1], buffer[1]])), rtol=1e-5)
    np.testing.assert_allclose(buffer[3], buffer[2], rtol=1e-6)


@pytest.mark.parametrize("arity", [1, 4])
def test_children_may_be_one_or_many(arity):
    leaves = draw(4, WIDTH)
    children = np.array([[[1, 2, 3, 4][:arity]]], "int32")
    buffer = run(leaves, children, lambda children: ops.sum(children, axis=1) + 1)
    np.testing.assert_allclose(buffer[5], leaves[:arity].sum(0) + 1, rtol=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_stays_half(dtype):
    leaves = ops.cast(draw(3, WIDTH), dtype)
    buffer = bottom_up_scan(
        leaves, ops.convert_to_tensor([[[1, 2], [2, 3]]]), lambda below: ops.sum(below, axis=1) * 1.0
    )
    assert keras.backend.standardize_dtype(buffer.dtype) == dtype
    assert tuple(buffer.shape) == (6, WIDTH)


@pytest.mark.tensorflow
@pytest.mark.parametrize("jit_compile", [False, True])
def test_xla_and_graphs_of_unknown_sizes_give_the_same(jit_compile):
    import tensorflow as tf

    specification = [tf.TensorSpec([None, WIDTH]), tf.TensorSpec([None, None, 2], tf.int32)]

    @tf.function(input_signature=specification, jit_compile=jit_compile)
    def compiled(leaves, children):
        with tf.GradientTape() as tape:
            tape.watch(leaves)
            buffer = bottom_up_scan(leaves, children, compose)
            total = tf.reduce_sum(buffer)
        return buffer, tape.gradient(total, leaves)

    for trees in (BINARY, BINARY[:2]):
        given = packed(trees)
        leaves = draw(7, WIDTH)[given["tokens"]]
        buffer, slope = compiled(tf.constant(leaves), tf.constant(given["children"]))
        np.testing.assert_allclose(buffer.numpy(), run(leaves, given["children"]), rtol=1e-5, atol=1e-6)
        _, (expected,) = gradients(
            lambda leaves, given=given: ops.sum(
                bottom_up_scan(leaves, ops.convert_to_tensor(given["children"]), compose)
            ),
            leaves,
        )
        np.testing.assert_allclose(slope.numpy(), expected, rtol=1e-4, atol=1e-5)
