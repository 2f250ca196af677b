"""Searches killed at each of their file operations, with trials that compute nothing."""

import csv
import json
import os
from types import SimpleNamespace

import pytest

import zoo
from tests.kills import each_kill
from tests.tuning import toys
from zoo.experiments.trial import TrialPlan
from zoo.storage.json_files import write_json
from zoo.storage.lock import FolderInUseError, exclusive_lock
from zoo.tuning import plan, tune
from zoo.tuning.folder import search_folder

RECIPE = SimpleNamespace(name="toy", space=toys.space)


def plan_trials(recipe, arguments):
    return TrialPlan(
        recipe=recipe,
        settings={},
        arguments={},
        known=("x", "kind"),
        unused=frozenset(),
        monitor="val_loss",
        epochs=4,
        seed=arguments["seed"],
    )


def train_best(values, *, out, **_):
    out.mkdir(parents=True, exist_ok=True)
    write_json(out / "metrics.json", values)
    return zoo.Run(out, None)


@pytest.fixture
def search(monkeypatch, in_process):
    """A search of two trials in a folder; the seed tells two of them apart."""
    monkeypatch.setattr(plan, "plan_trials", plan_trials)
    monkeypatch.setattr(tune, "load_recipe", lambda recipe: recipe)
    monkeypatch.setattr(tune, "run_trial", toys.run)
    monkeypatch.setattr(tune, "train_best", train_best)
    monkeypatch.setattr(tune, "plot_search", lambda rows, path, **_: path.touch())
    monkeypatch.setattr(tune, "write_hparams", lambda *_, **__: None)
    monkeypatch.setattr(os, "fsync", lambda file: None)

    def search(folder, *, seed=0, **settings):
        return tune.tune(RECIPE, out=folder, trials=2, seed=seed, verbose=0, **settings)

    return search


def table(folder):
    """What is left of a search that has ended: its trials and its best values, from their files."""
    with open(folder / "trials.csv", newline="") as file:
        scores = [row["score"] for row in csv.DictReader(file)]
    for number in range(len(scores)):
        assert (folder / "trials" / str(number) / "processes").is_file()
    return json.loads((folder / "best" / "metrics.json").read_text()), scores


def test_a_search_goes_on(search, tmp_path):
    search(tmp_path / "whole")
    expected = table(tmp_path / "whole")
    for root, killed in each_kill(lambda root: None, lambda root: search(root / "a"), tmp_path):
        begun = (root / "a" / "search.json").is_file()
        search(root / "a", resume=begun, force=(root / "a").exists() and not begun)
        assert table(root / "a") == expected, killed


@pytest.mark.slow
def test_force_keeps_a_finished_search_until_the_new_one_has_ended(search, tmp_path):
    search(tmp_path / "new", seed=1)
    search(tmp_path / "old")
    old, new = table(tmp_path / "old"), table(tmp_path / "new")
    assert old != new
    left = []
    for folder, killed in each_kill(search, lambda folder: search(folder, seed=1, force=True), tmp_path):
        begun = search_folder(folder).current.path != folder
        if not (folder / ".commit").exists():
            left.append(table(folder))
            assert left[-1] in (old, new), killed
        search(folder, seed=1, resume=begun, force=not begun)
        assert table(folder) == new, killed
        assert not (folder / ".next").exists()
    assert left[0] == old and left[-1] == new


def test_force_beside_a_running_search_touches_nothing(search, tmp_path):
    search(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with exclusive_lock(tmp_path), pytest.raises(FolderInUseError, match="Another process works in"):
        search(tmp_path, seed=1, force=True)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
