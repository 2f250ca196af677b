import csv
import json
import shutil

import pytest

import zoo
from recipes import reverse
from zoo.tuning.folder import alone
from zoo.tuning.proposals import Proposals
from zoo.tuning.search import Search
from zoo.tuning.trials import ConfigurationError
from zoo.tuning.tune import TRIALS

QUICK = {"quick": True, "epochs": 2, "examples": 400, "verbose": 0}


def narrow(hp):
    return {"units": hp.Int("units", 16, 48, step=16), "cell": hp.Choice("cell", ["gru", "elman"])}


def wider(hp):
    return {**narrow(hp), "learning_rate": hp.Float("learning_rate", 1e-3, 1e-2, sampling="log")}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return zoo.tune(reverse, out=tmp_path_factory.mktemp("search"), space=narrow, trials=3, **QUICK)


def table(folder):
    with open(folder / "trials.csv", newline="") as file:
        return [{key: value for key, value in row.items() if key != "seconds"} for row in csv.DictReader(file)]


def test_a_search_leaves_a_table_a_picture_and_a_run_that_writes(found):
    assert [row["trial"] for row in found.table] == [0, 1, 2]
    assert list(found.table[0]) == ["trial", "status", "score", "epochs", "seconds", "units", "cell"]
    for name in ("trials.csv", "trials.jsonl", "best.json", "search.png", "search.json", "journal.jsonl"):
        assert (found.folder / name).is_file()
    assert len((found.folder / "trials.jsonl").read_text().splitlines()) == 6
    assert len(list((found.folder / "tensorboard").iterdir())) == 3
    assert not list((found.folder / "trials").glob("*/checkpoint.npz"))
    assert found.best.score == max(trial.score for trial in found.trials)
    run = zoo.load(found.folder / "best")
    assert run.metrics["validation"]["exact"] == found.best.score
    assert run.recipe["arguments"]["units"] == found.best.values["units"]
    assert len(zoo.generate(run, ["abc"])) == 1


@pytest.fixture
def copied(found, tmp_path):
    """A copy of it, to go on with."""
    return shutil.copytree(found.folder, tmp_path / "search")


def test_an_ended_search_is_read_and_a_longer_one_goes_on(found, tmp_path):
    folder = tmp_path / "search"
    short = zoo.tune(reverse, out=folder, space=narrow, trials=2, **QUICK)
    assert zoo.tune(reverse, out=folder, space=narrow, trials=2, resume=True, verbose=0).trials == short.trials
    longer = zoo.tune(reverse, out=folder, space=narrow, trials=3, resume=True, verbose=0)
    assert table(folder) == table(found.folder) and longer.best.number == found.best.number


@pytest.mark.parametrize("tuner", ["bayesian", "hyperband"])
def test_a_longer_search_goes_on_as_it_was_begun(tmp_path, tuner, monkeypatch, capsys):
    """Proposals depend on how many trials were wanted: what was begun with few is not begun otherwise."""
    monkeypatch.setattr(Search, "run", lambda self: most.append(self.most) or [])
    monkeypatch.setattr("zoo.tuning.tune.Proposals", lambda **given: wanted.append(given["trials"]) or made(**given))
    made, wanted, most = Proposals, [], []
    for how in ({"trials": 24, "tuner": tuner}, {"trials": 60, "resume": True}, {"resume": True}):
        with pytest.raises(ValueError, match="No trial of 0 completed"):
            zoo.tune(reverse, out=tmp_path, epochs=40, **how)
    assert wanted == [24, 24, 24] and most == [24, 60, 24]
    if tuner == "hyperband":
        told = "Hyperband begins with 15 trials of 5 epochs, the best 5 until epoch 14, the best 2 until epoch 40.\n"
        assert capsys.readouterr().out.count(told) == 3


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"space": wider}, "The space has changed since the search in .* was begun"),
        ({"space": narrow, "tuner": "grid"}, "begun with tuner='random', and is to be resumed with 'grid'"),
        ({"space": narrow, "objective": "val_loss"}, "begun with objective=.*'val_loss'"),
        ({"space": narrow, "examples": 500}, "begun with examples=400, and is to be resumed with 500"),
        ({"space": narrow, "seed": 1}, "begun with seed=None, and is to be resumed with 1"),
        ({"space": narrow, "engine": "ray"}, "The engine has changed"),
    ],
)
def test_another_search_is_refused(found, changed, message):
    with pytest.raises(ValueError, match=message):
        zoo.tune(reverse, out=found.folder, resume=True, verbose=0, **changed)


