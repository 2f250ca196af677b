import json

import keras
import pytest

import zoo
from zoo.experiments.restarts import _kept_loss, begun_restarts, check_restarts, show_restarts
from zoo.experiments.run import Settings, train


def only_loss(folder):
    header, only = (folder / "history.csv").read_text().splitlines()
    return float(only.split(",")[header.split(",").index("loss")])


@pytest.fixture(scope="module")
def run(tmp_path_factory, tiny):
    out = tmp_path_factory.mktemp("runs") / "three"
    return train("sentiment", out=out, settings=Settings(epochs=1, restarts=3, verbose=0), **tiny)


@pytest.mark.slow
def test_the_start_is_kept_that_learned_its_training_data_best(run):
    check_best_start(run, starts=3)


def test_the_better_of_two_starts_stays(tmp_path, tiny):
    check_best_start(train("sentiment", out=tmp_path, settings=Settings(epochs=1, restarts=2, verbose=0), **tiny), 2)


def check_best_start(run, starts):
    losses = {seed: only_loss(run.folder / "restarts" / str(seed)) for seed in range(starts)}
    assert len(set(losses.values())) == starts
    best = min(losses, key=losses.get)
    assert run.recipe["seed"] == best
    assert len(run.metrics["restarts"]) == starts
    assert (run.folder / "model.keras").read_bytes() == (
        run.folder / "restarts" / str(best) / "model.keras"
    ).read_bytes()
    assert {int(seed): start["loss"] for seed, start in run.metrics["restarts"].items()} == losses
    assert run.metrics["test"] == run.metrics["restarts"][str(best)]["test"]
    assert show_restarts(run).endswith(f"Kept: seed {best}, of the lowest training loss.")
    assert zoo.load(run.folder).predict(["a film"])


@pytest.mark.slow
def test_a_killed_run_goes_on_with_the_starts_that_are_missing(run, tmp_path, tiny):
    import shutil

    folder = tmp_path / "killed"
    shutil.copytree(run.folder / "restarts" / "0", folder / "restarts" / "0")  # the first start had finished
    shutil.copy(run.folder / "restarts" / "begun.json", folder / "restarts")
    before = (folder / "restarts" / "0" / "model.keras").stat().st_mtime_ns
    settings = Settings(resume=True, verbose=0)  # with its own arguments
    with pytest.raises(ValueError, match="started with units=4, .*Received: units=5"):
        train("sentiment", out=folder, settings=settings, units=5)
    again = train("sentiment", out=folder, settings=settings)
    assert (folder / "restarts" / "0" / "model.keras").stat().st_mtime_ns == before
    assert json.dumps(again.metrics["restarts"], sort_keys=True) == json.dumps(run.metrics["restarts"], sort_keys=True)
    # A run that is whole is not begun again.
    assert train("sentiment", out=folder, settings=settings).metrics == again.metrics
    # One start alone, forced, leaves nothing of the others.
    train("sentiment", out=folder, settings=Settings(epochs=1, force=True, verbose=0), **tiny)
    assert not (folder / "restarts").exists()


@pytest.mark.parametrize(
    ("settings", "arguments", "message"),
    [
        ({"restarts": 2}, {}, "started with restarts=3, .*Received: restarts=2"),
        ({"restarts": 1, "explicit": {"restarts"}}, {}, "started with restarts=3, .*Received: restarts=1"),
        ({"epochs": 9}, {}, "started with epochs=2, .*Received: epochs=9"),
        ({"seed": 0, "explicit": {"seed"}}, {}, "started with seed=4, .*Received: seed=0"),
        ({"patience": 3}, {}, "started with patience=None, .*Received: patience=3"),
        ({}, {"units": 5}, "started with units=4, .*Received: units=5"),
        ({}, {"cell": "gru"}, "started with cell=None, .*Received: cell='gru'"),
    ],
)
def test_starts_are_resumed_with_what_they_were_begun_with(tmp_path, settings, arguments, message):
    (tmp_path / "restarts").mkdir()
    begun = {"restarts": 3, "epochs": 2, "seed": 4}
    content = {"recipe": "sentiment", "arguments": {"units": 4}, "settings": Settings().record | begun}
    (tmp_path / "restarts" / "begun.json").write_text(json.dumps(content))
    check = (tmp_path, begun_restarts(tmp_path), "sentiment")
    check_restarts(*check, Settings(resume=True), {})
    check_restarts(*check, Settings(resume=True, **begun), {"units": 4})
    with pytest.raises(ValueError, match=message):
        check_restarts(*check, Settings(resume=True, **settings), arguments)
    # Before anything is read of the run itself, which may have finished.
    (tmp_path / "metrics.json").write_text("{}")
    with pytest.raises(ValueError, match=message):
        train("sentiment", out=tmp_path, settings=Settings(resume=True, verbose=0, **settings), **arguments)


def test_a_run_of_one_start_is_not_resumed_with_several(tmp_path):
    record = {"recipe": "sentiment", "arguments": {"units": 4}, "epochs": 1, "data": "any"}
    record["backend"] = keras.backend.backend()
    (tmp_path / "recipe.json").write_text(json.dumps(record))
    with pytest.raises(ValueError, match="started with restarts=1, .*Received: restarts=2"):
        train("sentiment", out=tmp_path, settings=Settings(restarts=2, resume=True, verbose=0))
    assert not (tmp_path / "restarts").exists()


def test_what_is_refused(tmp_path):
    (tmp_path / "own.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="not empty"):
        train("sentiment", out=tmp_path, settings=Settings(restarts=2, verbose=0))
    with pytest.raises(ValueError, match="choose one of them"):
        train("sentiment", out=tmp_path, settings=Settings(restarts=2, resume=True, force=True, verbose=0))


def test_the_loss_is_that_of_the_epoch_that_was_kept(tmp_path):
    (tmp_path / "history.csv").write_text("epoch,loss,val_accuracy\n1,0.9,0.5\n2,0.7,0.8\n3,0.1,0.6\n")
    assert _kept_loss(tmp_path, "val_accuracy") == 0.7
    assert _kept_loss(tmp_path, "loss") == 0.1


def test_starts_are_counted():
    with pytest.raises(ValueError, match="at least 1. Received: 0"):
        train("sentiment", out="nowhere", settings=Settings(restarts=0, verbose=0))
