"""Heads against Keras' own layer with the same weights, against the equation, and where Keras' own does not serve."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, with_drawn_weights
from tests.reference import transformer as reference
from zoo.layers.multi_head_attention import MultiHeadAttention

ROWS, STEPS, PLACES, UNITS, WIDTH = 3, 4, 5, 6, 3
LENGTHS = np.array([5, 2, 0])
SEEN = np.broadcast_to((np.arange(PLACES) < LENGTHS[:, None])[:, None], (ROWS, STEPS, PLACES))


def built(heads=2):
    layer = MultiHeadAttention(UNITS, heads)
    layer.build((None, None, UNITS), (None, None, WIDTH))
    return with_drawn_weights(layer)


def looked(layer, seen=SEEN, filling=0.0):
    memory = np.where(SEEN[:, 0, :, None], draw(ROWS, PLACES, WIDTH, seed=2), filling).astype("float32")
    return numpy(layer(*map(ops.convert_to_tensor, (draw(ROWS, STEPS, UNITS, seed=1), memory, seen))))


def by_path(layer):
    start = layer.weights[0].path.index("projections")
    return {weight.path[start:]: np.asarray(numpy(weight.value), "float64") for weight in layer.weights}


@pytest.mark.parametrize("heads", [1, 2, 3])
def test_heads_are_those_of_keras_with_the_same_weights(heads):
    layer = built(heads)
    stock = keras.layers.MultiHeadAttention(heads, UNITS // heads, use_bias=False, output_shape=UNITS)
    stock.build((None, None, UNITS), (None, None, WIDTH))
    for name in ("query", "key", "value", "output"):
        ours, theirs = (getattr(one, f"{name}_dense") for one in (layer.projections, stock))
        theirs.set_weights(ours.get_weights())
    found, alignment = looked(layer)
    memory = np.where(SEEN[:, 0, :, None], draw(ROWS, PLACES, WIDTH, seed=2), 0).astype("float32")
    expected, shares = stock(
        draw(ROWS, STEPS, UNITS, seed=1), memory, attention_mask=SEEN, return_attention_scores=True
    )
    np.testing.assert_allclose(found[:2], numpy(expected)[:2], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(alignment[:2], numpy(shares)[:2].mean(1), rtol=1e-4, atol=1e-6)


def test_heads_are_the_equation():
    layer = built()
    found, alignment = looked(layer)
    for row, length in enumerate(LENGTHS[:2]):
        memory = draw(ROWS, PLACES, WIDTH, seed=2)[row, :length]
        expected, shares = reference.heads(
            draw(ROWS, STEPS, UNITS, seed=1)[row], memory, by_path(layer), reference.everything
        )
        np.testing.assert_allclose(found[row], expected, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(alignment[row, :, :length], shares, rtol=1e-4, atol=1e-6)


def test_who_may_see_nothing_reads_zeros():
    """Keras' own layer gives the mean of what stands in padding."""
    found, alignment = looked(built())
    assert (found[2] == 0).all()
    assert (alignment[~SEEN] == 0).all()
    np.testing.assert_allclose(alignment[:2].sum(-1), 1, rtol=1e-5)
    poisoned = looked(built(), filling=1e4)
    for one, other in zip((found, alignment), poisoned, strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_is_seen_may_differ_from_step_to_step():
    layer, full = built(), np.ones((1, STEPS, PLACES), bool)
    found, alignment = looked(layer, np.tril(full))
    assert (alignment[~np.broadcast_to(np.tril(full), alignment.shape)] == 0).all()
    for step in range(STEPS):
        alone = full & (np.arange(PLACES) <= step)
        np.testing.assert_allclose(found[:, step], looked(layer, alone)[0][:, step], rtol=1e-5, atol=1e-6)


def test_weights_start_as_matrices_of_all_heads_do():
    """Keras takes the axis of heads for one of a convolution and starts many heads with next to nothing."""
    layer = MultiHeadAttention(128, 8)
    layer.build((None, None, 128), (None, None, 128))
    for weight in layer.weights:
        np.testing.assert_allclose(numpy(weight.value).std(), (2 / (128 + 128)) ** 0.5, rtol=0.05)


@pytest.mark.parametrize("heads", [0, 4])
def test_heads_share_the_units(heads):
    with pytest.raises(ValueError, match=f"`heads` must divide `units`. Received: heads={heads}, units=6"):
        MultiHeadAttention(UNITS, heads)
