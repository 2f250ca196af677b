"""The model against its own layers, walked by hand in NumPy; each of its three things to say is learned."""

import keras
import numpy as np
import pytest

from tests.cells.oracle import weights_by_name
from tests.reference import cells as reference
from zoo.models.many_to_many import many_to_many

TINY = {"vocabulary_size": 8, "embedding_size": 3, "units": 4, "outputs": 3}
TOKENS = np.array([[3, 1, 7, 2], [5, 6, 0, 0]], "int32")


def test_it_is_the_equations_from_tokens_to_scores_in_both_directions():
    model = many_to_many(**TINY, cell="gru_reset_before", activation=None)
    table = model.get_layer("embedding").get_weights()[0]
    kernel, bias = model.get_layer("head").get_weights()
    (forward, backward) = model.get_layer("stack").directions[0]
    found = model.predict(TOKENS, verbose=0)
    for row, tokens in enumerate(TOKENS):
        vectors = table[tokens[tokens > 0]]
        there = reference.gru_reset_before(vectors, weights_by_name(forward), np.zeros(4))
        back = reference.gru_reset_before(vectors[::-1], weights_by_name(backward), np.zeros(4))[::-1]
        scores = np.concatenate([there, back], axis=-1) @ kernel + bias
        np.testing.assert_allclose(found[row, : len(vectors)], scores, atol=1e-5)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(
    ("activation", "loss"), [("softmax", "categorical_crossentropy"), ("sigmoid", "mse"), (None, "mse")]
)
def test_any_of_its_three_voices_takes_keras_own_losses(activation, loss):
    model = many_to_many(**TINY, activation=activation)
    model.compile("adam", loss)
    targets = np.eye(3, dtype="float32")[[[0, 1, 2, 0], [1, 1, 0, 0]]]
    weights = (TOKENS > 0).astype("float32")
    loss = model.train_on_batch(TOKENS, targets, weights, return_dict=True)["loss"]
    assert np.isfinite(loss)
    assert loss > 0


def test_an_adapted_standardize_layer_makes_units_of_measure_irrelevant():
    random = np.random.default_rng(0)
    examples = [random.normal(size=(n, 2)).astype("float32") for n in (5, 3)]
    model = many_to_many(features=2, variable_length=True, units=3, outputs=2)
    inputs = {"frames": np.zeros((2, 5, 2), "float32"), "lengths": np.array([5, 3], "int32")}

    def said(scale, shift):
        model.get_layer("standardize").adapt([example * scale + shift for example in examples])
        for row, example in enumerate(examples):
            inputs["frames"][row, : len(example)] = example * scale + shift
        return model.predict(inputs, verbose=0)

    np.testing.assert_allclose(said(100.0, -30.0), said(1.0, 0.0), atol=1e-4)


@pytest.mark.slow
def test_a_causal_model_learns_parity_of_what_it_has_read():
    """No single step, and no bag of steps before the last, tells the answer: the state must."""
    bits = np.random.default_rng(0).integers(0, 2, (256, 8))
    tokens, targets = (bits + 1).astype("int32"), bits.cumsum(axis=1) % 2
    model = many_to_many(vocabulary_size=3, outputs=2, embedding_size=4, units=16, bidirectional=False)
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(tokens[:192], targets[:192], epochs=60, batch_size=64, verbose=0)
    assert model.evaluate(tokens[192:], targets[192:], verbose=0, return_dict=True)["accuracy"] > 0.95


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"vocabulary_size": None}, "either tokens"),
        ({"cell": "grru"}, "Unknown cell: 'grru'. Did you mean 'gru'"),
        ({"vocabulary_size": None, "features": 2, "character_vocabulary_size": 4}, "needs `vocabulary_size`"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        many_to_many(**{**TINY, **wrong})
