"""Trainings killed at each of their file operations: no finished run is ever lost, and no run is of two trainings.

What computes is replaced by what writes the same files, so that a thousand trainings take seconds. Real ones are killed
in `test_resume.py`.
"""

import json
import os
from types import SimpleNamespace

import keras
import numpy as np
import pytest

import zoo
from tests.kills import each_kill
from zoo.experiments import run
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.inference.run import run_folder
from zoo.storage.files import replace_file
from zoo.storage.lock import FolderInUseError, exclusive_lock
from zoo.training.callbacks.checkpoint import read_checkpoint


class Numbered:
    """A model, or the vocabulary that belongs to it: saved as its number."""

    def __init__(self, number):
        self.number = number

    def save(self, path):
        path.write_text(str(self.number))

    def count_params(self):
        return self.number


def read_numbered(path):
    return Numbered(int(path.read_text()))


def fit(recipe, model, splits, arguments, out, settings, *, devices):
    """Train to the last epoch, which the number of the model then tells by its hundreds."""
    path = out / "checkpoint.npz"
    epoch = read_checkpoint(path)[0]["epoch"] if path.is_file() else 0
    while epoch < settings.epochs:
        epoch += 1
        with replace_file(out / "history.csv") as temporary:
            temporary.write_text("epoch,loss,val_loss\n1,0.5,0.5\n")
        state = {"epoch": epoch, "history": [], "stopped": False, "seconds": 0.0, "callbacks": []}
        with replace_file(path) as temporary, open(temporary, "wb") as file:
            np.savez(file, state=np.array(json.dumps(state)))
    model.number += 100 * epoch
    return SimpleNamespace(history=[{"loss": 1.0}] * epoch, seconds=0.0)


RECIPE = SimpleNamespace(
    name="fake",
    CHOICE="model",
    MODELS={"fake": ("fake", {})},
    FIT={"epochs": 2, "patience": 1, "monitor": "val_loss"},
    QUICK={},
    evaluate=lambda model, splits, split: {"number": model.number},
    baseline=lambda splits: {},
    plot=lambda model, splits, folder: None,
    format_report=lambda metrics: "",
)


@pytest.fixture(autouse=True)
def nothing_is_computed(monkeypatch):
    def load_splits(recipe, arguments, *, seed, vocabularies):
        words = {"words": Numbered(arguments["number"])}
        return SimpleNamespace(fingerprint="sha256:0", vocabularies=words, train=None, raw={})

    for name, replacement in {
        "load_recipe": lambda name: RECIPE,
        "check_arguments": lambda *_: None,
        "resolve_arguments": lambda recipe, arguments, quick: dict(arguments),
        "load_splits": load_splits,
        "make_model": lambda recipe, splits, arguments, epochs: Numbered(splits.vocabularies["words"].number),
        "fit": fit,
        "pad_to_devices": lambda splits, devices: splits,
        "plot_curves": lambda history, path: path.write_text("a picture"),
    }.items():
        monkeypatch.setattr(run, name, replacement)
    monkeypatch.setattr(keras.saving, "load_model", read_numbered)
    monkeypatch.setattr("zoo.inference.run.load_vocabulary", read_numbered)
    monkeypatch.setattr(os, "fsync", lambda file: None)  # half of the time


def trained(folder, number=1, **settings):
    return train("fake", out=folder, settings=Settings(verbose=0, **settings), number=number)


def finished(folder):
    trained(folder)
    (folder / "letter.txt").write_text("mine")


def continued(folder, **otherwise):
    """The command that a person gives after a kill: `--resume`, if anything was begun."""
    begun = run_folder(folder).current.path
    if (begun / "recipe.json").is_file() and (begun != folder or not (folder / "metrics.json").is_file()):
        train("fake", out=folder, settings=Settings(resume=True, verbose=0))
    else:
        trained(folder, **otherwise)


def number_of(folder):
    """The number of the model, after making sure that all files of the run are of one training."""
    loaded = zoo.load(folder)
    number = loaded.model.number
    assert {name: words.number for name, words in loaded.vocabularies.items()} == {"words": number % 100}
    assert loaded.recipe["arguments"] == {"number": number % 100}
    assert loaded.recipe["epochs"] == number // 100
    assert loaded.metrics["test"] == {"number": number}
    assert read_checkpoint(folder / "checkpoint.npz")[0]["epoch"] == number // 100
    return number


def test_a_first_training_goes_on(tmp_path):
    for root, killed in each_kill(lambda root: None, lambda root: trained(root / "run"), tmp_path):
        continued(root / "run", force=(root / "run").exists())
        assert number_of(root / "run") == 201, killed


