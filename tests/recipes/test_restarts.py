import json

import pytest

import zoo
from recipes.restarts import show_restarts
from recipes.run import Settings, train


def last_loss(folder):
    header, *_, last = (folder / "history.csv").read_text().splitlines()
    return float(last.split(",")[header.split(",").index("loss")])


@pytest.fixture(scope="module")
def run(tmp_path_factory, request):
    from tests.recipes.conftest import TINY

    out = tmp_path_factory.mktemp("runs") / "three"
    return train("sentiment", out=out, settings=Settings(epochs=1, restarts=3, verbose=0), **TINY)


def test_the_start_is_kept_that_learned_its_training_data_best(run):
    losses = {seed: last_loss(run.folder / "restarts" / str(seed)) for seed in (0, 1, 2)}
    assert len(set(losses.values())) == 3
    best = min(losses, key=losses.get)
    assert run.recipe["seed"] == best
    assert run.recipe["restarts"] == 3
    assert (run.folder / "model.keras").read_bytes() == (
        run.folder / "restarts" / str(best) / "model.keras"
    ).read_bytes()
    assert {int(seed): start["loss"] for seed, start in run.metrics["restarts"].items()} == losses
    assert run.metrics["test"] == run.metrics["restarts"][str(best)]["test"]
    assert show_restarts(run).endswith(f"Kept: seed {best}, of the lowest training loss.")
    assert zoo.load(run.folder).predict(["a film"])


def test_a_killed_run_goes_on_with_the_starts_that_are_missing(run, tmp_path, tiny):
    import shutil

    folder = tmp_path / "killed"
    shutil.copytree(run.folder / "restarts" / "0", folder / "restarts" / "0")  # the first start had finished
    before = (folder / "restarts" / "0" / "model.keras").stat().st_mtime_ns
    settings = Settings(epochs=1, restarts=3, resume=True, verbose=0)
    again = train("sentiment", out=folder, settings=settings, **tiny)
    assert (folder / "restarts" / "0" / "model.keras").stat().st_mtime_ns == before
    assert json.dumps(again.metrics["restarts"], sort_keys=True) == json.dumps(run.metrics["restarts"], sort_keys=True)
    # A run that is whole is not begun again.
    assert train("sentiment", out=folder, settings=settings, **tiny).metrics == again.metrics


def test_starts_are_counted():
    with pytest.raises(ValueError, match="at least 1. Received: 0"):
        train("sentiment", out="nowhere", settings=Settings(restarts=0, verbose=0))
