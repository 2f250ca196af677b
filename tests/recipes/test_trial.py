"""What a search runs of a recipe; the search itself is in tests/tuning."""

import csv
import json
import math

import keras
import numpy as np
import pytest

import zoo
from recipes import RECIPES, reverse, trial
from recipes.run import arguments_of, find, taken
from recipes.settings import Settings, complete
from zoo.training.checkpoint import Checkpoint
from zoo.tuning.proposals import Proposals
from zoo.tuning.space import arguments_of as chosen
from zoo.tuning.space import read_space, searched
from zoo.tuning.trials import ConfigurationError

SMALL = {"settings": {"quick": True, "epochs": 2}, "arguments": {"examples": 400}}
VALUES = {"units": 32, "cell": "gru"}


@pytest.mark.parametrize("name", RECIPES)
def test_a_random_sample_of_every_space_builds_and_trains(name):
    recipe = find(name)
    given = trial.prepare(recipe, {"quick": True})
    space = read_space(recipe.space)
    assert given["monitor"] == recipe.MONITOR and len(searched(space)) > 1
    proposals = Proposals(tuner="random", space=space, rising=True, seed=len(name), trials=1, epochs=3)
    values = chosen(recipe.space, space, proposals.propose().values)
    assert set(values) <= set(arguments_of(recipe))
    _, arguments = complete(recipe, arguments_of(recipe), Settings(quick=True), values)
    splits = recipe.data(**taken(recipe.data, arguments), seed=0)
    model = recipe.model(splits, **taken(recipe.model, arguments))
    before = [np.array(weight) for weight in model.trainable_weights]
    for step in range(min(2, len(splits.train))):
        loss = model.train_on_batch(*splits.train[step])
        assert math.isfinite(np.ravel(loss)[0])
    changed = [not np.array_equal(old, new) for old, new in zip(before, model.trainable_weights, strict=True)]
    assert sum(changed) > len(changed) / 2


def run(folder, **changed):
    options = {**SMALL, "objective": "val_exact", "recipe": "reverse", **changed}
    return trial.run(VALUES, folder=folder, **options)


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
    assert result["score"] == max(row["val_exact"] for row in rows)
    assert json.loads((folder / "result.json").read_text()) == result


def test_one_that_has_ended_is_not_run_again(whole, monkeypatch):
    result, folder = whole
    monkeypatch.setattr(trial, "fit", None)
    assert run(folder) == result


def test_stopped_after_an_epoch_it_goes_on_to_the_same_end(whole, tmp_path):
    """As a killed one, and as one that Hyperband continues in a folder of its own."""
    first = run(tmp_path / "short", until=1)
    assert len(first["history"]) == 1
    (tmp_path / "short" / "result.json").unlink()
    again = run(tmp_path / "short")
    (tmp_path / "short" / "result.json").unlink()
    child = run(tmp_path / "child", parent=str(tmp_path / "short"))
    for other in (again, child):
        assert other["history"] == whole[0]["history"] and other["score"] == whole[0]["score"]


def test_a_figure_measured_afterwards(whole, tmp_path):
    result = run(tmp_path, objective="longer_exact", first=True)
    assert result["score"] == result["figures"]["longer_exact"]
    assert result["history"] == whole[0]["history"], "measuring after the first epoch changed the training"


def test_a_figure_of_the_epoch_whose_weights_are_kept(whole, tmp_path):
    result = run(tmp_path, objective="val_loss")
    best = max(result["history"], key=lambda row: row["val_exact"])
    assert result["score"] == best["val_loss"]


@pytest.mark.parametrize("first", [True, False])
def test_an_objective_that_does_not_exist(tmp_path, first):
    with pytest.raises(ConfigurationError, match=r"logged \(.*val_exact.*\).*afterwards.*longer_exact.*'bleu'"):
        run(tmp_path, objective="bleu", first=first)
    assert len(Checkpoint(tmp_path / "checkpoint.npz", _batches()).history) == (1 if first else 2)


def _batches():
    return reverse.data(examples=100).train


def test_a_model_that_is_too_large_is_not_trained(tmp_path):
    result = run(tmp_path, max_parameters=1000)
    assert result["status"] == "too_large" and result["parameters"] > 1000
    assert not (tmp_path / "checkpoint.npz").exists()


def test_data_that_changed_are_refused(tmp_path, whole):
    with pytest.raises(ConfigurationError, match="data have changed since the search was begun"):
        run(tmp_path / "a", data="another fingerprint")
    run(tmp_path / "b", until=1)
    (tmp_path / "b" / "result.json").unlink()
    with pytest.raises(ConfigurationError, match="data have changed"):
        run(tmp_path / "b", arguments={"examples": 401})


def test_data_that_cannot_be_had_are_no_fault_of_the_trial(tmp_path):
    with pytest.raises(ConfigurationError, match="The data cannot be had: FileNotFoundError: No such file"):
        run(tmp_path, recipe="sentiment", objective="val_loss", arguments={"data": "nowhere"})


def test_the_precision_of_a_trial_is_its_own(tmp_path):
    result = run(tmp_path, settings={**SMALL["settings"], "precision": "mixed_bfloat16"})
    assert result["status"] == "completed" and keras.config.dtype_policy().name == "float32"


def test_what_a_search_must_know():
    given = trial.prepare(reverse, {"quick": True, "seed": 3, "units": 32})
    assert given["settings"] == {"quick": True, "seed": 3} and given["arguments"] == {"units": 32}
    assert given["idle"] == [] and given["epochs"] == reverse.QUICK["epochs"] and given["seed"] == 3
    with pytest.raises(TypeError, match="reverse takes no argument 'unit'"):
        trial.prepare(reverse, {"unit": 32})
    assert {"attention", "order", "cell"} <= set(trial.prepare(reverse, {"model": "transformer"})["idle"])


def test_the_best_is_trained_anew_with_the_same_figures(whole, tmp_path):
    options = {**SMALL, "recipe": "reverse"}
    made = trial.finish(VALUES, out=tmp_path / "best", verbose=0, **options)
    assert made.metrics["validation"]["exact"] == whole[0]["score"]
    assert isinstance(zoo.load(tmp_path / "best"), zoo.Run)
    again = trial.finish(VALUES, out=tmp_path / "best", verbose=0, **options)
    assert again.metrics == made.metrics
    other = trial.finish({**VALUES, "units": 16}, out=tmp_path / "best", verbose=0, **options)
    assert other.recipe["arguments"]["units"] == 16
