import keras
import numpy as np
import pytest
from keras import ops

from zoo.layers.standardize import Standardize

LENGTHS = [5, 2, 0]
MASK = np.arange(5) < np.array(LENGTHS)[:, None]


@pytest.fixture
def examples(random):
    """Sequences of unequal length; the third feature never changes."""
    frames = [random.normal(size=(n, 3)) * [2.0, 0.1, 0.0] + [5.0, -1.0, 7.0] for n in (40, 10, 25)]
    return [array.astype("float32") for array in frames]


def test_it_is_the_identity_before_it_has_seen_data(random):
    frames = random.normal(size=(2, 3, 4)).astype("float32")
    np.testing.assert_array_equal(ops.convert_to_numpy(Standardize()(frames)), frames)


def test_adapted_frames_have_mean_0_and_deviation_1(examples):
    """Counted over all frames of all examples; a constant feature becomes 0 and nothing is divided by 0."""
    layer = Standardize()
    layer.build((None, None, 3))
    layer.adapt(examples)
    scaled = np.concatenate([ops.convert_to_numpy(layer(array[None]))[0] for array in examples])
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(scaled.std(axis=0), [1, 1, 0], atol=1e-5)


def test_padding_becomes_zero_whatever_stood_there(examples):
    layer = Standardize()
    layer.build((None, None, 3))
    layer.adapt(examples)
    frames = np.where(MASK[..., None], examples[0][None, :5], np.nan).astype("float32")
    found = ops.convert_to_numpy(layer(frames, ops.convert_to_tensor(MASK)))
    assert (found[~MASK] == 0).all()
    np.testing.assert_allclose(found[0], ops.convert_to_numpy(layer(examples[0][None, :5]))[0], rtol=1e-6)


def test_a_model_that_has_predicted_takes_new_figures(examples):
    """The figures are weights, not constants of a compiled function."""
    inputs = keras.Input((None, 3))
    layer = Standardize()
    model = keras.Model(inputs, layer(inputs))
    frames = examples[1][None]
    np.testing.assert_array_equal(model.predict(frames, verbose=0), frames)
    layer.adapt(examples)
    whole = np.concatenate(examples).astype("float64")
    expected = (frames[0] - whole.mean(axis=0)) / [*whole.std(axis=0)[:2], 1.0]
    np.testing.assert_allclose(model.predict(frames, verbose=0)[0], expected, atol=1e-4)


def test_the_figures_are_saved_and_not_trained(examples, tmp_path):
    inputs = keras.Input((None, 3))
    layer = Standardize(name="standardize")
    model = keras.Model(inputs, layer(inputs))
    layer.adapt(examples)
    assert not model.trainable_weights
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    for one, other in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.each_backend
@pytest.mark.parametrize(("policy", "mean", "scale"), [("mixed_float16", 1e5, 1e3), ("mixed_bfloat16", 1e3, 1.0)])
def test_half_precision_rounds_only_the_standardised_values(random, policy, mean, scale):
    """1e5 is no number of float16; around 1000 bfloat16 holds every fourth whole number."""
    frames = (mean + scale * random.normal(size=(2, 20, 3))).astype("float32")
    inputs = keras.Input((None, 3))
    layer = Standardize(dtype=policy)
    model = keras.Model(inputs, layer(inputs))
    layer.adapt(list(frames))
    expected = (frames - frames.mean(axis=(0, 1))) / frames.std(axis=(0, 1))
    outputs = model(frames)
    assert keras.backend.standardize_dtype(outputs.dtype) == layer.compute_dtype
    np.testing.assert_allclose(ops.convert_to_numpy(ops.cast(outputs, "float32")), expected, atol=0.02)
