"""The look at a memory: what it weighs, what padding may not do, heads, and the equation."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.gradients import gradients, weighed
from tests.reference import attention as reference
from zoo.layers.attention import Attention
from zoo.layers.attention_scores import SCORES

PLACES, QUERIES, WIDTH, UNITS = 5, 3, 4, 6
LENGTHS = [5, 3, 1, 0]
MASK = np.arange(PLACES) < np.array(LENGTHS)[:, None]
EACH = pytest.mark.parametrize("match", SCORES)
HEADS = pytest.mark.parametrize("heads", [1, 2])


def built(match="additive", heads=1, query=WIDTH, memory=WIDTH, **options):
    layer = Attention(match, UNITS, heads=heads, **options)
    layer.build((None, query), (None, None, memory))
    return with_drawn_weights(layer)


def memory(filling=0.0, width=WIDTH, seed=2):
    return np.where(MASK[..., None], draw(len(LENGTHS), PLACES, width, seed=seed), filling).astype("float32")


def queries(width=WIDTH):
    return draw(len(LENGTHS), QUERIES, width, seed=1)


def looked(layer, query, stored, previous=None):
    prepared = layer.prepare(ops.convert_to_tensor(stored), ops.convert_to_tensor(MASK))
    previous = None if previous is None else ops.convert_to_tensor(previous)
    return numpy(layer.attend(ops.convert_to_tensor(query), prepared, previous))


@EACH
@HEADS
def test_an_alignment_sums_to_one_over_what_is_real_and_is_zero_on_padding(match, heads):
    context, alignment = looked(built(match, heads), queries(), memory())
    assert alignment.shape == (len(LENGTHS), QUERIES, PLACES)
    assert context.shape == (len(LENGTHS), QUERIES, WIDTH if heads == 1 else UNITS)
    real = np.broadcast_to(MASK[:, None], alignment.shape)
    assert (alignment[~real] == 0).all()
    assert (alignment[real] > 0).all()
    np.testing.assert_allclose(alignment.sum(-1)[:-1], 1, rtol=1e-5)
    assert (context[-1] == 0).all()  # of a row of padding


@EACH
@HEADS
def test_poison_on_padding_changes_neither_values_nor_gradients(match, heads):
    layer = built(match, heads)
    weigh = draw(len(LENGTHS), QUERIES, WIDTH if heads == 1 else UNITS, seed=5)

    def loss(query, stored):
        context, alignment = layer.attend(query, layer.prepare(stored, ops.convert_to_tensor(MASK)))
        return weighed(context, weigh) + ops.sum(alignment**2)

    value, (by_query, by_memory) = gradients(loss, queries(), memory())
    poisoned, (query_poisoned, memory_poisoned) = gradients(loss, queries(), memory(filling=1e4))
    np.testing.assert_allclose(poisoned, value, rtol=1e-5)
    np.testing.assert_allclose(query_poisoned, by_query, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(memory_poisoned[MASK], by_memory[MASK], rtol=1e-5, atol=1e-5)
    assert np.isfinite(by_memory).all()
    assert (memory_poisoned[~MASK] == 0).all()


@EACH
@HEADS
def test_one_query_is_the_same_as_among_many(match, heads):
    layer = built(match, heads)
    context, alignment = looked(layer, queries(), memory())
    for step in range(QUERIES):
        one, weights = looked(layer, queries()[:, step], memory())
        np.testing.assert_allclose(one, context[:, step], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(weights, alignment[:, step], rtol=1e-5, atol=1e-6)


@EACH
def test_agrees_with_the_equation(match):
    layer, stored = built(match), memory()
    previous = np.random.default_rng(0).dirichlet(np.ones(PLACES), len(LENGTHS)).astype("float32") * MASK
    context, alignment = looked(layer, queries()[:, 0], stored, previous)
    for row, length in enumerate(LENGTHS[:-1]):
        expected, weights = reference.look(
            getattr(reference, match),
            queries()[row, 0],
            stored[row, :length],
            weights_by_name(layer.matches[0]),
            previous[row, :length],
        )
        np.testing.assert_allclose(context[row], expected, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(alignment[row, :length], weights, rtol=1e-5, atol=1e-5)


def test_heads_each_read_their_own_part():
    """Two heads of 3: each compares and reads its columns of the projections; alignments are told as their mean."""
    layer, stored = built("scaled_dot", heads=2), memory()
    query, keys, values = (
        array @ ops.convert_to_numpy(projection.kernel)
        for array, projection in (
            (queries(), layer.query_projection),
            (stored, layer.memory_projection),
            (stored, layer.value_projection),
        )
    )
    context, alignment = looked(layer, queries(), stored)
    for row, length in enumerate(LENGTHS[:-1]):
        for step in range(QUERIES):
            told = np.zeros(length)
            for head in range(2):
                part = slice(3 * head, 3 * head + 3)
                found, weights = reference.look(
                    reference.scaled_dot, query[row, step, part], keys[row, :length, part], {}
                )
                del found
                expected = np.array(weights) @ values[row, :length, part]
                np.testing.assert_allclose(context[row, step, part], expected, rtol=1e-4, atol=1e-5)
                told += np.array(weights) / 2
            np.testing.assert_allclose(alignment[row, step, :length], told, rtol=1e-4, atol=1e-5)


@EACH
def test_a_memory_of_another_width_is_compared_all_the_same(match):
    layer = built(match, query=3, memory=WIDTH)
    context, alignment = looked(layer, queries(3), memory())
    assert context.shape == (len(LENGTHS), QUERIES, WIDTH)
    np.testing.assert_allclose(alignment.sum(-1)[:-1], 1, rtol=1e-5)
    assert (layer.memory_projection is not None) == SCORES[match].same_width


def test_call_prepares_and_attends():
    layer = built()
    called = numpy(layer(queries(), memory(), ops.convert_to_tensor(MASK)))
    for one, other in zip(called, looked(layer, queries(), memory()), strict=True):
        np.testing.assert_array_equal(one, other)


@EACH
def test_half_precision_stays_finite(match):
    layer = built(match, dtype="mixed_float16")
    stored, mask = ops.cast(memory(), "float16"), ops.convert_to_tensor(MASK)
    context, alignment = layer(ops.cast(queries(), "float16"), stored, mask)
    for tensor in (context, alignment):
        assert keras.backend.standardize_dtype(tensor.dtype) == "float16"
        assert np.isfinite(ops.convert_to_numpy(tensor)).all()
    np.testing.assert_allclose(ops.convert_to_numpy(alignment).sum(-1)[:-1], 1, atol=5e-3)


def test_its_configuration_makes_it_again():
    layer = Attention("location", UNITS, heads=3, name="again")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    assert (len(again.matches), again.width(99), again.uses_previous_alignment) == (3, UNITS, True)
    assert Attention("dot", UNITS).width(99) == 99


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"match": "aditive"}, "Unknown attention: 'aditive'. Did you mean 'additive'"),
        ({"heads": 4, "units": 6}, "`heads` must divide `units`. Received: heads=4, units=6"),
        ({"heads": 0}, "Received: heads=0"),
        ({"units": 0}, "units"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        Attention(**wrong)
