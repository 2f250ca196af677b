"""What a search runs of a recipe; the search itself is in tests/tuning."""

import csv
import json
import math
import shutil

import keras
import numpy as np
import pytest

import zoo
from tests.runs import TINY, splits_of
from zoo.experiments import trial
from zoo.experiments.assembly import load_splits, make_model, resolve_arguments
from zoo.experiments.entry_points import list_recipes
from zoo.experiments.recipe import load_recipe
from zoo.experiments.trial import ConfigurationError
from zoo.recipes import reverse
from zoo.training.callbacks.checkpoint import Checkpoint
from zoo.tuning.proposals import Proposals
from zoo.tuning.space import arguments_of as chosen
from zoo.tuning.space import read_space, searched

VALUES = {"units": 4, "cell": "elman"}
FIXED = {name: value for name, value in TINY.items() if name not in VALUES}
SMALL = {"settings": {"epochs": 2}, "arguments": FIXED}
# One that maps and one that generates; the others are slow.
FAST = ("memory_span", "names")


@pytest.mark.parametrize(
    "name", [name if name in FAST else pytest.param(name, marks=pytest.mark.slow) for name in list_recipes()]
)
def test_a_random_sample_of_every_space_builds_and_trains(name):
    recipe = load_recipe(name)
    plan = trial.plan_trials(recipe, {"quick": True})
    space = read_space(recipe.space)
    assert plan.monitor.startswith("val_") and len(searched(space)) > 1
    proposals = Proposals(tuner="random", space=space, rising=True, seed=len(name), trials=1, epochs=3)
    values = chosen(recipe.space, space, proposals.ask().values)
    assert set(values) <= set(plan.known)
    arguments = resolve_arguments(recipe, values, quick=True)
    splits = load_splits(recipe, arguments, seed=0)
    model = make_model(recipe, splits, arguments, epochs=plan.epochs)
    before = [np.array(weight) for weight in model.trainable_weights]
    for step in range(min(2, len(splits.train))):
        loss = model.train_on_batch(*splits.train[step])
        assert math.isfinite(np.ravel(loss)[0])
    changed = [not np.array_equal(old, new) for old, new in zip(before, model.trainable_weights, strict=True)]
    assert sum(changed) > len(changed) / 2


def run(folder, **changed):
    options = {**SMALL, "objective": "val_accuracy", "recipe": "sentiment", **changed}
    return trial.run_trial(VALUES, folder=folder, **options)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A trial that nobody disturbed, and its folder."""
    folder = tmp_path_factory.mktemp("whole")
    return run(folder), folder


def test_a_trial_says_what_came_of_it(whole):
    result, folder = whole
    with open(folder / "history.csv", newline="") as file:
        rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
    assert result["status"] == "completed" and result["history"] == rows and len(rows) == 2
    assert result["score"] == max(row["val_accuracy"] for row in rows)
    assert json.loads((folder / "result.json").read_text()) == result


def test_one_that_has_ended_is_not_run_again(whole, monkeypatch):
    result, folder = whole
    monkeypatch.setattr(trial, "fit", None)
    assert run(folder) == result


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """The result of a trial's first epoch, and its folder without that result: to be copied."""
    folder = tmp_path_factory.mktemp("short")
    result = run(folder, until=1)
    (folder / "result.json").unlink()
    return result, folder


def test_stopped_after_an_epoch_it_goes_on_to_the_same_end(whole, short, tmp_path):
    """As a killed one, and as one that Hyperband continues in a folder of its own."""
    first, folder = short
    assert len(first["history"]) == 1
    child = run(tmp_path / "child", parent=str(folder))
    again = run(shutil.copytree(folder, tmp_path / "again"))
    for other in (again, child):
        assert other["history"] == whole[0]["history"] and other["score"] == whole[0]["score"]


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """The result of a trial whose objective is measured after its training, and after its first epoch."""
    return run(tmp_path_factory.mktemp("measured"), objective="nats", first=True)


def test_a_figure_measured_afterwards(whole, measured):
    result = measured
    assert result["score"] == result["metrics"]["nats"]
    assert result["history"] == whole[0]["history"], "measuring after the first epoch changed the training"


