import csv
import json
import shutil
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest

import zoo
from tests.runs import TINY
from tests.tuning.conftest import run_in_process
from zoo.experiments.trial import ConfigurationError
from zoo.recipes import reverse, sentiment
from zoo.storage.lock import FolderInUseError, exclusive_lock
from zoo.tuning.plan import TRIALS
from zoo.tuning.proposals import Proposals
from zoo.tuning.search import Search
from zoo.tuning.trials import Trial

QUICK = {"quick": True, "epochs": 2, "examples": 400, "verbose": 0}


def narrow(hp):
    return {"units": hp.Int("units", 16, 48, step=16), "cell": hp.Choice("cell", ["gru", "elman"])}


def wider(hp):
    return {**narrow(hp), "learning_rate": hp.Float("learning_rate", 1e-3, 1e-2, sampling="log")}


class Case(NamedTuple):
    """A recipe to search, its space and arguments, the metric and the precision that it logs, and its run's answers."""

    recipe: ModuleType
    space: Any
    arguments: dict
    trials: int
    metric: str
    precision: type
    answer: Any


def tiny(hp):
    return {"units": hp.Int("units", 3, 5), "cell": hp.Choice("cell", ["elman", "irnn"])}


TINY_FIXED = {name: value for name, value in TINY.items() if name != "units"}
CASES = {
    "in_process": Case(
        sentiment,
        tiny,
        {**TINY_FIXED, "epochs": 2, "verbose": 0},
        2,
        "accuracy",
        np.float32,
        lambda run: run.predict(["a film"]),
    ),
    "processes": Case(reverse, narrow, QUICK, 3, "exact", float, lambda run: zoo.generate(run, ["abc"])),
}


