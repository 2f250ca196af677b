"""Training on several devices of one machine: each has the whole model, and its share of every batch.

A step is the same as on one device, but for the order of additions: what a batch's mean divides by is counted over all
devices (zoo/backend/replicas.py), and a batch whose rows cannot be shared out evenly is filled up with rows of padding.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import keras
import numpy as np
from keras import ops

from zoo.backend.device import device_kind
from zoo.backend.replicas import all_reduce_sum
from zoo.data.batches.contiguous import ContiguousBatches
from zoo.data.batches.on_the_fly import FixedBatches, OnTheFlyBatches
from zoo.data.batches.padded import Batches
from zoo.data.splits import Splits
from zoo.lookup import lookup

# name -> the backend that has it
STRATEGIES = {"mirrored": "tensorflow", "data_parallel": "jax"}


def check_strategy(strategy: str) -> None:
    """Refuses a strategy that does not exist, or not on this backend."""
    backend = lookup("strategy", strategy, STRATEGIES)
    if keras.backend.backend() != backend:
        ours = next((name for name, other in STRATEGIES.items() if other == keras.backend.backend()), "none")
        raise ValueError(
            f"The strategy {strategy!r} is one of the backend {backend}. Received: the backend "
            f"{keras.backend.backend()}. Set KERAS_BACKEND={backend}, or choose this backend's own: {ours}."
        )


@contextmanager
def distribution_scope(strategy: str | None) -> Iterator[int]:
    """Context in which a model is built, compiled and trained on all devices; yields their number.

    They are the GPUs that are visible, or without one what the processor was divided into. Afterwards all is as it was.

    Args:
        strategy: mirrored, data_parallel, or None for one device.
    Raises:
        ValueError: it is not one of this backend.
    """
    if strategy is None:
        yield 1
        return
    check_strategy(strategy)
    if strategy == "mirrored":
        import tensorflow as tf

        kind = "GPU" if tf.config.list_logical_devices("GPU") else "CPU"
        devices = [device.name.removeprefix("/device:") for device in tf.config.list_logical_devices(kind)]
        # Of the parts of a processor the collective operations of TensorFlow mix up two sums in one step.
        sums = tf.distribute.ReductionToOneDevice() if kind == "CPU" else None
        mirrored = tf.distribute.MirroredStrategy(devices, cross_device_ops=sums)
        with mirrored.scope():
            yield mirrored.num_replicas_in_sync
        return
    before = keras.distribution.distribution()
    parallel = keras.distribution.DataParallel(devices=keras.distribution.list_devices(), auto_shard_dataset=False)
    keras.distribution.set_distribution(parallel)
    try:
        yield len(keras.distribution.list_devices())
    finally:
        keras.distribution.set_distribution(before)


def pad_to_devices(splits: Splits, devices: int) -> Splits:
    """Return the training data in batches whose rows a number of devices can share.

    Raises:
        TypeError: batches that cannot be shared: those of trees, whose nodes are packed together, and on TensorFlow
            those of one long text, as a replica cannot carry its rows' states to the next batch.
        ValueError: the rows of one long text, of which each must go on, are no multiple of the devices.
    """
    if devices == 1:
        return splits
    return replace(
        splits, train=PaddedBatches(splits.train, devices), validation=PaddedBatches(splits.validation, devices)
    )


def clip_across_replicas(model: keras.Model) -> None:
    """Makes a compiled model fit for several replicas of TensorFlow: what it decides of a gradient, it decides of the
    whole batch's.

    Keras clips what each replica has of the gradient and then adds up, but the sum of clipped parts is not the clipped
    sum; and in float16 it asks the first replica alone whether the gradient overflowed. XLA, which does not go together
    with replicas, is left out.
    """
    model.jit_compile = False
    optimizer = model.optimizer
    if hasattr(optimizer, "inner_optimizer"):
        finite = optimizer.check_finite
        optimizer.check_finite = lambda gradients: (
            all_reduce_sum(ops.cast(ops.logical_not(finite(gradients)), "float32")) < 1
        )
        optimizer = optimizer.inner_optimizer
    if not (optimizer.clipnorm or optimizer.global_clipnorm or optimizer.clipvalue):
        return
    own = optimizer._clip_gradients

    def clip(gradients):
        import tensorflow as tf

        context = tf.distribute.get_replica_context()
        whole = iter(context.all_reduce(tf.distribute.ReduceOp.SUM, [each for each in gradients if each is not None]))
        clipped = own([None if each is None else next(whole) for each in gradients])
        # Keras adds up what the replicas have: each gives its share.
        return [None if each is None else each / context.num_replicas_in_sync for each in clipped]

    optimizer._clip_gradients = clip


class PaddedBatches(keras.utils.PyDataset):
    """Batches filled up with rows of padding until their number is a multiple.

    Args:
        batches: whose arrays all have the batch as their first axis, and whose filling has weights of 0.
        multiple: of which the number of rows shall be one.
    Raises:
        TypeError, ValueError: see `even`.
    """

    def __init__(self, batches: Any, multiple: int):
        super().__init__()
        shared: tuple[Any, ...] = (Batches, OnTheFlyBatches, FixedBatches)
        if keras.backend.backend() == "jax":  # where a batch is one array, and so is what is carried to the next
            shared += (ContiguousBatches,)
        if not isinstance(batches, shared):
            raise TypeError(
                "A strategy shares batches of separate examples among devices, as `zoo.data.batches` makes them. "
                f"Received: {type(batches).__name__}. Train on one device: leave the strategy out."
            )
        if isinstance(batches, ContiguousBatches) and batches.rows % multiple:
            raise ValueError(
                "Every row of one long text goes on in the next batch, so there is none to fill up with: devices share "
                f"rows evenly. Received: {batches.rows} rows for {multiple} devices. Choose a multiple of them."
            )
        self.batches, self.multiple = batches, multiple

    @property
    def epoch(self) -> int:
        """Return the epoch of the batches."""
        return self.batches.epoch

    @epoch.setter
    def epoch(self, epoch: int) -> None:
        self.batches.epoch = epoch

    def on_epoch_end(self) -> None:
        self.batches.on_epoch_end()

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> tuple:
        return keras.tree.map_structure(self._filled, self.batches[index])

    def _filled(self, array):
        missing = -len(array) % self.multiple
        return np.concatenate([array, np.zeros((missing, *array.shape[1:]), array.dtype)]) if missing else array


def describe_devices(model: keras.Model, devices: int, strategy: str | None = None) -> str:
    """On what a model is trained, and how, on one line."""
    kind = device_kind()
    where = f"{devices} {kind}s" if devices > 1 else f"one {kind}"
    shared = f" ({strategy})" if strategy else ""
    compiled = "on" if model.jit_compile else "off"
    return f"{keras.backend.backend()} on {where}{shared}, {model.dtype_policy.name}, XLA {compiled}"
