"""Masks against plain loops over rows, with NaN where nothing may look."""

import numpy as np
import pytest
from keras import ops
from keras.src.backend import get_keras_mask

from tests.gradients import gradients
from zoo.ops import masking

LENGTHS = [4, 2, 1, 0]
MASK = np.arange(4) < np.array(LENGTHS)[:, None]
POOLS = {
    "masked_mean": lambda row: row.mean(axis=0),
    "masked_max": lambda row: row.max(axis=0),
    "last_real": lambda row: row[-1],
}


@pytest.fixture
def values(random):
    """(4, 4, 3), negative throughout so that a zero would be seen in a maximum, NaN on padding."""
    return np.where(MASK[..., None], -np.abs(random.normal(size=(4, 4, 3))) - 1, np.nan).astype("float32")


def run(function, *arguments):
    return ops.convert_to_numpy(function(*map(ops.convert_to_tensor, arguments)))


def test_lengths_and_masks_are_each_others_inverse():
    np.testing.assert_array_equal(ops.convert_to_numpy(masking.lengths_to_mask(ops.array(LENGTHS), 4)), MASK)
    np.testing.assert_array_equal(run(masking.mask_to_lengths, MASK), LENGTHS)


def test_weights_take_the_shape_of_what_they_are_for():
    values, rows = np.zeros((4, 4, 2), "float32"), np.arange(4.0)
    expected = np.broadcast_to((MASK * rows[:, None])[..., None], values.shape)
    weights = ops.convert_to_numpy(masking.weights_like(values, MASK, None, rows))
    np.testing.assert_array_equal(weights, expected)
    assert weights.dtype == "float32"
    np.testing.assert_array_equal(ops.convert_to_numpy(masking.weights_like(values)), np.ones(values.shape))


@pytest.mark.each_backend
def test_keras_reads_a_mask_only_within():
    values, mask = ops.zeros((4, 4)), ops.convert_to_tensor(MASK)
    with masking.keras_mask(values, mask):
        np.testing.assert_array_equal(ops.convert_to_numpy(get_keras_mask(values)), MASK)
    assert get_keras_mask(values) is None
    with pytest.raises(ValueError), masking.keras_mask(values, mask):
        raise ValueError
    assert get_keras_mask(values) is None


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 3), (4, 4, 3, 2)])
def test_padding_becomes_zero_whatever_stood_there(shape, random):
    drawn = random.normal(size=shape).astype("float32")
    drawn[~MASK] = np.nan
    expected = np.zeros(shape, "float32")
    for row, length in enumerate(LENGTHS):
        expected[row, :length] = drawn[row, :length]
    np.testing.assert_array_equal(run(masking.zero_padding, drawn, MASK), expected)


@pytest.mark.parametrize("name", POOLS)
def test_pooling_is_that_of_the_real_part_alone(name, values):
    found = run(getattr(masking, name), values, MASK)
    for row, length in enumerate(LENGTHS):
        expected = POOLS[name](values[row, :length]) if length else np.zeros(3)
        np.testing.assert_allclose(found[row], expected, rtol=1e-6)


@pytest.mark.parametrize("name", POOLS)
def test_padding_gets_and_gives_no_gradient(name, values):
    tensor = ops.convert_to_tensor(MASK)
    _, (gradient,) = gradients(lambda v: ops.sum(getattr(masking, name)(v, tensor)), values)
    assert np.isfinite(gradient).all()
    assert (gradient[~MASK] == 0).all()
    np.testing.assert_allclose(gradient.sum(axis=1), np.minimum(LENGTHS, 1)[:, None] * np.ones(3), rtol=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_softmax_of_the_real_part_alone(dtype, random):
    scores = (random.normal(size=(4, 4)) * 20).astype("float32")
    found = ops.cast(masking.masked_softmax(ops.cast(scores, dtype), ops.convert_to_tensor(MASK)), "float32")
    found = ops.convert_to_numpy(found)
    given = ops.convert_to_numpy(ops.cast(ops.cast(scores, dtype), "float32")).astype("float64")
    for row, length in enumerate(LENGTHS):
        powers = np.exp(given[row, :length] - given[row, :length].max(initial=0))
        expected = powers / powers.sum() if length else powers
        np.testing.assert_allclose(found[row, :length], expected, atol=1e-6 if dtype == "float32" else 1e-2)
        assert (found[row, length:] == 0).all()