@pytest.fixture(scope="module", params=["in_process", pytest.param("processes", marks=pytest.mark.slow)])
def case(request):
    """What is searched: a small training in this process, or a longer one in worker processes."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "in_process":
            run_in_process(patch)
        yield CASES[request.param]


@pytest.fixture(scope="module")
def found(case, tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    return zoo.tune(case.recipe, out=folder, space=case.space, trials=case.trials, **case.arguments)


def table(folder):
    with open(folder / "trials.csv", newline="") as file:
        return [{key: value for key, value in row.items() if key != "seconds"} for row in csv.DictReader(file)]


def test_a_search_leaves_a_table_a_picture_and_a_run_that_writes(case, found):
    assert [row["trial"] for row in found.table] == list(range(case.trials))
    assert list(found.table[0]) == ["trial", "status", "score", "epochs", "seconds", "units", "cell"]
    for name in ("trials.csv", "trials.jsonl", "best.json", "search.png", "search.json", "journal.jsonl"):
        assert (found.folder / name).is_file()
    assert len((found.folder / "trials.jsonl").read_text().splitlines()) == 2 * case.trials
    assert len(list((found.folder / "tensorboard").iterdir())) == case.trials
    assert not list((found.folder / "trials").glob("*/checkpoint.npz"))
    assert found.best.score == max(trial.score for trial in found.trials)
    run = zoo.load(found.folder / "best")
    assert case.precision(run.metrics["validation"][case.metric]) == found.best.score
    assert run.recipe["arguments"]["units"] == found.best.values["units"]
    assert len(case.answer(run)) == 1


@pytest.fixture
def copied(found, tmp_path):
    """A copy of it, to go on with."""
    return shutil.copytree(found.folder, tmp_path / "search")


def test_an_ended_search_is_read_and_a_longer_one_goes_on(case, found, tmp_path):
    recipe, folder, fewer = case.recipe, tmp_path / "search", case.trials - 1
    short = zoo.tune(recipe, out=folder, space=case.space, trials=fewer, **case.arguments)
    assert zoo.tune(recipe, out=folder, space=case.space, trials=fewer, resume=True, verbose=0).trials == short.trials
    longer = zoo.tune(recipe, out=folder, space=case.space, trials=case.trials, resume=True, verbose=0)
    assert table(folder) == table(found.folder) and longer.best.number == found.best.number


@pytest.mark.parametrize("tuner", ["bayesian", "hyperband"])
def test_a_longer_search_goes_on_as_it_was_begun(tmp_path, tuner, monkeypatch, capsys):
    """Proposals depend on how many trials were wanted: what was begun with few is not begun otherwise."""
    monkeypatch.setattr(Search, "run", lambda self: most.append(self.job.trials) or [])
    monkeypatch.setattr("zoo.tuning.tune.Proposals", lambda **given: wanted.append(given["trials"]) or made(**given))
    made, wanted, most = Proposals, [], []
    for how in ({"trials": 24, "tuner": tuner}, {"trials": 60, "resume": True}, {"resume": True}):
        with pytest.raises(ValueError, match="No trial of 0 completed"):
            zoo.tune(reverse, out=tmp_path, epochs=40, **how)
    assert wanted == [24, 24, 24] and most == [24, 60, 24]
    with pytest.raises(ValueError, match=f"started with tuner='{tuner}', .*Received: tuner='random'. Omit it, or"):
        zoo.tune(reverse, out=tmp_path, epochs=40, resume=True, tuner="random", verbose=0)
    if tuner == "hyperband":
        told = "Hyperband starts with 15 trials of 5 epochs, the best 5 until epoch 14, the best 2 until epoch 40.\n"
        assert capsys.readouterr().out.count(told) == 3


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"space": wider}, "started with space=.*, which resuming keeps"),
        ({"tuner": "grid"}, "started with tuner='random', .*Received: tuner='grid'. Omit it, or start over with"),
        ({"objective": "val_loss"}, "started with objective=.*Received: objective='val_loss'"),
        ({"examples": 500}, "started with examples=[24]00, .*Received: examples=500"),
        ({"seed": 1}, "started with no seed, .*Received: seed=1"),
        ({"engine": "ray"}, "started with engine='processes', .*Received: engine='ray'"),
        ({"max_parameters": 10**6}, "started with max_parameters=None, .*Received: max_parameters=1000000"),
    ],
)
def test_another_search_is_refused(case, found, changed, message):
    with pytest.raises(ValueError, match=message):
        zoo.tune(case.recipe, out=found.folder, resume=True, verbose=0, **{"space": case.space, **changed})


def test_other_data_are_refused(case, copied):
    """The journal says which data the trials had; nothing is trained on others."""
    journal = copied / "journal.jsonl"
    told = next(event["result"]["data"] for event in map(json.loads, journal.read_text().splitlines()[1:]))
    journal.write_text(journal.read_text().replace(told, "other data"))
    with pytest.raises(ConfigurationError, match=f"data have changed.*fingerprint {told}, then other data"):
        zoo.tune(case.recipe, out=copied, space=case.space, trials=4, resume=True, verbose=0)


def test_a_misspelt_name_in_a_space_is_refused_before_the_first_trial(tmp_path):
    with pytest.raises(
        ValueError, match=r"Unknown argument of sentiment in the space of the search: 'unit'. Did you mean 'units'"
    ):
        zoo.tune(sentiment, out=tmp_path / "a", space=lambda hp: {"unit": hp.Int("unit", 3, 5)}, trials=2)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"objective": "val_acuracy"}, r"An objective is a metric that is logged .*Received: 'val_acuracy'"),
        ({"data": "absent.tsv"}, r"The data cannot be read: [A-Za-z]+Error: .*absent\.tsv"),
    ],
)
def test_what_no_trial_can_do_leaves_nothing(case, tmp_path, capsys, changed, message):
    with pytest.raises(ConfigurationError, match=message):
        zoo.tune(
            case.recipe, out=tmp_path / "a", space=case.space, trials=2, **case.arguments | changed | {"verbose": 1}
        )
    assert not (tmp_path / "a").exists()
    assert "Traceback" not in capsys.readouterr().out


def test_two_searches_in_one_folder(case, found):
    with exclusive_lock(found.folder), pytest.raises(FolderInUseError, match="Another process works in"):
        zoo.tune(case.recipe, out=found.folder, space=case.space, trials=3, resume=True, verbose=0)


def test_folders_that_hold_something(case, found, tmp_path):
    with pytest.raises(FileExistsError, match="is not empty. Continue with --resume, start over with --force"):
        zoo.tune(case.recipe, out=found.folder, space=case.space, **case.arguments)
    (tmp_path / "letter").write_text("of mine")
    with pytest.raises(FileExistsError, match="holds no search to resume"):
        zoo.tune(case.recipe, out=tmp_path, resume=True, **case.arguments)
    with pytest.raises(ValueError, match="choose one of them"):
        zoo.tune(case.recipe, out=tmp_path, resume=True, force=True, **case.arguments)


def test_force_replaces_a_search_and_nothing_else(case, copied):
    (copied / "letter").write_text("of mine")
    zoo.tune(case.recipe, out=copied, space=case.space, trials=1, force=True, **{**case.arguments, "epochs": 1})
    assert [row["epochs"] for row in table(copied)] == ["1"]
    assert len(list((copied / "trials").iterdir())) == 1
    assert (copied / "letter").read_text() == "of mine"


def test_what_was_varied_and_in_which_direction_is_printed(case, found, capsys):
    zoo.tune(case.recipe, out=found.folder, space=case.space, trials=case.trials, resume=True, verbose=1)
    told = capsys.readouterr().out
    assert f"Searching units, cell for the largest val_{case.metric}." in told
    assert f"Best: trial {found.best.number}, val_{case.metric} {found.best.score:.4f}" in told


def test_models_that_are_all_too_large(case, tmp_path):
    with pytest.raises(ValueError, match="No trial of 2 completed: too_large"):
        zoo.tune(case.recipe, out=tmp_path, space=case.space, trials=2, max_parameters=10, **case.arguments)
    assert {row["status"] for row in table(tmp_path)} == {"too_large"}


def test_names_that_do_not_exist(tmp_path):
    with pytest.raises(ValueError, match="Unknown tuner: 'bayes'. Did you mean 'bayesian'"):
        zoo.tune(reverse, out=tmp_path, tuner="bayes")
    with pytest.raises(ValueError, match="Unknown engine"):
        zoo.tune(reverse, out=tmp_path, engine="slurm")
    with pytest.raises(ValueError, match="Unknown tuner: 'hyperband'"):
        zoo.tune(reverse, out=tmp_path, engine="ray", tuner="hyperband")
    with pytest.raises(
        TypeError, match="reverse with model='recurrent' takes no argument 'unit'. Did you mean 'units'"
    ):
        zoo.tune(reverse, out=tmp_path, unit=3)
    assert not list(tmp_path.iterdir()) and TRIALS > 1


def test_hyperband_that_halves_nothing_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(Search, "run", lambda self: [])
    with pytest.raises(ValueError, match="No trial of 0 completed"):
        zoo.tune(reverse, out=tmp_path, tuner="hyperband", trials=4, epochs=40)
    assert (
        "Hyperband halves nothing: with 4 trials each trains to epoch 40, as random search does. From --trials 11 on "
        "the worse ones end early.\n"
    ) in capsys.readouterr().out


def test_ray_cannot_draw_more_trials_later(tmp_path, monkeypatch):
    monkeypatch.setattr("zoo.tuning.on_ray.search_on_ray", lambda *_, **__: [])
    with pytest.raises(ValueError, match="No trial of 0 completed"):
        zoo.tune(reverse, out=tmp_path, engine="ray", trials=3, verbose=0)
    with pytest.raises(ValueError, match="started with trials=3, .*Received: trials=4. Omit it, or start over with"):
        zoo.tune(reverse, out=tmp_path, trials=4, resume=True, verbose=0)  # the engine is the one it was started with
    with pytest.raises(ValueError, match="No trial of 0 completed"):
        zoo.tune(reverse, out=tmp_path, resume=True, verbose=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"hours": float("inf")}, "hours is a finite number above 0. Received: inf"),
        ({"hours": float("nan")}, "hours is a finite number above 0. Received: nan"),
        ({"hours": 0}, "hours is a finite number above 0. Received: 0"),
        ({"trials": 0}, "trials is at least 1. Received: 0"),
        ({"workers": 0}, "workers is at least 1. Received: 0"),
        ({"max_parameters": 0}, "max_parameters is at least 1. Received: 0"),
        ({"max_failed": -1}, "max_failed is at least 0. Received: -1"),
    ],
)
def test_numbers_with_which_nothing_is_tried(tmp_path, arguments, message):
    with pytest.raises(ValueError, match=message):
        zoo.tune(reverse, out=tmp_path / "a", **arguments)
    assert not (tmp_path / "a").exists()


def test_a_picture_has_the_axes_of_the_space(tmp_path, monkeypatch):
    received = {}

    def plot(rows, path, **given):
        received.update(given)
        path.touch()

    monkeypatch.setattr("zoo.tuning.tune.plot_search", plot)
    monkeypatch.setattr("zoo.tuning.tune.write_hparams", lambda *_, **__: None)
    monkeypatch.setattr(Search, "run", lambda self: [Trial(0, {"units": 16}, "nan", 0.5)])
    with pytest.raises(ValueError, match="No trial of 1 completed"):
        zoo.tune(reverse, out=tmp_path, space=wider, trials=1, verbose=0)
    assert received["scales"] == {"units": "linear", "learning_rate": "log"}
