"""A training that is killed and continued ends as one never killed: the same weights, history, stopping, figures."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

import zoo
from zoo.experiments import run
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.training.callbacks.checkpoint import Checkpoint

EPOCHS = Settings(epochs=9, patience=2, verbose=0)
KILLED = """
import json, os, signal, sys
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.training.callbacks.checkpoint import Checkpoint

def kill(self, batch, logs=None):
    if (self.epoch, batch) == (1, 4):  # in the middle of the second epoch
        os.kill(os.getpid(), signal.SIGKILL)

Checkpoint.on_train_batch_end = kill
train("sentiment", out=sys.argv[1], settings=Settings(epochs=9, patience=2, verbose=0), **json.loads(sys.argv[2]))
"""


class Killed(BaseException):
    """Nothing catches it: a process that ends here leaves the same files as one that is killed."""


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory, tiny):
    whole = train("sentiment", out=tmp_path_factory.mktemp("runs") / "unbroken", settings=EPOCHS, **tiny)
    assert 2 < whole.metrics["epochs"] < 9  # early stopping ended it
    return whole


def assert_same(resumed, whole):
    for ours, theirs in zip(resumed.model.get_weights(), whole.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert (resumed.folder / "history.csv").read_text() == (whole.folder / "history.csv").read_text()
    for key in ("test", "validation", "epochs", "parameters"):
        assert resumed.metrics[key] == whole.metrics[key]
    for ours, theirs in zip(zoo.load(resumed.folder).model.get_weights(), whole.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.each_backend
def test_an_exception_in_mid_epoch_loses_nothing(tiny, tmp_path, monkeypatch):
    """As `test_killed_in_the_middle_of_an_epoch`, in this process and with fewer epochs."""

    def kill(self, batch, logs=None):
        if (self.epoch, batch) == (1, 4):
            raise Killed

    epochs = Settings(epochs=2, verbose=0)
    whole = train("sentiment", out=tmp_path / "whole", settings=epochs, **tiny)
    with monkeypatch.context() as patch:
        patch.setattr(Checkpoint, "on_train_batch_end", kill)
        with pytest.raises(Killed):
            train("sentiment", out=tmp_path / "killed", settings=epochs, **tiny)
    assert len((tmp_path / "killed" / "history.csv").read_text().splitlines()) == 2
    assert_same(train("sentiment", out=tmp_path / "killed", settings=Settings(resume=True, verbose=0)), whole)


@pytest.mark.slow
@pytest.mark.each_backend
def test_killed_in_the_middle_of_an_epoch(unbroken, tiny, tmp_path):
    out = tmp_path / "killed"
    process = subprocess.run(
        [sys.executable, "-c", KILLED, str(out), json.dumps(tiny)], env=os.environ, capture_output=True, timeout=300
    )
    assert process.returncode == -signal.SIGKILL, process.stderr.decode()
    assert len((out / "history.csv").read_text().splitlines()) == 2  # the names and one epoch
    assert not (out / "model.keras").exists()
    with pytest.raises(ValueError, match=r"has not finished: continue it with --resume"):
        zoo.load(out)
    assert_same(train("sentiment", out=out, settings=Settings(resume=True, verbose=0)), unbroken)


@pytest.mark.slow
def test_killed_before_the_first_checkpoint(unbroken, tiny, tmp_path, monkeypatch):
    def kill(self, batch, logs=None):
        raise Killed

    out = tmp_path / "early"
    with monkeypatch.context() as patch:
        patch.setattr(Checkpoint, "on_train_batch_end", kill)
        with pytest.raises(Killed):
            train("sentiment", out=out, settings=EPOCHS, **tiny)
    assert not (out / "checkpoint.npz").exists()
    # The arguments are those the run was begun with, though only the folder tells them.
    assert_same(train("sentiment", out=out, settings=Settings(resume=True, verbose=0)), unbroken)


@pytest.mark.slow
def test_killed_after_stopping_and_before_saving(unbroken, tiny, tmp_path, monkeypatch):
    def kill(*_, **__):
        raise Killed

    out = tmp_path / "late"
    with monkeypatch.context() as patch:
        patch.setattr(run, "save", kill)
        with pytest.raises(Killed):
            train("sentiment", out=out, settings=EPOCHS, **tiny)
    assert_same(train("sentiment", out=out, settings=Settings(resume=True, verbose=0)), unbroken)


@pytest.mark.slow
def test_a_finished_run_goes_on_with_more_epochs(unbroken, tiny, tmp_path):
    out = tmp_path / "longer"
    short = train("sentiment", out=out, settings=Settings(epochs=2, patience=2, verbose=0), **tiny)
    assert short.metrics["epochs"] == 2
    assert_same(train("sentiment", out=out, settings=Settings(epochs=9, resume=True, verbose=0)), unbroken)
