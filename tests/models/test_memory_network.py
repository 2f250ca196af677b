"""Answers of the whole network against the float64 loop; its linear start through fit, saving and all; learning."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import numpy, weights_by_name, with_drawn_weights
from tests.reference import memory_network as reference
from zoo.models.memory_network import memory_network

WORDS, UNITS, MEMORY = 8, 3, 3
STORY = np.array([[[2, 3, 0], [4, 5, 6], [7, 1, 0]], [[5, 0, 0], [0, 0, 0], [0, 0, 0]]], "int32")
QUESTION = np.array([[3, 6], [2, 0]], "int32")
INPUTS = {"story": STORY, "question": QUESTION}
TARGETS = np.array([2, 5])


def built(**options):
    return memory_network(vocabulary_size=WORDS, units=UNITS, memory_size=MEMORY, hops=2, **options)


def said(model, inputs=INPUTS):
    return numpy(model({name: ops.convert_to_tensor(array) for name, array in inputs.items()}))


def looks(model):
    """The same model, saying where it looks."""
    alignment, scores = model.get_layer("hops").output
    return keras.Model(model.input, {"alignment": alignment, "scores": scores})


ACTIVATIONS = {
    "softmax": lambda scores: np.exp(scores) / np.exp(scores).sum(-1, keepdims=True),
    "sigmoid": lambda scores: 1 / (1 + np.exp(-scores)),
    None: lambda scores: scores,
}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_agrees_with_the_equations(activation):
    model = built(tying="layer_wise", outputs=4, activation=activation)
    hops = with_drawn_weights(model.get_layer("hops"))
    of = weights_by_name(hops)
    first, second = ([of[f"{kind}_{n}"] for kind in ("embedding", "age")] for n in (0, 1))
    weights = {
        "A": [first[0]] * 2,
        "C": [second[0]] * 2,
        "B": of["embedding_2"],
        "W": of["words"],
        "H": of["between"],
        "T_A": [first[1]] * 2,
        "T_C": [second[1]] * 2,
    }
    where = said(looks(model))
    found = said(model)
    assert found.shape == (2, 4)
    for row in range(2):
        story = [[word for word in sentence if word] for sentence in STORY[row].tolist() if any(sentence)]
        question = [word for word in QUESTION[row].tolist() if word]
        scores, looked = reference.answer(story, question, weights, encode=reference.position, memory_size=MEMORY)
        np.testing.assert_allclose(found[row], ACTIVATIONS[activation](np.array(scores)), rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(where["scores"][row], scores, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(where["alignment"][row, :, : len(story)], looked, rtol=1e-5, atol=1e-5)


@pytest.mark.usefixtures("either_way")
@pytest.mark.each_backend
def test_fit_counts_the_updates_of_a_linear_start_and_saving_keeps_them(tmp_path):
    model = built(linear_updates=5)
    model.compile(keras.optimizers.SGD(0.0), "sparse_categorical_crossentropy")
    hops = model.get_layer("hops")
    for weight in hops.trainable_weights:  # products of such are next to nothing; shares are nearly alike
        weight.assign(0.3 * weight)

    def shares(model):
        return said(looks(model))["alignment"][0]

    model.fit(INPUTS, TARGETS, batch_size=1, epochs=2, verbose=0)
    model.evaluate(INPUTS, TARGETS, verbose=0)
    model.predict(INPUTS, verbose=0)
    assert int(hops.updates) == 4
    assert np.abs(shares(model)).max() < 0.05
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert int(again.get_layer("hops").updates) == 4
    np.testing.assert_array_equal(said(again), said(model))
    for one in (model, again):
        one.fit(INPUTS, TARGETS, batch_size=2, epochs=1, verbose=0)
        assert int(one.get_layer("hops").updates) == 5
        np.testing.assert_allclose(shares(one), 1 / 4, atol=0.1)  # three sentences and an empty place


@pytest.mark.slow
def test_it_learns_where_who_went_last():
    """People go to places; where somebody is, the last sentence that names him tells: words alone would not."""
    random = np.random.default_rng(0)
    who, where = random.integers(1, 4, (300, 4)), random.integers(4, 8, (300, 4))
    story = np.stack([who, where], axis=-1).astype("int32")
    asked = who[np.arange(300), random.integers(0, 4, 300)]
    last = 3 - np.argmax(who[:, ::-1] == asked[:, None], axis=1)
    targets = where[np.arange(300), last]
    inputs = {"story": story, "question": asked[:, None].astype("int32")}
    model = memory_network(vocabulary_size=8, units=12, hops=1, memory_size=4, tying="none")
    model.compile(keras.optimizers.Adam(0.03), "sparse_categorical_crossentropy")
    for _ in range(80):
        model.train_on_batch(inputs, targets)
    assert (said(model, inputs).argmax(-1) == targets).mean() > 0.95
    alignment = said(looks(model), inputs)["alignment"]
    assert (alignment[:, 0].argmax(-1) == last).mean() > 0.9


def test_wrong_arguments_are_errors():
    with pytest.raises(ValueError, match="Did you mean 'layer_wise'"):
        built(tying="layerwise")
    with pytest.raises(ValueError, match="With adjacent tying the answer is one of the words"):
        built(outputs=3)
