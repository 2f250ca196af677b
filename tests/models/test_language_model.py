"""The model against its own layers, walked by hand; texts longer than a batch; its errors."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, weights_by_name
from tests.reference import cells as reference
from zoo.models.language_model import Begins, LanguageModel

TINY = {"vocabulary_size": 8, "units": 4, "layers": 1}
TOKENS = np.array([[2, 5, 7, 4], [2, 6, 6, 5]], "int32")


@pytest.mark.parametrize("tied", [False, True])
def test_it_is_the_equations_from_tokens_to_scores(tied):
    model = LanguageModel(**TINY, cell="gru", embedding_size=3, tied=tied)
    table = model.get_layer("target_embedding").get_weights()[0]
    model.read_out.bias.assign(draw(8))
    found = ops.convert_to_numpy(model({"target": TOKENS})["scores"])
    matrix = ops.convert_to_numpy(model.read_out.kernel)
    matrix = matrix @ table.T if tied else matrix
    for row, tokens in enumerate(TOKENS):
        states = reference.gru(table[tokens], weights_by_name(model.get_layer("stack")), np.zeros(4))
        np.testing.assert_allclose(found[row], states @ matrix + draw(8), rtol=1e-4, atol=1e-5)


def test_the_embedding_is_as_wide_as_the_layers_unless_told_otherwise():
    assert LanguageModel(**TINY).get_layer("target_embedding").output_dim == 4
    assert LanguageModel(**TINY, embedding_size=3).get_layer("target_embedding").output_dim == 3
    assert LanguageModel(**TINY, tied=True).read_out.kernel is None


@pytest.mark.each_backend
def test_a_text_in_two_batches_is_the_text_in_one():
    """Rows that do not begin with the start go on where they ended, in training steps as compiled by Keras."""
    whole, carried = LanguageModel(**TINY), LanguageModel(**TINY, carried_rows=2)
    for weight, other in zip(carried.trainable_weights, whole.trainable_weights, strict=True):
        weight.assign(other)
    expected = numpy(whole({"target": TOKENS}))["scores"]
    carried.compile(keras.optimizers.SGD(0.0))
    ones = np.ones((2, 2), "float32")
    carried.train_on_batch({"target": TOKENS[:, :2]}, TOKENS[:, 1:3], ones)
    found = numpy(carried({"target": ops.convert_to_tensor(TOKENS[:, 2:])}))["scores"]
    np.testing.assert_allclose(found, expected[:, 2:], rtol=1e-5, atol=1e-5)


def test_a_row_begins_with_the_start():
    assert ops.convert_to_numpy(Begins()(np.array([[2, 5], [5, 2], [0, 0]], "int32"))).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"vocabulary_size": None}, "either tokens"),
        ({"features": 3}, "either tokens"),
        ({"vocabulary_size": None, "features": 3, "tied": True}, "no embedding to tie to"),
        (
            {"vocabulary_size": None, "features": 3, "carried_rows": 2},
            "Only token models carry rows: .* carried_rows=0",
        ),
        ({"cell": "lstmm"}, "Unknown cell: 'lstmm'. Did you mean 'lstm'"),
        ({"layers": 0}, "layers=0"),
        ({"label_smoothing": 1.0}, "`label_smoothing` is a share"),
        ({"dropout": 1.5}, "rate=1.5|dropout=1.5|rate"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        LanguageModel(**{**TINY, **wrong})
