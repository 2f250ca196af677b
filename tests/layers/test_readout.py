import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, with_drawn_weights
from zoo.layers.readout import Readout

VOCABULARY, WIDTH, UNITS = 6, 3, 4


def embedding(width=WIDTH):
    layer = keras.layers.Embedding(VOCABULARY, width)
    layer.build()
    return layer


def built(width=UNITS, tied=None, **options):
    return with_drawn_weights(Readout(VOCABULARY, embedding=tied, **options), (None, width))


@pytest.mark.parametrize("shape", [(2, UNITS), (2, 5, UNITS)])
def test_without_an_embedding_it_has_a_matrix_of_its_own(shape):
    layer, hidden = built(), draw(*shape)
    kernel, bias = layer.get_weights()
    np.testing.assert_allclose(ops.convert_to_numpy(layer(hidden)), hidden @ kernel + bias, rtol=1e-5, atol=1e-5)


def test_tied_it_is_the_transposed_embedding():
    tied = embedding(UNITS)
    layer, hidden = built(tied=tied), draw(2, 5, UNITS)
    assert layer.kernel is None
    matrix, bias = tied.get_weights()[0], ops.convert_to_numpy(layer.bias)
    np.testing.assert_allclose(ops.convert_to_numpy(layer(hidden)), hidden @ matrix.T + bias, rtol=1e-5, atol=1e-5)
    tied.embeddings.assign(2 * matrix)  # the same matrix, not a copy
    np.testing.assert_allclose(ops.convert_to_numpy(layer(hidden)), 2 * hidden @ matrix.T + bias, rtol=1e-5, atol=1e-5)


def test_tied_to_another_width_it_is_projected_first():
    tied = embedding()
    layer, hidden = built(tied=tied), draw(2, UNITS)
    kernel, matrix = ops.convert_to_numpy(layer.kernel), tied.get_weights()[0]
    assert kernel.shape == (UNITS, WIDTH)
    expected = hidden @ kernel @ matrix.T + ops.convert_to_numpy(layer.bias)
    np.testing.assert_allclose(ops.convert_to_numpy(layer(hidden)), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("tied", [False, True])
def test_scores_are_single_precision_always(tied):
    layer = built(tied=embedding(UNITS) if tied else None, dtype="mixed_bfloat16")
    scores = layer(ops.cast(draw(2, UNITS), "bfloat16"))
    assert keras.backend.standardize_dtype(scores.dtype) == "float32"


def tied_model():
    tokens = keras.Input((None,), dtype="int32")
    words = keras.layers.Embedding(VOCABULARY, WIDTH, name="words")
    hidden = keras.layers.Dense(UNITS)(words(tokens))
    return keras.Model(tokens, Readout(VOCABULARY, embedding=words, name="readout")(hidden))


@pytest.mark.each_backend
@pytest.mark.parametrize("how", ["save", "clone", "config"])
def test_copies_of_a_tied_model_are_tied(how, tmp_path):
    model, tokens = tied_model(), np.array([[1, 4, 5]])
    if how == "save":
        model.save(tmp_path / "model.keras")
        copy = keras.saving.load_model(tmp_path / "model.keras")
    else:
        copy = keras.models.clone_model(model) if how == "clone" else keras.Model.from_config(model.get_config())
        copy.set_weights(model.get_weights())
    assert copy.get_layer("readout").embedding is copy.get_layer("words") is not model.get_layer("words")
    one, other = (ops.convert_to_numpy(each(tokens)) for each in (copy, model))
    np.testing.assert_allclose(one, other, rtol=1e-6)


def test_a_readout_without_its_embedding_upstream_brings_a_copy(tmp_path):
    hidden = keras.Input((UNITS,))
    model = keras.Model(hidden, built(tied=embedding())(hidden))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for one, other in zip(loaded.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    again = Readout.from_config(Readout.from_config(model.layers[-1].get_config()).get_config())
    assert again.get_config() == model.layers[-1].get_config()
