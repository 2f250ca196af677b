"""The model against its own layers, walked by hand in NumPy; its errors; a task that only order solves."""

import keras
import numpy as np
import pytest

from tests.cells.oracle import weights_by_name
from tests.reference import cells as reference
from zoo.layers.pooling import POOLINGS
from zoo.models.many_to_one import many_to_one

TINY = {"vocabulary_size": 8, "embedding_size": 3, "units": 4, "outputs": 3}
TOKENS = np.array([[3, 1, 7, 2], [5, 6, 0, 0]], "int32")


def softmax(scores):
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


@pytest.mark.parametrize("cell", ["lstm", "coupled_lstm"])
def test_it_is_the_equations_from_tokens_to_probabilities(cell):
    """Look up, recur in float64 loops, take the last state, weigh, normalise."""
    model = many_to_one(**TINY, cell=cell)
    table = model.get_layer("embedding").get_weights()[0]
    kernel, bias = model.get_layer("head").get_weights()
    found = model.predict(TOKENS, verbose=0)
    for row, tokens in enumerate(TOKENS):
        vectors = table[tokens[tokens > 0]]
        states = getattr(reference, cell)(vectors, weights_by_name(model.get_layer("stack")), np.zeros(4), np.zeros(4))
        np.testing.assert_allclose(found[row], softmax(states[-1] @ kernel + bias), atol=1e-5)


@pytest.mark.parametrize(("activation", "allowed"), [("softmax", (0, 1)), ("sigmoid", (0, 1)), (None, None)])
def test_what_it_says(activation, allowed):
    model = many_to_one(**TINY, activation=activation)
    model.get_layer("head").bias.assign([5.0, -5.0, 9.0])
    found = model.predict(TOKENS, verbose=0)
    assert found.shape == (2, 3)
    if allowed:
        assert ((found > 0) & (found < 1)).all()
        assert np.allclose(found.sum(-1), 1) == (activation == "softmax")
    else:
        assert (np.abs(found) > 1).any()


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_padding_changes_nothing_under_any_pooling(pooling, bidirectional):
    model = many_to_one(**TINY, pooling=pooling, bidirectional=bidirectional, cell="gru")
    assert type(model.get_layer("pooling")) is POOLINGS[pooling]
    short = model.predict(TOKENS, verbose=0)
    long = model.predict(np.pad(TOKENS, ((0, 0), (0, 3))), verbose=0)
    np.testing.assert_allclose(long, short, atol=1e-6)


def test_frames_of_one_length_need_no_lengths():
    model = many_to_one(features=2, units=3, outputs=2, activation=None)
    varying = many_to_one(features=2, variable_length=True, units=3, outputs=2, activation=None)
    varying.set_weights(model.get_weights())
    frames = np.random.default_rng(0).normal(size=(2, 4, 2)).astype("float32")
    whole = varying.predict({"frames": frames, "lengths": np.array([4, 4], "int32")}, verbose=0)
    np.testing.assert_allclose(model.predict(frames, verbose=0), whole, atol=1e-6)


@pytest.mark.slow
def test_it_learns_what_only_the_order_tells():
    """Whether token 2 stands before token 3: a bag of words knows nothing."""
    random = np.random.default_rng(0)
    tokens = random.integers(4, 8, (200, 6)).astype("int32")
    for row, (first, second) in enumerate(np.sort(random.permuted(np.tile(np.arange(6), (200, 1)), axis=1)[:, :2])):
        tokens[row, [first, second]] = (2, 3) if row % 2 else (3, 2)
    model = many_to_one(**{**TINY, "units": 12, "outputs": 2}, cell="gru")
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
    labels = np.arange(200) % 2
    model.fit(tokens[:100], labels[:100], epochs=25, batch_size=25, verbose=0)
    assert model.evaluate(tokens[100:], labels[100:], verbose=0, return_dict=True)["accuracy"] > 0.9


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"pooling": "atention"}, "Unknown pooling: 'atention'. Did you mean 'attention'"),
        ({"cell": "lstmm"}, "Unknown cell: 'lstmm'. Did you mean 'lstm'"),
        ({"features": 3}, "either tokens"),
        ({"layers": 0}, "layers=0"),
        ({"dropout": 1.5}, "rate=1.5"),
        ({"token_dropout": 1.0}, "rate=1.0"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        many_to_one(**{**TINY, **wrong})
