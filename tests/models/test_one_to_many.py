"""What the one thing is, where it is read, and its errors."""

import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import numpy, weights_by_name
from tests.reference import cells as reference
from zoo.models.one_to_many import CONDITIONINGS, OneToMany

TINY = {"vocabulary_size": 8, "units": 4, "embedding_size": 3, "conditioning_size": 2, "cell": "gru"}
TARGET = np.array([[2, 5, 7], [2, 6, 4]], "int32")
GIVEN = {
    "class": ({"classes": 3}, {"label": np.array([2, 0], "int32")}),
    "vector": ({"vector_size": 2}, {"vector": np.array([[1.0, -2.0], [0.5, 3.0]], "float32")}),
}


@pytest.mark.parametrize("conditioning", CONDITIONINGS)
@pytest.mark.parametrize("kind", GIVEN)
def test_it_is_the_equations(kind, conditioning):
    arguments, given = GIVEN[kind]
    model = OneToMany(**TINY, **arguments, conditioning=conditioning)
    found = numpy(model({"target": TARGET, **given}))["scores"]
    if kind == "class":
        vectors = model.encoder.get_weights()[0][given["label"]]
    else:
        kernel, bias = model.encoder.get_weights()
        vectors = np.tanh(given["vector"] @ kernel + bias)
    kernel, bias = (
        model.bridge.projection.get_weights() if conditioning != "every_step" else (np.zeros((2, 4)), np.zeros(4))
    )
    head, head_bias = model.read_out.get_weights()
    for row, vector in enumerate(vectors):
        inputs = model.get_layer("target_embedding").get_weights()[0][TARGET[row]]
        if conditioning != "initial_state":
            inputs = np.concatenate([inputs, np.tile(vector, (3, 1))], axis=1)
        states = reference.gru(inputs, weights_by_name(model.stack), np.tanh(vector @ kernel + bias))
        np.testing.assert_allclose(found[row], states @ head + head_bias, rtol=1e-4, atol=1e-5)


def test_about_nothing_it_is_a_language_model():
    model = OneToMany(**TINY)
    assert [tensor.name for tensor in model.inputs] == ["target"]
    context = model.encode({"target": ops.convert_to_tensor(TARGET)})
    scores, _, trace = model.step(ops.convert_to_tensor(TARGET[:, 0]), model.start(context, 3), context)
    np.testing.assert_allclose(*numpy((scores, model({"target": TARGET})["scores"][:, 0])), atol=1e-5)
    assert trace == {}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"classes": 3, "vector_size": 2}, "a class or a vector, not both. Received: classes=3, vector_size=2"),
        ({"conditioning": "begin"}, "Unknown conditioning: 'begin'"),
        ({"conditioning": "every_stepp", "classes": 3}, "Did you mean 'every_step'"),
        ({"features": 3}, "either tokens"),
        ({"cell": "grru"}, "Unknown cell: 'grru'. Did you mean 'gru'"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        OneToMany(**{**TINY, **wrong})
