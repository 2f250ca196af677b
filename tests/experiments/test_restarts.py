import json
import shutil

import keras
import pytest

import zoo
from zoo.experiments.restarts import print_restarts
from zoo.experiments.run import train
from zoo.experiments.settings import Settings


def only_loss(folder):
    header, only = (folder / "history.csv").read_text().splitlines()
    return float(only.split(",")[header.split(",").index("loss")])


@pytest.fixture(scope="module")
def run(tmp_path_factory, tiny):
    """A finished run of two seeds, to be read only."""
    out = tmp_path_factory.mktemp("runs") / "two"
    return train("sentiment", out=out, settings=Settings(epochs=1, restarts=2, verbose=0), **tiny)


def test_the_run_is_kept_that_learned_its_training_data_best(run, capsys):
    losses = {seed: only_loss(run.folder / "restarts" / str(seed)) for seed in range(2)}
    assert len(set(losses.values())) == 2
    best = min(losses, key=losses.get)
    assert (run.recipe["seed"], run.recipe["first_seed"], run.recipe["restarts"]) == (best, 0, 2)
    kept = run.folder / "restarts" / str(best)
    assert (run.folder / "model.keras").read_bytes() == (kept / "model.keras").read_bytes()
    assert {int(seed): one["loss"] for seed, one in run.metrics["restarts"].items()} == losses
    assert run.metrics["test"] == run.metrics["restarts"][str(best)]["test"]
    print_restarts(run)
    assert capsys.readouterr().out.endswith(f"Kept: seed {best}, of the lowest training loss.\n")
    assert zoo.load(run.folder).predict(["a film"])


def test_killed_restarts_continue_with_the_runs_that_are_missing(run, tmp_path, tiny):
    folder = tmp_path / "killed"
    shutil.copytree(run.folder / "restarts" / "0", folder / "restarts" / "0")  # the first run had finished
    record = {"recipe": "sentiment", "arguments": tiny, **Settings(epochs=1, restarts=2).record, "data": None}
    (folder / "recipe.json").write_text(json.dumps(record | {"backend": keras.backend.backend()}))
    before = (folder / "restarts" / "0" / "model.keras").stat().st_mtime_ns
    settings = Settings(resume=True, verbose=0)  # with its own arguments
    with pytest.raises(ValueError, match="started with units=4, .*Received: units=5"):
        train("sentiment", out=folder, settings=settings, units=5)
    again = train("sentiment", out=folder, settings=settings)
    assert (folder / "restarts" / "0" / "model.keras").stat().st_mtime_ns == before
    assert json.dumps(again.metrics["restarts"], sort_keys=True) == json.dumps(run.metrics["restarts"], sort_keys=True)
    # A run that is whole is not started over.
    assert train("sentiment", out=folder, settings=settings).metrics == again.metrics


@pytest.mark.slow
def test_one_forced_run_leaves_nothing_of_the_others(run, tmp_path, tiny):
    """Another form of what is tested of single runs: a training more."""
    folder = shutil.copytree(run.folder, tmp_path / "run")
    train("sentiment", out=folder, settings=Settings(epochs=1, force=True, verbose=0), **tiny)
    assert not (folder / "restarts").exists()


@pytest.mark.parametrize(
    ("settings", "arguments", "message"),
    [
        ({"restarts": 3}, {}, "started with restarts=2, .*Received: restarts=3"),
        ({"restarts": 1, "explicit": {"restarts"}}, {}, "started with restarts=2, .*Received: restarts=1"),
        ({"epochs": 9}, {}, "started with epochs=1, .*Received: epochs=9"),
        ({"seed": 4}, {}, "started with seed=0, .*Received: seed=4"),
        ({"patience": 3}, {}, "started with patience=5, .*Received: patience=3"),
        ({}, {"units": 5}, "started with units=4, .*Received: units=5"),
        ({}, {"cell": "gru"}, "started with cell='lstm', .*Received: cell='gru'"),
    ],
)
def test_restarts_are_resumed_with_what_they_were_started_with(run, settings, arguments, message):
    with pytest.raises(ValueError, match=message):
        train("sentiment", out=run.folder, settings=Settings(resume=True, verbose=0, **settings), **arguments)


def test_a_run_of_one_seed_is_not_resumed_with_several(trained):
    with pytest.raises(ValueError, match="started with restarts=1, .*Received: restarts=2"):
        train("sentiment", out=trained.folder, settings=Settings(restarts=2, resume=True, verbose=0))
    assert not (trained.folder / "restarts").exists()


def test_what_is_refused(tmp_path):
    (tmp_path / "own.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="not empty"):
        train("sentiment", out=tmp_path, settings=Settings(restarts=2, verbose=0))
    with pytest.raises(ValueError, match="choose one of them"):
        train("sentiment", out=tmp_path, settings=Settings(restarts=2, resume=True, force=True, verbose=0))
