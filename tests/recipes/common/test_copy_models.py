"""The encoder-decoder that copies and its twin that does not: their defaults, and what becomes of their arguments."""

import inspect
from types import SimpleNamespace

import numpy as np
import pytest
from keras import ops

from zoo.recipes.common import copy_models

SPLITS = SimpleNamespace(vocabularies={"source": range(7), "target": range(9)}, train=range(5))
SIZES = {"units": 4, "embedding_size": 3}
OFFERED = 2  # tokens of the source that the vocabulary of the target lacks
INPUTS = {
    "source": np.array([[4, 1, 1]], "int32"),
    "source_as_target": np.array([[5, 9, 10]], "int32"),
    "target": np.array([[2, 4]], "int32"),
}


@pytest.fixture
def arguments(record_model_arguments):
    """The arguments of the builder and of the compiler, instead of a model."""
    return record_model_arguments(copy_models)


def test_each_recipe_has_defaults_of_its_own(arguments):
    coverage = copy_models.of(attention="coverage", coverage_penalty=0.5, dropout=0.1)
    location = copy_models.of(attention="location", coverage_penalty=0.0, dropout=0.4)
    for model, expected in ((coverage, ("coverage", 0.5, 0.1)), (location, ("location", 0.0, 0.4))):
        parameters = inspect.signature(model).parameters
        assert tuple(parameters[name].default for name in ("attention", "coverage_penalty", "dropout")) == expected
        model(SPLITS)
        assert (arguments["attention"], arguments["dropout"]) == (expected[0], expected[2])
        assert arguments["penalties"] == ({"coverage": 0.5} if expected[1] else None)


def test_every_argument_is_documented():
    model = copy_models.of(attention="coverage", coverage_penalty=1.0, dropout=0.2)
    splits, *others = inspect.signature(model).parameters.values()
    assert splits.name == "splits"
    assert len(others) > 10
    for parameter in others:
        assert parameter.kind is parameter.KEYWORD_ONLY
        assert f"    {parameter.name}: " in inspect.getdoc(model)


def test_arguments_reach_the_model(arguments):
    sizes = {"cell": "gru", "units": 6, "layers": 2, "embedding_size": 5, "dropout": 0.3}
    others = {"attention": "general", "input_feeding": False, "copying": None}
    model = copy_models.of(attention="coverage", coverage_penalty=1.0, dropout=0.2)
    assert model(SPLITS, **sizes, **others, coverage_penalty=0.25, learning_rate=0.01) == "model"
    assert arguments == {
        **sizes,
        **others,
        "name": "encoder_decoder",
        "source_vocabulary_size": 7,
        "target_vocabulary_size": 9,
        "penalties": {"coverage": 0.25},
        "penalty_ramp": (50, 60),  # 10 and 12 epochs of 5 batches
        "compiled": "model",
        "learning_rate": 0.01,
    }


def test_the_model_is_compiled_for_its_vocabularies():
    model = copy_models.of(attention="additive", coverage_penalty=0.0, dropout=0.0)(
        SPLITS, **SIZES, learning_rate=0.125
    )
    assert model.vocabulary_sizes == {"source": 7, "target": 9}
    assert float(model.optimizer.learning_rate) == 0.125
    assert model.optimizer.global_clipnorm == 1.0


def test_only_the_copying_model_can_emit_words_of_the_source():
    make = copy_models.of(attention="coverage", coverage_penalty=1.0, dropout=0.2)
    copying, plain = (make(SPLITS, copying=how, **SIZES) for how in ("pointer_generator", None))
    scores = ops.convert_to_numpy(copying(INPUTS)["scores"])[0].astype("float64")
    assert scores.shape == (2, 9 + INPUTS["source"].size)
    probabilities = np.exp(scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True))
    assert (probabilities[:, 9 : 9 + OFFERED] > 1e-3).all()
    assert (probabilities[:, 9 + OFFERED :] < 1e-9).all()
    scores = plain({name: INPUTS[name] for name in ("source", "target")})["scores"]
    assert tuple(scores.shape) == (1, 2, 9)
