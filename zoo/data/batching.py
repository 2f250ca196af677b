"""Batches of examples of different lengths in a few fixed shapes, the same on every backend."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np


class Batches(keras.utils.PyDataset):
    """Examples in batches of few shapes: every example is padded to the smallest of a few lengths that holds it.

    A compiled model is compiled again for every new shape. So all batches of one bucket have the identical shape
    (batch_size, length, ...), and the last one is filled up with empty rows of `sample_weight` 0. Batches are made when
    they are asked for; the examples are never copied as a whole.

    The order of an epoch is a pure function of `(seed, epoch)`. Pass `shuffle=False` to `fit`: Keras otherwise visits
    the batches in an order of its own, drawn from Python's global generator. Keras calls `on_epoch_end` once before
    the first epoch of every `fit`, so that epoch has the number `epoch + 1`. To resume a run at `initial_epoch=k`, set
    `epoch = k` before `fit`.

    The loss that Keras prints is the mean over batches, however few real rows one has; `weighted_metrics` are
    exact for one target an example; for one a step use `zoo.training.step_accuracy`, which counts every step alike.

    Args:
        inputs: examples by the name of the model's input ("tokens", "characters", "frames"), each of shape (S, ...).
            An example has the same S in all of them.
        targets: one target an example; None to predict.
        batch_size: rows of every batch.
        buckets: at most this many lengths, taken from the quantiles of the data; the last is the longest example.
        shuffle: new order every epoch, of rows within their bucket and of batches.
        seed: of the shuffling.
        aligned: True if targets have the steps of their example: (S,) or (S, K). They are padded with it.
        lengths: True to add the input "lengths" to "frames" even if all examples are of one length.
    Shapes:
        batch i is `(inputs, targets, sample_weight)`, without targets `(inputs,)`. One input is the plain array
        (B, S, ...), several are a dict. "lengths" (B,). Targets (B, ...) with weights (B,), aligned (B, S, ...) with
        weights (B, S). Whole numbers are int32, all others float32.
    Raises:
        ValueError: no examples, an empty example, or lengths or shapes that do not belong together.
    """

    def __init__(
        self,
        inputs: Mapping[str, Sequence[np.ndarray]],
        targets: Sequence[Any] | None = None,
        *,
        batch_size: int = 32,
        buckets: int = 4,
        shuffle: bool = False,
        seed: int = 0,
        aligned: bool = False,
        lengths: bool = False,
    ):
        super().__init__()
        if min(batch_size, buckets) < 1:
            raise ValueError(f"batch_size and buckets must be at least 1, received: {batch_size} and {buckets}.")
        if lengths and "frames" not in inputs:
            raise ValueError(f'lengths=True adds lengths to the input "frames", received the inputs: {list(inputs)}.')
        self.inputs: dict[str, Sequence[np.ndarray]] = dict(inputs)
        self.targets: Any = targets
        self.batch_size, self.shuffle, self.seed, self.aligned = batch_size, shuffle, seed, aligned
        self._steps = _check(self.inputs, targets, aligned)
        self._dtypes = {name: _dtype(name, column) for name, column in self.inputs.items()}
        if targets is not None:
            self._dtypes["targets"] = _dtype("targets", targets)
        self._has_lengths = "frames" in inputs and (lengths or len(set(self._steps)) > 1)
        quantiles = np.quantile(self._steps, np.arange(1, buckets + 1) / buckets, method="inverted_cdf")
        bounds = np.unique(quantiles)
        bucket = np.searchsorted(bounds, self._steps)
        self._buckets = [(int(bound), np.flatnonzero(bucket == number)) for number, bound in enumerate(bounds)]
        self.epoch = 0

    @property
    def examples(self) -> int:
        """Number of real examples."""
        return len(self._steps)

    @property
    def epoch(self) -> int:
        """Number of the epoch whose order the batches have; `on_epoch_end` adds one."""
        return self._epoch

    @epoch.setter
    def epoch(self, epoch: int) -> None:
        random = np.random.default_rng([self.seed, epoch])
        plan = []
        for length, rows in self._buckets:
            rows = random.permutation(rows) if self.shuffle else rows
            plan += [(length, rows[start : start + self.batch_size]) for start in range(0, len(rows), self.batch_size)]
        if self.shuffle:
            plan = [plan[index] for index in random.permutation(len(plan))]
        # On TensorFlow, Keras takes the shapes of all batches from the first two: they must show that lengths differ.
        other = next((index for index in range(1, len(plan)) if plan[index][0] != plan[0][0]), None)
        if other is not None:
            plan[1], plan[other] = plan[other], plan[1]
        self._epoch, self._plan = epoch, plan

    def on_epoch_end(self) -> None:
        self.epoch += 1

    def __len__(self) -> int:
        return len(self._plan)

    def indices(self, index: int) -> np.ndarray:
        """Numbers of the examples in batch `index`, row by row; the rows after them are filling."""
        return self._plan[index][1]

    def __getitem__(self, index: int) -> tuple:
        length, rows = self._plan[index]
        inputs = {name: self._pad(name, column, rows, length) for name, column in self.inputs.items()}
        steps = np.zeros(self.batch_size, "int32")
        steps[: len(rows)] = self._steps[rows]
        if self._has_lengths:
            inputs["lengths"] = steps
        taken = inputs if len(inputs) > 1 else inputs.popitem()[1]
        if self.targets is None:
            return (taken,)
        targets = self._pad("targets", self.targets, rows, length if self.aligned else None)
        real = np.arange(length) < steps[:, None] if self.aligned else steps > 0
        return taken, targets, real.astype("float32")

    def _pad(self, name: str, column: Sequence[Any], rows: np.ndarray, length: int | None) -> np.ndarray:
        """Stacks rows of a column to (batch_size, length, ...), or to (batch_size, ...) without a length."""
        shape = np.shape(column[rows[0]])
        shape = shape if length is None else (length, *shape[1:])
        padded = np.zeros((self.batch_size, *shape), self._dtypes[name])
        for place, row in enumerate(rows):
            padded[place, ... if length is None else slice(len(column[row]))] = column[row]
        return padded


def _check(inputs: dict[str, Sequence[np.ndarray]], targets: Sequence[Any] | None, aligned: bool) -> np.ndarray:
    """Returns the steps of every example, after making sure that all columns agree on them."""
    if not inputs or not len(next(iter(inputs.values()))):
        raise ValueError("Batches need at least one input with at least one example, received none.")
    first, examples = next(iter(inputs.items()))
    steps = np.array([len(example) for example in examples])
    if not steps.all():
        raise ValueError(f"every example needs at least one step, received: example {steps.argmin()} without. Drop it.")
    columns = inputs if targets is None else inputs | {"targets": targets}
    for name, column in columns.items():
        if len(column) != len(steps):
            raise ValueError(f"inputs and targets must pair up, received: {len(steps)} {first}, {len(column)} {name}.")
        in_steps = name != "targets" or aligned
        shape = np.shape(column[0])[in_steps:]
        for number, (example, length) in enumerate(zip(column, steps, strict=True)):
            if in_steps and (np.ndim(example) == 0 or len(example) != length):
                raise ValueError(
                    f"example {number}: {name} must have as many steps as {first}, received: "
                    f"{np.shape(example)[0] if np.ndim(example) else 'one value'} and {length}. "
                    "Targets of one value an example take aligned=False."
                )
            if np.shape(example)[in_steps:] != shape:
                raise ValueError(
                    f"example {number}: {name} must have the shape of example 0 {'at every step ' * in_steps}"
                    f"{shape}, received: {np.shape(example)[in_steps:]}. Targets a step take aligned=True."
                )
    return steps


def _dtype(name: str, column: Sequence[Any]) -> str:
    kinds = {column.dtype.kind} if isinstance(column, np.ndarray) else {np.asarray(row).dtype.kind for row in column}
    if not kinds <= set("biuf"):
        raise ValueError(f"{name} must be numbers, received: {column[0]!r}. Encode texts and labels with a vocabulary.")
    return "float32" if "f" in kinds else "int32"
