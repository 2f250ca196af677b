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