def test_other_data_are_refused(copied):
    """The journal says which data the trials had; nothing is trained on others."""
    journal = copied / "journal.jsonl"
    told = next(event["result"]["data"] for event in map(json.loads, journal.read_text().splitlines()[1:]))
    journal.write_text(journal.read_text().replace(told, "other data"))
    with pytest.raises(ConfigurationError, match=f"data have changed.*fingerprint {told}, then other data"):
        zoo.tune(reverse, out=copied, space=narrow, trials=4, resume=True, verbose=0)


def test_two_searches_in_one_folder(found):
    with alone(found.folder), pytest.raises(ConfigurationError, match="Another process searches in"):
        zoo.tune(reverse, out=found.folder, space=narrow, trials=3, resume=True, verbose=0)


def test_folders_that_hold_something(found, tmp_path):
    with pytest.raises(FileExistsError, match="exists and is not empty. Continue a search with --resume"):
        zoo.tune(reverse, out=found.folder, space=narrow, **QUICK)
    (tmp_path / "letter").write_text("of mine")
    with pytest.raises(FileExistsError, match="holds no search to resume"):
        zoo.tune(reverse, out=tmp_path, resume=True, **QUICK)
    with pytest.raises(ValueError, match="choose one of them"):
        zoo.tune(reverse, out=tmp_path, resume=True, force=True, **QUICK)


def test_force_replaces_a_search_and_nothing_else(copied):
    (copied / "letter").write_text("of mine")
    zoo.tune(reverse, out=copied, space=narrow, trials=1, force=True, **{**QUICK, "epochs": 1})
    assert [row["epochs"] for row in table(copied)] == ["1"]
    assert len(list((copied / "trials").iterdir())) == 1
    assert (copied / "letter").read_text() == "of mine"


def test_what_was_varied_and_in_which_direction_is_printed(found, capsys):
    zoo.tune(reverse, out=found.folder, space=narrow, trials=3, resume=True)
    told = capsys.readouterr().out
    assert "Searching units, cell for the largest val_exact." in told
    assert f"Best: trial {found.best.number}, val_exact {found.best.score:.4f}" in told


def test_models_that_are_all_too_large(tmp_path):
    with pytest.raises(ValueError, match="No trial of 2 completed: too_large"):
        zoo.tune(reverse, out=tmp_path, space=narrow, trials=2, max_parameters=10, **QUICK)
    assert {row["status"] for row in table(tmp_path)} == {"too_large"}


def test_names_that_do_not_exist(tmp_path):
    with pytest.raises(ValueError, match="Unknown tuner: 'bayes'. Did you mean 'bayesian'"):
        zoo.tune(reverse, out=tmp_path, tuner="bayes")
    with pytest.raises(ValueError, match="Unknown engine"):
        zoo.tune(reverse, out=tmp_path, engine="slurm")
    with pytest.raises(ValueError, match="Unknown tuner: 'hyperband'"):
        zoo.tune(reverse, out=tmp_path, engine="ray", tuner="hyperband")
    with pytest.raises(TypeError, match="reverse takes no argument 'unit'"):
        zoo.tune(reverse, out=tmp_path, unit=3)
    assert not list(tmp_path.iterdir()) and TRIALS > 1
