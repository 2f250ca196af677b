"""Stops a training whose loss is not finite, names the tensor, and keeps the batch."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np

from zoo.storage.files import replace_file


class DivergedError(ValueError):
    """A loss or a weight is no longer a finite number."""


class NaNGuard(keras.callbacks.Callback):
    """Ends `fit` at the first step whose loss is NaN or infinite, with the batch in a file.

    The loss that Keras reports is a running mean of the epoch, in which NaN and infinity stay: the first step that
    shows one is the one that made it.

        model.fit(batches, shuffle=False, callbacks=[NaNGuard(batches, "runs/a")])
        np.load("runs/a/nan_batch.npz")["source"]

    Args:
        batches: the training data, whose item `step` is what `fit` was given: of `fit(shuffle=False)`.
        folder: where nan_batch.npz is written: the inputs by name ("inputs" for one without), "targets" and
            "sample_weight". Of several targets each has its own name behind "targets/".
    Raises:
        DivergedError: from `fit`, the loss became NaN or infinite.
        ValueError: from `fit`, several steps are executed as one.
    """

    def __init__(self, batches: keras.utils.PyDataset, folder: str | os.PathLike):
        super().__init__()
        self.batches, self.folder = batches, Path(folder)

    def on_train_begin(self, logs=None):
        if self.model.steps_per_execution != 1:
            raise ValueError(
                "NaNGuard must see every step: compile with steps_per_execution=1. "
                f"Received: {self.model.steps_per_execution}."
            )

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        loss = (logs or {}).get("loss", 0.0)
        if np.isfinite(loss):
            return
        arrays = dict(_arrays(self.batches[batch], self.model))
        path = self.folder / "nan_batch.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        with replace_file(path) as temporary, open(temporary, "wb") as file:
            np.savez(file, **arrays)
        broken = [name for name, array in arrays.items() if array.dtype.kind == "f" and not np.isfinite(array).all()]
        if broken:
            remedy = f"The batch itself holds values that are not finite, in {', '.join(broken)}: clean the data."
        else:
            remedy = (
                "The batch itself is finite. If an untrained model has a finite loss on it, too, the weights broke in "
                "the steps before: lower the learning rate, warm it up, or clip the gradient (global_clipnorm). "
                "If not, look for lengths of 0 and targets out of range."
            )
        raise DivergedError(
            f"The loss became {'NaN' if np.isnan(loss) else 'infinite'} in epoch {self._epoch + 1} at step {batch} "
            f"(counted from 0); its batch is kept in {path}. {remedy}"
        )


def _arrays(batch: tuple, model: keras.Model) -> Iterator[tuple[str, np.ndarray]]:
    inputs, targets, weight = keras.utils.unpack_x_y_sample_weight(batch)
    names = [tensor.name for tensor in getattr(model, "inputs", None) or []]
    if not isinstance(inputs, Mapping):
        inputs = list(inputs) if isinstance(inputs, list | tuple) else [inputs]
        if len(names) != len(inputs):
            names = ["inputs"] if len(inputs) == 1 else [f"inputs/{index}" for index in range(len(inputs))]
        inputs = dict(zip(names, inputs, strict=True))
    for name, array in inputs.items():
        yield name, np.asarray(array)
    yield from _named("targets", targets)
    yield from _named("sample_weight", weight)


def _named(name: str, value: Any) -> Iterator[tuple[str, np.ndarray]]:
    if isinstance(value, Mapping):
        for part, array in value.items():
            yield f"{name}/{part}", np.asarray(array)
    elif isinstance(value, list | tuple):
        for index, array in enumerate(value):
            yield f"{name}/{index}", np.asarray(array)
    elif value is not None:
        yield name, np.asarray(value)
