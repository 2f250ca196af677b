"""A Transformer in the place of a recipe's own model: what is read, what is refused, and runs of each kind."""

import inspect
import json

import numpy as np
import pytest

from zoo.experiments import transformers
from zoo.experiments.recipe import RECIPES
from zoo.experiments.run import arguments_of, find, train
from zoo.experiments.settings import Settings, settle
from zoo.models.transformer import Transformer
from zoo.models.transformer_decoder import TransformerDecoder
from zoo.recipes import commands, language_model, sentiment, tagging, translation
from zoo.registry import MODELS

OFFERED = [name for name in RECIPES if hasattr(find(name).model, "reads")]


def settled(recipe, tmp_path, *, quick=False, **arguments):
    settings = Settings(quick=quick)
    return settle(recipe.__name__.split(".")[-1], recipe, arguments_of(recipe), tmp_path, settings, arguments)[1]


def test_recipes_of_every_kind_offer_one():
    kinds = ("commands", "language_model", "pronunciation", "questions", "reverse", "sentiment", "surnames", "tagging")
    assert {*kinds, "translation"} <= set(OFFERED)


@pytest.mark.parametrize("name", OFFERED)
def test_its_arguments_are_beside_the_recipes_own(name):
    recipe = find(name)
    parameters = inspect.signature(recipe.model).parameters
    assert list(parameters)[:2] == ["splits", "model"]
    assert parameters["model"].default == "recurrent"
    assert {"heads", "warmup_steps"} <= set(parameters)
    documented = inspect.getdoc(recipe.model)
    for argument in list(parameters)[1:]:
        assert f"    {argument}: " in documented, argument
    assert recipe.model.reads <= set(parameters)
    assert set(recipe.model.own) <= recipe.model.reads
    told = documented.split("a Transformer reads ")[1].split(";")[0]
    assert all(argument in told for argument in recipe.model.reads)


@pytest.mark.parametrize("recipe", [commands, translation, tagging])
def test_a_transformer_has_defaults_of_its_own_and_the_recurrent_model_keeps_its(recipe, tmp_path):
    plain, other = settled(recipe, tmp_path), settled(recipe, tmp_path, model="transformer")
    defaults = {name: parameter.default for name, parameter in arguments_of(recipe).items()}
    assert plain == defaults
    assert other == defaults | recipe.model.own | {"model": "transformer"}
    assert settled(recipe, tmp_path, model="transformer", layers=5)["layers"] == 5


def test_a_quick_run_takes_what_a_transformer_can_use(tmp_path):
    found = settled(commands, tmp_path, quick=True, model="transformer", units=32)
    assert found["examples"] == commands.QUICK["examples"]
    assert found["learning_rate"] == transformers.QUICK["learning_rate"] != commands.QUICK["learning_rate"]
    assert found["embedding_size"] == arguments_of(commands)["embedding_size"].default
    assert found["units"] == 32
    assert settled(commands, tmp_path, quick=True)["learning_rate"] == commands.QUICK["learning_rate"]


@pytest.mark.parametrize(
    ("recipe", "wrong", "message"),
    [
        (commands, {"model": "transformer", "cell": "gru"}, "A transformer model has no use for cell='gru'"),
        (
            commands,
            {"model": "transformer", "attention": None},
            "no use for attention=None: it reads decay_epochs, dropout, heads",
        ),
        (commands, {"warmup_steps": 3}, "A recurrent model has no use for warmup_steps=3"),
        (commands, {"decay_epochs": 3}, "A recurrent model has no use for decay_epochs=3"),
        (translation, {"model": "transformer", "input_feeding": True}, "no use for input_feeding=True"),
        (sentiment, {"model": "transformer", "bidirectional": False}, "no use for bidirectional=False"),
        (tagging, {"model": "transformer", "vectors": "glove.txt"}, "no use for vectors='glove.txt'"),
        (
            tagging,
            {"model": "transformer", "head": "crf"},
            "says each tag by itself: --head softmax. Received: head='c",
        ),
        (language_model, {"model": "transformr"}, "Unknown model: 'transformr'. Did you mean 'transformer'"),
    ],
)
def test_what_the_chosen_model_has_no_use_for_is_refused(recipe, wrong, message):
    splits = recipe.data(examples=60_000 if recipe is language_model else 40)
    with pytest.raises(ValueError, match=message):
        recipe.model(splits, **wrong)


