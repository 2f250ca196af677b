"""Killed work continues: everything a training is made of, in one file an epoch."""

import csv
import inspect
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from zoo.backend.random_state import random_state, restore_random_state
from zoo.backend.tracing import build_optimizer
from zoo.data.batches.padded import Batches
from zoo.storage.files import replace_file
from zoo.training.callbacks.nan_guard import DivergedError


class Checkpoint(keras.callbacks.Callback):
    """Saves the whole state of `fit` after every epoch, and puts it back before the first.

    The state: the model's variables (weights, running metrics, seed generators), the optimizer's, the number of epochs
    done, the backend's random generator, the state of every other callback (early stopping, schedules, best so far) and
    the history. An epoch that was interrupted is run again from its start, so a killed and resumed training ends as one
    never killed does. An epoch that ends in NaN is not saved: training ends with an error, and the file keeps the last
    good one.

        checkpoint = Checkpoint("runs/a/checkpoint.npz", batches, callbacks)
        model.fit(batches, shuffle=False, callbacks=[*callbacks, checkpoint], initial_epoch=checkpoint.epoch, epochs=20)

    Keras resets its callbacks when a training begins, each in its turn: this one must stand last.

    Args:
        path: the file; written to a temporary name and then renamed, so a kill while writing costs one epoch.
        batches: the training data, whose order is a function of their seed and the epoch.
        callbacks: the other callbacks, whose state is kept; the same ones in the same order when resuming.
    Attributes:
        epoch: epochs done, 0 without a file.
        history: one dict of metrics an epoch, kept as history.csv beside the file, too.
        seconds: spent in epochs by the runs before this one.
        stopped: whether a callback (early stopping) ended the training: then give `fit` no more epochs.
    Raises:
        ValueError: the file is no checkpoint, or is one of another model.
        DivergedError: from `fit`, the loss or a weight became NaN.
        OSError: from `fit`, the disk is full; the file of the epoch before is still there.
    """

    def __init__(self, path: str | os.PathLike, batches: Batches, callbacks: Sequence[keras.callbacks.Callback] = ()):
        super().__init__()
        self.path, self.callbacks = Path(path), list(callbacks)
        self.epoch, self.stopped, self.seconds = 0, False, 0.0
        self.history: list[dict[str, float]] = []
        self._arrays: dict[str, np.ndarray] = {}
        self._state: dict[str, Any] | None = None
        if self.path.is_file():
            self._read()
        batches.epoch = self.epoch

    def _read(self):
        self._state, self._arrays = read_checkpoint(self.path)
        self.epoch, self.history = self._state["epoch"], self._state["history"]
        self.stopped, self.seconds = self._state["stopped"], self._state["seconds"]

    def on_train_begin(self, logs=None):
        self._start_time = time.monotonic()
        build_optimizer(self.model)
        if self._state is None:
            return
        for kind, variables in self._variables().items():
            saved = [self._arrays[f"{kind}/{n}"] for n in range(sum(f"{kind}/" in name for name in self._arrays))]
            shapes = [tuple(array.shape) for array in saved]
            if shapes != [tuple(variable.shape) for variable in variables]:
                raise ValueError(
                    f"{self.path} was written by another model: its {kind} variables have other shapes. "
                    "Resume with the arguments of the first run, or choose another folder."
                )
            for variable, array in zip(variables, saved, strict=True):
                variable.assign(array)
        if len(self.callbacks) != len(self._state["callbacks"]):
            raise ValueError(
                f"{self.path} was written beside {len(self._state['callbacks'])} callbacks. "
                f"Received: {len(self.callbacks)}. Resume with the same ones in the same order."
            )
        states = {name: array for name, array in self._arrays.items() if name.startswith("random/")}
        restore_random_state({name.removeprefix("random/"): state for name, state in states.items()})
        for callback, state in zip(self.callbacks, self._state["callbacks"], strict=True):
            for name, value in state.items():
                setattr(callback, name, _restored(value, self._arrays))

    def on_epoch_end(self, epoch, logs=None):
        self.epoch, self.stopped = epoch + 1, bool(self.model.stop_training)
        self.history.append({"epoch": epoch + 1, **{name: float(value) for name, value in (logs or {}).items()}})
        arrays: dict[str, Any] = {
            f"{kind}/{n}": np.asarray(variable)
            for kind, variables in self._variables().items()
            for n, variable in enumerate(variables)
        }
        self._must_be_finite(arrays)
        arrays |= {f"random/{device}": state for device, state in random_state().items()}
        state = {
            "epoch": self.epoch,
            "history": self.history,
            "stopped": self.stopped,
            "seconds": self.seconds + time.monotonic() - self._start_time,
            "callbacks": [_plain_state(callback, n, arrays) for n, callback in enumerate(self.callbacks)],
        }
        # The table first: killed between the two, the epoch is run again and its line written again.
        columns = list(dict.fromkeys(name for row in self.history for name in row))
        with replace_file(self.path.with_name("history.csv")) as temporary, open(temporary, "w", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(self.history)
        with replace_file(self.path) as temporary, open(temporary, "wb") as file:
            np.savez(file, state=np.array(json.dumps(state)), **arrays)

    def _must_be_finite(self, arrays):
        loss = self.history[-1].get("loss", 0.0)
        broken = [name for name, array in arrays.items() if array.dtype.kind == "f" and not np.isfinite(array).all()]
        if not np.isfinite(loss) or broken:
            what = "A weight" if np.isfinite(loss) else "The loss"
            remaining = (
                f"{self.path} keeps the epoch before" if self.path.is_file() else "There is no epoch to go back to"
            )
            raise DivergedError(
                f"{what} became NaN or infinite in epoch {self.epoch}. {remaining}. "
                "Lower the learning rate or clip the gradient (global_clipnorm)."
            )

    def _variables(self):
        metrics = {id(variable) for variable in self.model.metrics_variables}
        return {
            "model": [variable for variable in self.model.variables if id(variable) not in metrics],
            "optimizer": self.model.optimizer.variables,
        }


def read_checkpoint(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The state of a training as plain data, and its arrays.

    Raises:
        ValueError: the file is missing, damaged or no checkpoint.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        state = json.loads(str(arrays.pop("state")))
        if missing := {"epoch", "history", "stopped", "seconds", "callbacks"} - state.keys():
            raise KeyError(", ".join(sorted(missing)))
    except FileNotFoundError as error:
        raise ValueError(f"{path} does not exist: restore it, or start over with --force.") from error
    except Exception as error:  # NumPy and zipfile raise whatever damaged bytes lead them to
        raise ValueError(
            f"{path} is no checkpoint that can be read ({error}). Restore it, or start over with --force."
        ) from error
    return state, arrays


def _plain_state(callback, number, arrays):
    """The attributes of a callback that are data; arrays go beside the JSON, under a name.

    What its constructor takes is no state: Keras turns the sign of `min_delta` once in every training.
    """
    state, parameters = {}, inspect.signature(type(callback)).parameters
    for name, value in vars(callback).items():
        if name.startswith("_") or name == "params" or name in parameters:
            continue
        if isinstance(value, bool | int | float | str | None):
            state[name] = value
        elif isinstance(value, np.generic):
            state[name] = value.item()
        elif isinstance(value, list) and all(isinstance(item, np.ndarray) for item in value):
            arrays.update({f"callback/{number}/{name}/{n}": item for n, item in enumerate(value)})
            state[name] = {"arrays": [f"callback/{number}/{name}/{n}" for n in range(len(value))]}
        elif isinstance(value, list) and all(isinstance(item, bool | int | float | str | None) for item in value):
            state[name] = value
    return state


def _restored(value, arrays):
    return [arrays[name] for name in value["arrays"]] if isinstance(value, dict) else value
