import csv
import errno
import json
import os
import resource

import keras
import numpy as np
import pytest

from zoo.data.batches.padded import Batches
from zoo.training.callbacks.checkpoint import Checkpoint


class Remember(keras.callbacks.Callback):
    """State of every kind that a callback may have."""

    def __init__(self):
        super().__init__()
        self.on_train_begin()

    def on_train_begin(self, logs=None):
        self.losses, self.best, self.kept, self.name = [], np.float32(9), [], None

    def on_epoch_end(self, epoch, logs=None):
        self.losses.append(float(logs["loss"]))
        self.best, self.name = np.float32(min(self.losses)), f"epoch {epoch}"
        self.kept = [np.array(self.losses), np.arange(epoch)]


@pytest.fixture
def batches(random):
    frames = [random.normal(size=(3, 2)).astype("float32") for _ in range(24)]
    return Batches({"frames": frames}, [frame.sum() for frame in frames], batch_size=4, shuffle=True, seed=1)


@pytest.fixture
def fit(batches, tmp_path):
    """Trains a small model with dropout, momenta and a schedule, from the checkpoint in a folder if there is one."""

    def train(epochs, folder="a", units=3, callbacks=None, verbose=0):
        keras.utils.set_random_seed(4)
        layers = [keras.layers.Flatten(), keras.layers.Dense(units, "tanh"), keras.layers.Dropout(0.5)]
        model = keras.Sequential([keras.Input((3, 2)), *layers, keras.layers.Dense(1)])
        model.compile(keras.optimizers.Adam(0.05), "mse")
        if callbacks is None:
            schedule = keras.callbacks.ReduceLROnPlateau("loss", patience=1, factor=0.5, min_delta=10.0)
            stopping = keras.callbacks.EarlyStopping("loss", patience=4, restore_best_weights=True)
            callbacks = [schedule, Remember(), stopping]
        (tmp_path / folder).mkdir(exist_ok=True)
        checkpoint = Checkpoint(tmp_path / folder / "checkpoint.npz", batches, callbacks)
        done = checkpoint.epoch
        model.fit(
            batches,
            shuffle=False,
            callbacks=[*callbacks, checkpoint],
            initial_epoch=done,
            epochs=done if checkpoint.stopped else epochs,
            verbose=verbose,
        )
        return model, checkpoint, callbacks

    return train


@pytest.mark.each_backend
def test_a_resumed_training_ends_as_one_never_interrupted(fit, tmp_path):
    model, whole, callbacks = fit(5, "whole")
    fit(2, "parts")
    fit(3, "parts")
    resumed, parts, others = fit(5, "parts")
    assert parts.history == whole.history
    assert len({epoch["learning_rate"] for epoch in whole.history}) > 1  # the schedule did something
    for ours, theirs in zip(resumed.variables, model.variables, strict=True):  # weights and seed generators
        np.testing.assert_array_equal(ours, theirs)
    for ours, theirs in zip(resumed.optimizer.variables, model.optimizer.variables, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    for ours, theirs in zip(others, callbacks, strict=True):
        for name in ("wait", "best", "losses", "name", "cooldown_counter", "stopped_epoch", "best_epoch"):
            assert getattr(ours, name, None) == getattr(theirs, name, None)
        for name in ("kept", "best_weights"):
            for one, other in zip(getattr(ours, name, []), getattr(theirs, name, []), strict=True):
                np.testing.assert_array_equal(one, other)
    assert (tmp_path / "parts" / "history.csv").read_text() == (tmp_path / "whole" / "history.csv").read_text()


def test_history_is_a_table_even_when_a_figure_comes_late(fit, tmp_path):
    def log(epoch, logs):
        logs.update({"late": 1.0} if epoch else {})

    _, checkpoint, _ = fit(2, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=log)])
    with open(tmp_path / "a" / "history.csv", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["epoch"], first["late"], second["late"]) == ("1", "", "1.0")
    assert float(second["loss"]) == checkpoint.history[1]["loss"]


def test_a_stopped_training_is_not_continued(fit):
    stop = keras.callbacks.EarlyStopping("loss", patience=2, baseline=-1.0)
    _, checkpoint, _ = fit(9, callbacks=[stop])
    assert checkpoint.stopped
    again = fit(9, callbacks=[keras.callbacks.EarlyStopping("loss", patience=2, baseline=-1.0)])[1]
    assert again.stopped
    assert again.history == checkpoint.history


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


SLOW_BREAKS = [pytest.param(name, marks=pytest.mark.slow) for name in ("numpy.savez", "os.fsync")]


@pytest.mark.parametrize("broken", ["os.replace", *SLOW_BREAKS])
def test_a_full_disk_costs_one_epoch(fit, tmp_path, monkeypatch, broken):
    _, whole, _ = fit(2, "whole")
    fit(1)
    before = (tmp_path / "a" / "checkpoint.npz").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(broken, full)
        with pytest.raises(OSError, match="No space left"):
            fit(2)
    assert (tmp_path / "a" / "checkpoint.npz").read_bytes() == before
    assert sorted(file.name for file in (tmp_path / "a").iterdir()) == ["checkpoint.npz", "history.csv"]
    assert fit(2)[1].history == whole.history


def test_a_place_too_small_leaves_the_checkpoint_before(fit, tmp_path):
    fit(1)
    path = tmp_path / "a" / "checkpoint.npz"
    before, limits = path.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            fit(2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir() if file.name.startswith(".")] == []


@pytest.mark.parametrize("where", ["loss", "weight"])
def test_an_epoch_that_ends_in_nan_is_not_kept(fit, tmp_path, where):
    def poison(epoch, logs=None):
        if epoch == 1 and where == "loss":
            logs["loss"] = float("nan")
        elif epoch == 1:
            bias = model_of.model.weights[-1]
            bias.assign(bias * np.nan)

    model_of = keras.callbacks.LambdaCallback(on_epoch_end=poison)
    with pytest.raises(ValueError, match=rf"(?i){where} became NaN or infinite in epoch 2\. .* keeps the epoch before"):
        fit(5, callbacks=[keras.callbacks.TerminateOnNaN(), model_of])
    with np.load(tmp_path / "a" / "checkpoint.npz") as file:
        assert json.loads(str(file["state"]))["epoch"] == 1
        assert all(np.isfinite(file[name]).all() for name in file.files if name != "state")


def test_nan_in_the_first_epoch_leaves_nothing(fit, tmp_path):
    spoil = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: logs.update(loss=float("inf")))
    with pytest.raises(ValueError, match=r"infinite in epoch 1\. There is no epoch to go back to\. Lower the learning"):
        fit(5, callbacks=[spoil])
    assert list((tmp_path / "a").iterdir()) == []


def test_what_is_no_checkpoint_of_this_model(fit, tmp_path):
    fit(1)
    with pytest.raises(ValueError, match="was written by another model: its model variables have other shapes"):
        fit(2, units=5)
    with pytest.raises(ValueError, match=r"was written beside 3 callbacks\. Received: 1\."):
        fit(2, callbacks=[Remember()])
    path = tmp_path / "a" / "checkpoint.npz"
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(ValueError, match=r"checkpoint.npz is no checkpoint that can be read .*Restore it"):
        fit(2)
    assert os.path.getsize(path) == 500