def test_each_builds_what_it_says():
    """And compiles it with its schedule."""
    splits, rates = commands.data(examples=40), {"learning_rate": 0.02, "decay_epochs": 0}
    model = commands.model(splits, model="transformer", units=8, heads=2, layers=1, **rates, warmup_steps=7)
    assert isinstance(model, Transformer)
    assert (model.get_config()["units"], model.get_config()["dropout"]) == (8, commands.model.own["dropout"])
    rate = model.optimizer.get_config()["learning_rate"]
    assert rate["class_name"] == "InverseSquareRoot"
    assert rate["config"] == {"learning_rate": 0.02, "warmup_steps": 7}
    assert commands.callbacks(model, splits)[1:] == []  # the schedule makes its steps smaller
    assert len(commands.callbacks(commands.model(splits, units=8), splits)) == 2

    splits = language_model.data(examples=20_000, rows=2, steps=8)
    model = language_model.model(splits, model="transformer", units=8, layers=1, warmup_steps=5, decay_epochs=2)
    assert isinstance(model, TransformerDecoder)
    rate = model.optimizer.get_config()["learning_rate"]
    assert rate["class_name"] == "CosineDecay"
    assert rate["config"]["decay_steps"] == 2 * len(splits.train) - 5

    splits = tagging.data(examples=40)
    model = tagging.model(splits, model="transformer", units=8, layers=1)
    assert model.name == "transformer_encoder"
    assert model.output_shape == (None, None, len(splits.vocabularies["labels"]))
    assert set(MODELS) >= {"transformer", "transformer_decoder", "transformer_encoder"}


def test_a_short_run_is_measured_drawn_and_resumed(tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "LONGEST", 4)
    words = ("walk", "run", "jump", "look")
    lines = [f"IN: {one} and {other} OUT: I_{one.upper()} I_{other.upper()}\n" for one in words for other in words] * 4
    (tmp_path / "mine.txt").write_text("".join(lines))
    settings = Settings(quick=True, epochs=1, verbose=0)
    small = {"model": "transformer", "units": 8, "heads": 2, "layers": 1, "batch_size": 32}
    run = train("commands", out=tmp_path / "run", settings=settings, data=str(tmp_path / "mine.txt"), **small)
    assert np.isfinite(list(run.metrics["test"].values())).all()
    assert run.generate(["walk and jump"], maximum_length=4)[0][0].source == ["walk", "and", "jump"]
    assert (run.folder / "alignments.png").is_file()
    assert json.loads((run.folder / "recipe.json").read_text())["arguments"]["model"] == "transformer"
    with pytest.raises(ValueError, match="was started with model='transformer', .*Received: model='recurrent'"):
        train("commands", out=tmp_path / "run", settings=Settings(resume=True, verbose=0), model="recurrent")


@pytest.mark.slow
def test_a_run_is_measured_drawn_loaded_and_resumed_as_what_it_is(tmp_path):
    words = ("walk", "run", "jump", "look")
    lines = [f"IN: {one} and {other} OUT: I_{one.upper()} I_{other.upper()}\n" for one in words for other in words] * 12
    (tmp_path / "mine.txt").write_text("".join(lines))
    settings = Settings(quick=True, epochs=5, verbose=0)
    given = {"data": str(tmp_path / "mine.txt"), "model": "transformer", "units": 32, "batch_size": 16}
    run = train("commands", out=tmp_path / "run", settings=settings, **given)
    assert run.metrics["test"]["exact"] > 0.6  # chance: 1/16
    assert run.generate(["walk and jump"])[0][0].text == "I_WALK I_JUMP"
    assert (run.folder / "alignments.png").is_file()
    assert json.loads((run.folder / "recipe.json").read_text())["arguments"]["model"] == "transformer"
    _, arguments = settle("commands", commands, arguments_of(commands), run.folder, Settings(resume=True), {})
    assert arguments["model"] == "transformer"
    with pytest.raises(ValueError, match="was started with model='transformer', .*Received: model='recurrent'"):
        train("commands", out=tmp_path / "run", settings=Settings(resume=True, verbose=0), model="recurrent")


@pytest.mark.slow
def test_a_text_is_measured_stretch_by_stretch(tmp_path):
    """Nothing goes on from one to the next, and no place is asked for that training never saw."""
    settings = Settings(quick=True, epochs=1, verbose=0)
    small = {"examples": 20_000, "rows": 8, "steps": 16, "units": 16, "layers": 1}
    run = train("language_model", out=tmp_path / "run", settings=settings, model="transformer", **small)
    splits = language_model.data(examples=20_000, rows=8, steps=16)
    expected = run.model.evaluate(splits.test, verbose=0, return_dict=True)["nats"]
    assert run.metrics["test"]["nats"] == pytest.approx(expected, rel=1e-5)
    assert len((run.folder / "sample.txt").read_text().rstrip("\n")) <= 16
