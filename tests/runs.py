"""Runs of a recipe made small, and the command line in this process."""

import io
import sys
from typing import ClassVar

import pytest

from zoo.cli import main
from zoo.experiments.assembly import load_splits, make_model, resolve_arguments
from zoo.experiments.recipe import load_recipe
from zoo.experiments.run import train
from zoo.experiments.settings import Settings

TINY = {
    "examples": 200,
    "batch_size": 16,
    "units": 4,
    "embedding_size": 4,
    "bidirectional": False,
    "pooling": "mean",
    "dropout": 0.3,
    "token_dropout": 0.1,
    "learning_rate": 0.05,
}


@pytest.fixture(scope="session")
def tiny() -> dict:
    """The arguments of a sentiment run of a second."""
    return dict(TINY)


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A finished run, to be read only."""
    return train("sentiment", out=tmp_path_factory.mktemp("runs") / "a", settings=Settings(epochs=1, verbose=0), **TINY)


SPOKEN = {"takes": 4, "examples": 60, "maximum_digits": 2, "stride": 25.0, "mel_bins": 12, "units": 16, "layers": 1}


SPOKEN_TASKS = {
    "digit": {"takes": 12},
    "frames": {},
    "spell": {"layers": 2, "transcript": "digits"},
    "ctc": {"encoder": "bidirectional"},
    "text": {"grammar": "counting"},
}


class SpeechRuns(dict):
    """Finished runs of the recipe speech by task; each is trained when it is first read."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    def __missing__(self, task):
        settings = Settings(quick=True, epochs=1, verbose=0)
        arguments = SPOKEN | {"task": task, **SPOKEN_TASKS[task]}
        self[task] = train("speech", out=self.folder / task, settings=settings, **arguments)
        return self[task]


@pytest.fixture(scope="session")
def spoken(tmp_path_factory):
    """A finished run of each task of the recipe speech, to be read only."""
    return SpeechRuns(tmp_path_factory.mktemp("spoken"))


class StoredSet:
    """Reads as `zoo.data.tfds.DataSet`, from examples in memory."""

    sets: ClassVar[dict] = {}

    def __init__(self, name):
        self.parts = self.sets[name.removeprefix("tfds:")]
        self.splits = list(self.parts)
        self.features = list(next(iter(self.parts.values()))[0])

    def size(self, split):
        return len(self.parts[split])

    def rows(self, split, features, *, count=None):
        yield from (tuple(row[name] for name in features) for row in self.parts[split][:count])


@pytest.fixture
def stored(monkeypatch):
    """Sets of TFDS that recipes find, to be filled: name -> split -> examples by feature."""
    monkeypatch.setattr(StoredSet, "sets", {})
    monkeypatch.setattr("zoo.recipes.common.tfds_sources.DataSet", StoredSet)
    return StoredSet.sets


@pytest.fixture
def command(monkeypatch, capsys):
    """Runs `zoo ...` in this process: its output, the lines of its errors, its exit code."""

    def run(*arguments, standard_input=""):
        monkeypatch.setattr(sys, "argv", ["zoo", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(standard_input))
        code = 0
        try:
            main.main()
        except SystemExit as ended:
            code = ended.code or 0
        output, errors = capsys.readouterr()
        return output, errors, code

    return run


def splits_of(name, *, seed=0, vocabularies=None, **arguments):
    """The data of a recipe with some arguments."""
    recipe = load_recipe(name)
    return load_splits(recipe, resolve_arguments(recipe, arguments), seed=seed, vocabularies=vocabularies)


def model_of(name, splits, **arguments):
    """The compiled model of a recipe for its data, with some arguments."""
    recipe = load_recipe(name)
    return make_model(recipe, splits, resolve_arguments(recipe, arguments), epochs=recipe.FIT["epochs"])
