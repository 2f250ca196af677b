"""Training without targets is refused by the model's name, with the remedy."""

import numpy as np
import pytest

import zoo
from tests.models.eagerly import run_eagerly
from zoo.models.base.required_targets import require_targets

IDS = np.array([[2, 5, 6, 3]], "int32")
FRAMES = {"frames": np.zeros((1, 4, 2), "float32"), "lengths": np.array([4], "int32")}
# Name, arguments, inputs without their targets, and the loss of those that bring none.
CASES = [
    ("many_to_one", {"vocabulary_size": 8}, IDS, ["mse"]),
    ("many_to_many", {"features": 2, "variable_length": True}, FRAMES, ["mse"]),
    ("memory_network", {"vocabulary_size": 8}, {"story": IDS[:, None], "question": IDS}, ["mse"]),
    ("crf_tagger", {"vocabulary_size": 8}, IDS, []),
    ("ctc_recognizer", {"features": 2, "outputs": 3}, FRAMES, []),
    ("language_model", {"vocabulary_size": 8}, {"target": IDS}, []),
]


@pytest.mark.parametrize("use", ["fit", "evaluate"])
@pytest.mark.parametrize(("name", "arguments", "inputs", "loss"), CASES, ids=[case[0] for case in CASES])
def test_a_model_without_targets_says_what_it_lacks(name, arguments, inputs, loss, use):
    model = zoo.build(name, units=2, **arguments)
    model.compile("sgd", *loss)
    with run_eagerly(), pytest.raises(ValueError, match=rf"{name} learns from targets y .*inputs alone. Pass"):
        getattr(model, use)(inputs, verbose=0)


def test_targets_pass():
    require_targets("any", IDS)
