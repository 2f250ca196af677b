import math

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, with_drawn_weights
from tests.reference import transformer as reference
from zoo.layers.positional_encoding import PositionalEncoding


def test_tokens_are_made_as_large_as_places():
    vectors = draw(2, 5, 4)
    layer = PositionalEncoding(4)
    expected = math.sqrt(4) * vectors.astype("float64") + np.array(reference.positions(5, 4))
    np.testing.assert_allclose(numpy(layer(vectors)), expected, rtol=1e-5, atol=1e-5)
    assert not layer.weights


@pytest.mark.parametrize(("tokens", "scale"), [(True, math.sqrt(3)), (False, 1.0)])
def test_what_is_of_another_width_is_projected(tokens, scale):
    vectors, layer = draw(2, 5, 3), with_drawn_weights(PositionalEncoding(4, tokens=tokens), (2, 5, 3))
    kernel, bias = (np.asarray(numpy(weight.value), "float64") for weight in layer.weights)
    expected = scale * vectors @ kernel + bias + np.array(reference.positions(5, 4))
    np.testing.assert_allclose(numpy(layer(vectors)), expected, rtol=1e-5, atol=1e-5)


def test_frames_as_wide_as_the_units_are_projected_all_the_same():
    layer = PositionalEncoding(4, tokens=False)
    layer.build((None, None, 4))
    assert [tuple(weight.shape) for weight in layer.weights] == [(4, 4), (4,)]


@pytest.mark.parametrize("kind", ["sinusoidal", "learned"])
def test_a_step_is_read_as_among_all_wherever_its_row_stands(kind):
    layer = PositionalEncoding(4, kind=kind, maximum_length=5 if kind == "learned" else None)
    with_drawn_weights(layer, (2, 5, 4))
    vectors = draw(2, 5, 4, seed=1)
    everything = numpy(layer(vectors))
    found = numpy(layer.step(ops.convert_to_tensor(vectors[[0, 1], [3, 1]]), ops.convert_to_tensor([3, 1], "int32")))
    np.testing.assert_allclose(found, everything[[0, 1], [3, 1]], rtol=1e-5, atol=1e-6)


def test_learned_places_are_vectors_of_their_own():
    layer = with_drawn_weights(PositionalEncoding(4, kind="learned", maximum_length=6), (2, 5, 4))
    table = numpy(layer.position_vectors.value)
    vectors = draw(2, 5, 4)
    np.testing.assert_allclose(numpy(layer(vectors)), vectors + table[:5], rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match="Positions are learned for 6 steps. Received: 7. Cut the sequence"):
        layer(draw(2, 7, 4))


@pytest.mark.parametrize("kind", ["sinusoidal", "learned"])
@pytest.mark.parametrize("tokens", [True, False])
def test_vectors_and_positions_start_equally_large(kind, tokens):
    """Within a factor of 2.5; token vectors as `keras.layers.Embedding` starts them, frames standardised."""
    width = 256 if tokens else 64
    layer = PositionalEncoding(256, kind=kind, maximum_length=32 if kind == "learned" else None, tokens=tokens)
    random = np.random.default_rng(0)
    vectors = random.uniform(-0.05, 0.05, (8, 32, width)) if tokens else random.normal(size=(8, 32, width))
    positions = numpy(layer(np.zeros_like(vectors, "float32"))).std()
    both = numpy(layer(vectors.astype("float32")))
    content = (both - numpy(layer(np.zeros_like(vectors, "float32")))).std()
    assert 0.4 < positions / content < 2.5, (positions, content)


def test_a_tagger_learns_tags_that_are_positions():
    """About a second, most of it tracing: 20 updates, after which a start 16 times smaller gets a third wrong."""
    keras.utils.set_random_seed(0)
    tokens = keras.Input((None,), dtype="int32")
    vectors = PositionalEncoding(256, kind="learned", maximum_length=12)(keras.layers.Embedding(40, 256)(tokens))
    normalized = keras.layers.LayerNormalization()(vectors)
    model = keras.Model(tokens, keras.layers.Dense(12, activation="softmax")(normalized))
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    random, tags = np.random.default_rng(0), np.arange(12)
    for _ in range(20):
        model.train_on_batch(random.integers(4, 40, (32, 12)), np.tile(tags, (32, 1)))
    predictions = model.predict_on_batch(random.integers(4, 40, (64, 12))).argmax(-1)
    assert (predictions == tags).mean() > 0.98


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kind": "sinusoid"}, "Unknown positions: 'sinusoid'. Did you mean 'sinusoidal'"),
        ({"kind": "learned"}, "Learned positions have a `maximum_length`.*maximum_length=None"),
        ({"maximum_length": 5}, "sinusoidal ones need none. Received: positions='sinusoidal', maximum_length=5"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        PositionalEncoding(4, **wrong)
