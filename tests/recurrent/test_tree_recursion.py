"""Batches of trees against trees one at a time and the float64 recursion, in values and gradients."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.cells.tree.forest import BINARY, BROAD, UNITS, WORDS, drawn, nodes, packed
from tests.gradients import finite_differences, weighed, weight_gradients
from tests.reference import trees as reference
from zoo.cells.tree import COMPOSITIONS
from zoo.recurrent.tree_recursion import TreeRecursion

pytestmark = pytest.mark.each_backend

EACH = pytest.mark.parametrize("name", COMPOSITIONS)


def arity(name):
    return 4 if name == "child_sum_tree_lstm" else 2


def forest(name):
    return [*BINARY, *(BROAD if arity(name) > 2 else []), *drawn(3, arity(name))]


def built(kind, **options):
    layer = TreeRecursion(kind, WORDS, UNITS, **options)
    layer.build((None,), (None, None, arity(kind)), (None, None))
    return with_drawn_weights(layer)


def said(layer, given, **options):
    return numpy(
        layer(*(ops.convert_to_tensor(given[name]) for name in ("tokens", "children", "node_rows")), **options)
    )


def expected(layer, name, tree):
    """The vectors of all nodes in post-order."""
    entries = weights_by_name(layer.embedding)["embeddings"]
    return reference.nodes(name, tree, entries, weights_by_name(layer.composition))[:, :UNITS]


@EACH
def test_trees_together_are_trees_alone_are_the_recursion(name):
    layer, trees = built(name), forest(name)
    together = said(layer, packed(trees, arity(name)))
    assert together.shape == (len(trees), max(len(nodes(tree)) for tree in trees) + 1, UNITS)
    for row, tree in enumerate(trees):
        vectors = expected(layer, name, tree)
        np.testing.assert_allclose(together[row, : len(vectors)], vectors, rtol=1e-5, atol=1e-5)
        assert (together[row, len(vectors) :] == 0).all()
        if row < 3:
            alone = said(layer, packed([tree], arity(name), lanes=1))
            np.testing.assert_allclose(alone[0, : len(vectors)], vectors, rtol=1e-5, atol=1e-5)


@EACH
def test_gradients_are_those_of_the_recursion(name):
    """By every weight and every word, of trees that share both."""
    layer = built(name)
    trees = [3, (1, (2, 1)), ((5, 4), 2)] + ([(2, 3, (1,), 5)] if arity(name) > 2 else [])
    given = {key: ops.convert_to_tensor(array) for key, array in packed(trees, arity(name)).items()}
    to = draw(*given["node_rows"].shape, UNITS)
    value, found = weight_gradients(lambda: weighed(layer(**given), to), layer.trainable_variables)
    entries, weights = weights_by_name(layer.embedding)["embeddings"], weights_by_name(layer.composition)

    def same(changed, part):
        words = changed if part == "embeddings" else entries
        others = {**weights, part: changed}
        vectors = [reference.nodes(name, tree, words, others)[:, :UNITS] for tree in trees]
        return sum((array * to[row, : len(array)]).sum() for row, array in enumerate(vectors))

    assert value == pytest.approx(same(entries, "embeddings"), rel=1e-4, abs=1e-4)
    assert len(found) == 1 + len(weights)
    for path, gradient in found.items():
        part = path.split("/")[-1]
        array = entries if part == "embeddings" else weights[part]
        differences = finite_differences(lambda changed, part=part: same(changed, part), array)
        assert np.abs(differences).max() > 1e-3, part
        np.testing.assert_allclose(gradient, differences, rtol=2e-4, atol=2e-4, err_msg=part)


@EACH
def test_lanes_and_padding_change_nothing(name):
    """Neither how many lanes work side by side, nor more leaves and rounds, nor the vector of padding."""
    layer, trees = built(name), forest(name)
    plain = said(layer, packed(trees, arity(name)))
    table = ops.convert_to_numpy(layer.embedding.embeddings).copy()
    table[0] = 1e3
    layer.embedding.embeddings.assign(table)
    for lanes in (1, 7):
        given = packed(trees, arity(name), lanes=lanes, leaves_multiple=64, rounds_multiple=40)
        np.testing.assert_allclose(said(layer, given), plain, rtol=1e-5, atol=1e-6)


@EACH
def test_trees_do_not_see_each_other(name):
    layer, trees = built(name), forest(name)
    before = said(layer, packed(trees, arity(name)))
    others = [trees[0], *reversed(drawn(len(trees) - 2, arity(name), seed=9)), trees[-1]]
    after = said(layer, packed(others, arity(name)))
    for row in (0, -1):
        count = len(nodes(trees[row]))
        np.testing.assert_allclose(after[row, :count], before[row, :count], rtol=1e-5, atol=1e-6)


def test_words_may_be_narrower_than_phrases():
    layer = built("tree_lstm", embedding_size=2)
    found = said(layer, packed(BINARY))
    for row, tree in enumerate(BINARY):
        vectors = expected(layer, "tree_lstm", tree)
        np.testing.assert_allclose(found[row, : len(vectors)], vectors, rtol=1e-5, atol=1e-5)


def test_dropout_is_of_words_and_for_training():
    layer, plain, given = built("matrix", dropout=0.5), built("matrix"), packed([*range(1, WORDS)] * 30)
    np.testing.assert_array_equal(said(layer, given), said(plain, given))
    dropped, kept = said(layer, given, training=True)[:, 0], said(plain, given)[:, 0]
    gone = dropped == 0
    assert 0.4 < gone.mean() < 0.6
    np.testing.assert_allclose(dropped[~gone], 2 * kept[~gone], rtol=1e-5)


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_is_near_the_recursion(dtype):
    layer = built("tree_lstm", dtype=dtype)
    outputs = layer(**{name: ops.convert_to_tensor(array) for name, array in packed(BINARY).items()})
    assert keras.backend.standardize_dtype(outputs.dtype) == dtype.removeprefix("mixed_")
    found = numpy(ops.cast(outputs, "float32"))
    for row, tree in enumerate(BINARY):
        vectors = expected(layer, "tree_lstm", tree)
        np.testing.assert_allclose(found[row, : len(vectors)], vectors, atol=5e-2)


def test_its_configuration_makes_it_again():
    layer = built("tree_lstm", embedding_size=2, dropout=0.25, name="again")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(said(again, packed(BINARY)), said(layer, packed(BINARY)))


@EACH
def test_more_children_than_it_can_take_are_an_error(name):
    given = packed(drawn(3, arity=3), arity=3)
    if arity(name) > 2:
        assert np.isfinite(said(TreeRecursion(name, WORDS, UNITS), given)).all()
    else:
        with pytest.raises(ValueError, match=rf"{name} makes a node of 2 children.*child_sum_tree_lstm.*\(\d+, 3, 3\)"):
            said(TreeRecursion(name, WORDS, UNITS), given)


def test_an_unknown_composition_is_an_error():
    with pytest.raises(ValueError, match="Unknown composition: 'tree_ltsm'. Did you mean 'tree_lstm'"):
        TreeRecursion("tree_ltsm")
