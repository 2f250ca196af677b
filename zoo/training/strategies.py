"""Training on several devices of one machine: each has the whole model, and its share of every batch.

A step is the same as on one device, but for the order of additions: what a batch's mean divides by is counted over all
devices (zoo/ops/replicas.py), and a batch whose rows cannot be shared out evenly is filled up with rows of padding.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from zoo.data.batching import Batches
from zoo.data.splits import Splits
from zoo.naming import choose

# name -> the backend that has it
STRATEGIES = {"mirrored": "tensorflow", "data_parallel": "jax"}


def check_strategy(strategy: str) -> None:
    """Refuses a strategy that does not exist, or not on this backend."""
    backend = choose("strategy", strategy, STRATEGIES)
    if keras.backend.backend() != backend:
        ours = next((name for name, other in STRATEGIES.items() if other == keras.backend.backend()), "none")
        raise ValueError(
            f"The strategy {strategy!r} is one of the backend {backend}. Received: the backend "
            f"{keras.backend.backend()}. Set KERAS_BACKEND={backend}, or choose this backend's own: {ours}."
        )


@contextmanager
def spread(strategy: str | None) -> Iterator[int]:
    """Where a model is built, compiled and trained to be on all devices; gives the number of them.

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


def even(splits: Splits, devices: int) -> Splits:
    """The same data for training, in batches whose rows a number of devices can share.

    Raises:
        TypeError: batches that cannot be shared: those of one long text, whose rows go on from batch to batch, those of
            trees, whose nodes are packed together, and those drawn anew.
    """
    if devices == 1:
        return splits
    return replace(splits, train=Even(splits.train, devices), validation=Even(splits.validation, devices))


def clip_together(model: keras.Model) -> None:
    """Makes a compiled model fit for several replicas of TensorFlow: it clips the gradient of the whole batch.

    Keras clips what each replica has of the gradient and then adds up: the sum of clipped parts is not the clipped sum.
    XLA, which does not go together with replicas, is left out.
    """
    model.jit_compile = False
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    own = optimizer._clip_gradients

    def clip(gradients):
        import tensorflow as tf

        context = tf.distribute.get_replica_context()
        whole = iter(context.all_reduce(tf.distribute.ReduceOp.SUM, [each for each in gradients if each is not None]))
        clipped = own([None if each is None else next(whole) for each in gradients])
        # Keras adds up what the replicas have: each gives its share.
        return [None if each is None else each / context.num_replicas_in_sync for each in clipped]

    optimizer._clip_gradients = clip


class Even(keras.utils.PyDataset):
    """Batches filled up with rows of padding until their number is a multiple.

    Args:
        batches: whose arrays all have the batch as their first axis, and whose filling has weights of 0.
        multiple: of which the number of rows shall be one.
    """

    def __init__(self, batches: Any, multiple: int):
        super().__init__()
        if not isinstance(batches, Batches):
            raise TypeError(
                "Several devices can share batches of separate examples (zoo.data.batching.Batches). Received: "
                f"{type(batches).__name__}. Train on one device: leave the strategy out."
            )
        self.batches, self.multiple = batches, multiple

    @property
    def epoch(self) -> int:
        """As of the batches."""
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


def described(model: keras.Model, devices: int) -> str:
    """On what a model is trained, and how, on one line."""
    kinds = {"gpu": "GPU", "cuda": "GPU", "tpu": "TPU"}
    found = [name.split(":")[0].lower() for name in keras.distribution.list_devices()]
    kind = next((kinds[name] for name in found if name in kinds), "CPU")
    shared = f"{devices} {kind}s" if devices > 1 else f"one {kind}"
    compiled = "on" if model.jit_compile else "off"
    return f"{keras.backend.backend()} on {shared}, {model.dtype_policy.name}, XLA {compiled}"