def test_a_figure_of_the_epoch_whose_weights_are_kept(whole, tmp_path):
    folder = shutil.copytree(whole[1], tmp_path / "copied")  # trained to the end: only the score is to be computed
    (folder / "result.json").unlink()
    result = run(folder, objective="val_loss")
    assert result["history"] == whole[0]["history"]
    best = max(result["history"], key=lambda row: row["val_accuracy"])
    assert result["score"] == best["val_loss"]


@pytest.mark.parametrize("first", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_an_objective_that_does_not_exist(tmp_path, first):
    with pytest.raises(ConfigurationError, match=r"logged \(.*val_accuracy.*\).*afterwards.*nats.*'bleu'"):
        run(tmp_path, objective="bleu", first=first)
    assert len(Checkpoint(tmp_path / "checkpoint.npz", _batches()).history) == (1 if first else 2)


def _batches():
    return splits_of("sentiment", examples=100, batch_size=16).train


def test_a_model_that_is_too_large_is_not_trained(tmp_path):
    result = run(tmp_path, max_parameters=100)
    assert result["status"] == "too_large" and result["parameters"] > 100
    assert not (tmp_path / "checkpoint.npz").exists()


def test_data_that_changed_are_refused(tmp_path, short):
    with pytest.raises(ConfigurationError, match="data have changed since the search was started"):
        run(tmp_path / "a", data="another fingerprint")
    shutil.copytree(short[1], tmp_path / "b")
    with pytest.raises(ConfigurationError, match="data have changed"):
        run(tmp_path / "b", arguments={**FIXED, "examples": 201})


def test_data_that_cannot_be_read_are_no_fault_of_the_trial(tmp_path):
    with pytest.raises(ConfigurationError, match="The data cannot be read: FileNotFoundError: No such file"):
        run(tmp_path, objective="val_loss", arguments={"data": "nowhere"})


def test_the_precision_of_a_trial_is_its_own(tmp_path):
    result = run(tmp_path, settings={"epochs": 1, "precision": "mixed_bfloat16"})
    assert result["status"] == "completed" and keras.config.dtype_policy().name == "float32"


def test_a_plan_separates_settings_from_arguments():
    plan = trial.plan_trials(load_recipe("reverse"), {"quick": True, "seed": 3, "units": 32})
    assert plan.settings == {"quick": True, "seed": 3} and plan.arguments == {"units": 32}
    assert not plan.unused and plan.epochs == reverse.QUICK["epochs"] and plan.seed == 3
    with pytest.raises(TypeError, match="takes no argument 'unit'. Did you mean 'units'"):
        trial.plan_trials(load_recipe("reverse"), {"unit": 32})
    plan = trial.plan_trials(load_recipe("reverse"), {"model": "transformer"})
    assert {"attention", "attention_style", "cell"} <= plan.unused and "cell" in plan.known


def test_the_best_is_trained_anew_with_the_same_figures(measured, tmp_path):
    options = {**SMALL, "recipe": "sentiment"}
    made = trial.train_best(VALUES, out=tmp_path / "best", verbose=0, **options)
    assert made.metrics["validation"] == measured["metrics"]
    assert isinstance(zoo.load(tmp_path / "best"), zoo.Run)
    again = trial.train_best(VALUES, out=tmp_path / "best", verbose=0, **options)
    assert again.metrics == made.metrics
    other = trial.train_best({**VALUES, "units": 3}, out=tmp_path / "best", verbose=0, **options)
    assert other.recipe["arguments"]["units"] == 3


@pytest.mark.slow
def test_trials_of_a_recipe_that_generates(tmp_path):
    """Its figures are those of decoding, which measuring after the first epoch must not disturb."""
    values, options = {"units": 32, "cell": "gru"}, {"recipe": "reverse", "arguments": {"examples": 400}}
    options["settings"] = {"quick": True, "epochs": 2}
    first = trial.run_trial(values, folder=tmp_path / "a", objective="val_exact", until=1, **options)
    assert len(first["history"]) == 1
    (tmp_path / "a" / "result.json").unlink()
    result = trial.run_trial(values, folder=tmp_path / "a", objective="val_exact", **options)
    assert result["score"] == max(row["val_exact"] for row in result["history"])
    later = trial.run_trial(values, folder=tmp_path / "b", objective="longer_exact", first=True, **options)
    assert later["score"] == later["metrics"]["longer_exact"] and later["history"] == result["history"]
    made = trial.train_best(values, out=tmp_path / "best", verbose=0, **options)
    assert made.metrics["validation"]["exact"] == result["score"]
