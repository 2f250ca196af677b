"""Arguments of recipes: where they go, which default holds, and models of every kind."""

import numpy as np
import pytest

from tests.runs import model_of, splits_of
from zoo.experiments.arguments import keyword_arguments
from zoo.experiments.assembly import recipe_arguments, resolve_arguments
from zoo.experiments.entry_points import list_recipes
from zoo.experiments.recipe import load_recipe
from zoo.models.transformer import Transformer
from zoo.models.transformer_decoder import TransformerDecoder
from zoo.registry import MODELS

# Arguments that stand for themselves in none of the docstrings.
EVERY = [(name, choice) for name in list_recipes() for choice in load_recipe(name).MODELS]


@pytest.mark.parametrize(("name", "choice"), EVERY)
def test_every_argument_is_documented_and_every_fact_is_one(name, choice):
    recipe = load_recipe(name)
    arguments = recipe_arguments(recipe, choice)
    assert not [argument.name for argument in arguments.values() if not argument.text]
    model, facts = recipe.MODELS[choice]
    assert model in MODELS
    known = {*arguments, "activation", "epochs", "patience", "monitor"}
    assert set(facts) | set(recipe.OPTIMIZERS.get(choice, {})) | set(recipe.FIT) <= known
    union = {key for other in recipe.MODELS for key in recipe_arguments(recipe, other)}
    changes = {key for key in recipe.QUICK if key not in recipe.MODELS}
    assert changes - {"epochs"} <= union
    assert set(recipe.QUICK.get(choice, {})) <= set(arguments)
    assert arguments[recipe.CHOICE].default == next(iter(recipe.MODELS))


def test_defaults_are_of_function_facts_and_optimizer():
    arguments = recipe_arguments(load_recipe("translation"), "recurrent")
    values = {name: argument.default for name, argument in arguments.items()}
    assert (values["attention"], values["units"], values["examples"]) == ("general", 256, 20_000)
    assert (values["learning_rate"], values["schedule"], values["tokens"]) == (2e-3, "plateau", 4000)
    assert "source_vocabulary_size" not in values and "seed" not in values
    transformer = recipe_arguments(load_recipe("translation"), "transformer")
    assert transformer["learning_rate"].default == 1e-3 and "attention" not in transformer


def test_given_arguments_go_before_quick_ones():
    recipe = load_recipe("sentiment")
    quick = resolve_arguments(recipe, {"units": 7}, quick=True)
    assert (quick["units"], quick["examples"]) == (7, recipe.QUICK["examples"])
    assert resolve_arguments(recipe, {"model": "transformer"}, quick=True)["units"] == 64
    assert resolve_arguments(recipe, {})["units"] == 64
    assert set(resolve_arguments(recipe, {})) == set(recipe_arguments(recipe, "recurrent"))


@pytest.mark.parametrize(
    ("name", "arguments", "error", "message"),
    [
        ("sentiment", {"unitz": 7}, TypeError, "takes no argument 'unitz'. Did you mean 'units'"),
        ("sentiment", {"model": "transformr"}, ValueError, "Unknown model: 'transformr'. Did you mean 'transformer'"),
        ("commands", {"model": "transformer", "cell": "gru"}, TypeError, "no argument 'cell'. recurrent does."),
        ("tagging", {"model": "transformer", "vectors": "a.txt"}, TypeError, "'vectors'. crf and softmax does."),
        ("dna", {"task": "junctions"}, ValueError, "Unknown task: 'junctions'. Did you mean 'junction'"),
    ],
)
def test_arguments_of_another_model_are_refused(name, arguments, error, message):
    with pytest.raises(error, match=message):
        resolve_arguments(load_recipe(name), arguments)


def test_each_model_is_built_with_its_arguments_and_compiled_with_its_schedule():
    splits = splits_of("commands", examples=40)
    small = {"model": "transformer", "units": 8, "heads": 2, "layers": 1, "learning_rate": 0.02, "warmup_steps": 7}
    model = model_of("commands", splits, **small, schedule="inverse_square_root")
    assert isinstance(model, Transformer)
    assert (model.get_config()["units"], model.get_config()["dropout"]) == (8, 0.1)
    rate = model.optimizer.get_config()["learning_rate"]
    assert rate["class_name"] == "InverseSquareRoot"
    assert rate["config"] == {"learning_rate": 0.02, "warmup_steps": 7}

    splits = splits_of("language_model", examples=20_000, rows=2, steps=8)
    model = model_of("language_model", splits, model="transformer", units=8, layers=1, warmup_steps=5)
    assert isinstance(model, TransformerDecoder)
    rate = model.optimizer.get_config()["learning_rate"]
    assert rate["config"]["decay_steps"] == 9 * len(splits.train) - 5  # to the end of the training

    splits = splits_of("tagging", examples=40)
    model = model_of("tagging", splits, model="transformer", units=8, layers=1)
    assert model.name == "transformer_encoder"
    assert model.output_shape == (None, None, len(splits.vocabularies["labels"]))


def test_sizes_come_from_the_data():
    splits = splits_of("dialogue", examples=20, model="flat")
    model = model_of("dialogue", splits, model="flat", units=4)
    size = len(splits.vocabularies["target"])
    assert model.vocabulary_sizes == {"source": size, "target": size}
    splits = splits_of("copying", examples=200, rule_count=5)
    config = model_of("copying", splits, units=4, penalty_start=2).get_config()
    assert config["penalty_ramp"] == (2 * len(splits.train), 12 * len(splits.train))
    assert config["penalties"] == {"coverage": 1.0}


def test_only_a_copying_model_emits_words_of_the_source():
    splits = splits_of("copying", examples=200, rule_count=5)
    plain = splits_of("copying", examples=200, rule_count=5, copying=None)
    small = {"units": 4, "embedding_size": 3}
    inputs, _, _ = splits.test[0]
    width = len(splits.vocabularies["target"])
    scores = model_of("copying", splits, **small).predict_on_batch(inputs)["scores"]
    assert scores.shape[-1] == width + inputs["source"].shape[1]
    inputs, _, _ = plain.test[0]
    scores = model_of("copying", plain, **small, copying=None).predict_on_batch(inputs)["scores"]
    assert scores.shape[-1] == len(plain.vocabularies["target"])
    assert np.isfinite(scores).all()


# Arguments that a recipe's data and its model have in common on purpose.
SHARED = {"copying", "levels", "memory_size"}


@pytest.mark.parametrize(("name", "choice"), EVERY)
def test_arguments_of_the_data_are_no_other_arguments_of_the_model(name, choice):
    recipe = load_recipe(name)
    functions = (recipe.data, recipe.vocabularies, recipe.batches, *recipe.SIZES.values())
    own = {argument for function in functions for argument in keyword_arguments(function)}
    assert own & set(keyword_arguments(MODELS[recipe.MODELS[choice][0]])) <= SHARED