@pytest.mark.parametrize(
    ("again", "new"),
    [
        ({"force": True, "number": 2}, 202),
        ({"resume": True, "epochs": 5}, 501),
    ],
    ids=["force", "longer"],
)
def test_a_finished_run_stays_until_the_new_one_is_whole(tmp_path, again, new):
    numbers = []
    for folder, killed in each_kill(finished, lambda folder: trained(folder, **again), tmp_path):
        numbers.append(number_of(folder))
        if numbers[-1] != new:
            continued(folder, **again)
        assert number_of(folder) == new, killed
        assert (folder / "letter.txt").read_text() == "mine"
        assert not (folder / ".next").exists()
        assert not (folder / ".commit").exists()
    assert numbers == sorted(numbers, key=[201, new].index)
    assert set(numbers) == {201, new}


def test_force_again_after_a_kill(tmp_path):
    """The first run is there, whatever the second left and wherever the third is killed."""

    def begun_anew(folder):
        finished(folder)
        (folder / ".next" / "vocabularies").mkdir(parents=True)
        for name in ("recipe.json", "checkpoint.npz", "model.keras", "vocabularies/words.json"):
            (folder / ".next" / name).write_text("7")

    for folder, killed in each_kill(begun_anew, lambda folder: trained(folder, force=True, number=2), tmp_path):
        assert number_of(folder) in (201, 202), killed


@pytest.mark.slow
def test_several_starts(tmp_path):
    """Begun by force beside a finished run, killed anywhere, resumed: some 300 kills of two trainings each."""
    for folder, killed in each_kill(
        finished, lambda folder: trained(folder, force=True, number=2, restarts=2), tmp_path
    ):
        number = number_of(folder)
        assert number in (201, 202), killed
        if number == 201:
            begun = run_folder(folder).current.path != folder
            trained(folder, number=2, **({"resume": True} if begun else {"force": True, "restarts": 2}))
        assert number_of(folder) == 202, killed
        assert (folder / "restarts" / "1" / "model.keras").is_file()


def test_saving_over_a_run(tmp_path):
    def save(folder):
        recipe = {"arguments": {"number": 2}, "epochs": 3}
        zoo.save(folder, Numbered(302), vocabularies={"other": Numbered(2)}, recipe=recipe, metrics={"test": 302})

    numbers = set()
    for folder, killed in each_kill(finished, save, tmp_path):
        loaded = zoo.load(folder)
        numbers.add(loaded.model.number)
        words = {name: vocabulary.number for name, vocabulary in loaded.vocabularies.items()}
        assert words == ({"words": 1} if loaded.model.number == 201 else {"other": 2}), killed
        assert loaded.metrics["test"] == ({"number": 201} if loaded.model.number == 201 else 302), killed
        save(folder)
        assert zoo.load(folder).model.number == 302
    assert numbers == {201, 302}


@pytest.mark.parametrize("damage", ["missing", "torn"])
def test_a_damaged_checkpoint_costs_no_finished_run(tmp_path, damage):
    finished(tmp_path)
    path = tmp_path / "checkpoint.npz"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    if damage == "missing":
        path.unlink()
    match = "does not exist: restore it" if damage == "missing" else "no checkpoint that can be read"
    with pytest.raises(ValueError, match=match):
        trained(tmp_path, resume=True, epochs=5)
    assert zoo.load(tmp_path).metrics["test"] == {"number": 201}
    path.write_bytes(whole)
    trained(tmp_path, resume=True, epochs=5)
    assert number_of(tmp_path) == 501


def test_a_full_disk_costs_no_finished_run(tmp_path, monkeypatch):
    finished(tmp_path)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(np, "savez", full)
        with pytest.raises(OSError, match="No space left"):
            trained(tmp_path, resume=True, epochs=5)
    assert number_of(tmp_path) == 201
    train("fake", out=tmp_path, settings=Settings(resume=True, verbose=0))
    assert number_of(tmp_path) == 501


def test_two_trainings_in_one_folder(tmp_path):
    with exclusive_lock(tmp_path), pytest.raises(FolderInUseError, match="Another process works in"):
        trained(tmp_path)
    trained(tmp_path)
    assert number_of(tmp_path) == 201


def test_files_that_were_not_saved_together(tmp_path):
    finished(tmp_path)
    (tmp_path / "vocabularies" / ".0123abcd.words.json").write_text("half of it")  # what a kill leaves is not read
    zoo.load(tmp_path)
    (tmp_path / "vocabularies" / "words.json").write_text("2")
    with pytest.raises(ValueError, match=r"words\.json is not the file that was saved with this run: .*manifest\.json"):
        zoo.load(tmp_path)
    (tmp_path / "vocabularies" / "words.json").unlink()
    with pytest.raises(ValueError, match=r"words\.json is not the file that was saved"):
        zoo.load(tmp_path)
