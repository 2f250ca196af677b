"""Poolings row by row in NumPy; the attention by its equation in float64."""

import keras
import numpy as np
import pytest
from keras import ops

from zoo.layers.pooling import POOLINGS, AttentionPooling, LastPooling

LENGTHS = [4, 2, 1, 0]
MASK = np.arange(4) < np.array(LENGTHS)[:, None]
PLAIN = {"last": lambda row: row[-1], "mean": lambda row: row.mean(axis=0), "max": lambda row: row.max(axis=0)}


@pytest.fixture
def sequences(random):
    """What a stack says: zeros on padding; negative, so that a zero would be seen in a maximum."""
    return np.where(MASK[..., None], -np.abs(random.normal(size=(4, 4, 6))) - 1, 0).astype("float32")


def pooled(layer, sequences):
    return ops.convert_to_numpy(layer(sequences, ops.convert_to_tensor(MASK)))


def attention(units=3):
    layer = AttentionPooling(units)
    layer.build((None, None, 6))
    draw = np.random.default_rng(2)
    layer.set_weights([draw.normal(size=weight.shape) for weight in layer.weights])
    return layer


@pytest.mark.parametrize("name", PLAIN)
def test_pooling_reads_the_real_part_alone(name, sequences):
    found = pooled(POOLINGS[name](), sequences)
    for row, length in enumerate(LENGTHS):
        expected = PLAIN[name](sequences[row, :length]) if length else np.zeros(6)
        np.testing.assert_allclose(found[row], expected, rtol=1e-6)


def test_the_last_word_of_a_backward_half_is_at_the_first_step(sequences):
    found = pooled(LastPooling(bidirectional=True), sequences)
    for row, length in enumerate(LENGTHS):
        forward = sequences[row, length - 1, :3] if length else np.zeros(3)
        np.testing.assert_array_equal(found[row], [*forward, *sequences[row, 0, 3:]])


def test_attention_is_its_equation(sequences):
    layer = attention()
    found = pooled(layer, sequences)
    kernel, bias, score = (weight.astype("float64") for weight in layer.get_weights())
    alignment = ops.convert_to_numpy(layer.alignment(sequences, ops.convert_to_tensor(MASK)))
    for row, length in enumerate(LENGTHS):
        scores = [float(np.tanh(h @ kernel + bias) @ score[:, 0]) for h in sequences[row, :length].astype("float64")]
        weights = np.exp(scores) / np.exp(scores).sum() if length else np.zeros(0)
        np.testing.assert_allclose(alignment[row, :length], weights, atol=1e-6)
        assert (alignment[row, length:] == 0).all()
        assert alignment[row].sum() == pytest.approx(float(length > 0), abs=1e-6)
        expected = sum((w * h for w, h in zip(weights, sequences[row], strict=False)), np.zeros(6))
        np.testing.assert_allclose(found[row], expected, atol=1e-5)


def test_attention_to_equal_steps_is_their_mean(sequences):
    layer = attention()
    layer.score.kernel.assign(np.zeros((3, 1)))
    np.testing.assert_allclose(pooled(layer, sequences), pooled(POOLINGS["mean"](), sequences), atol=1e-6)


@pytest.mark.parametrize("name", POOLINGS)
def test_half_precision_comes_out_as_it_went_in(name, sequences):
    layer = POOLINGS[name](dtype="mixed_float16")
    found = layer(ops.cast(sequences, "float16"), ops.convert_to_tensor(MASK))
    assert keras.backend.standardize_dtype(found.dtype) == "float16"
    assert np.isfinite(ops.convert_to_numpy(found)).all()


@pytest.mark.parametrize(("name", "options"), [("last", {"bidirectional": True}), ("attention", {"units": 5})])
def test_its_configuration_makes_it_again(name, options):
    layer = POOLINGS[name](**options)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(again) is type(layer)
    assert again.get_config() == layer.get_config()
    assert options.items() <= layer.get_config().items()


def test_attention_of_no_units_is_an_error():
    with pytest.raises(ValueError, match="units"):
        AttentionPooling(0)
