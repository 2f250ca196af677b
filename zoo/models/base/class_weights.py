"""Weights of classes: how much an example, or a step of one, counts in training by the class it belongs to."""

from collections.abc import Iterable, Mapping
from typing import Any

import keras
import numpy as np


def balanced_class_weights(targets: Iterable[Any]) -> dict[int, float]:
    """Return the weights by which every class counts as much as any other, scikit-learn's "balanced".

        weight_c = n / (C n_c),    n_c of the n examples (or steps) are of class c, C classes occur

    Args:
        targets: of every example its class, or the classes of its steps; negative ones are left out.
    Raises:
        ValueError: no targets, or targets that are no classes.
    """
    arrays = [np.ravel(target) for target in targets]
    classes = _classes(np.concatenate(arrays) if arrays else np.zeros(0, "int32"))
    present, counts = np.unique(classes[classes >= 0], return_counts=True)
    if not len(present):
        raise ValueError("Class weights need at least one target with a class. Received: none")
    weights = counts.sum() / (len(present) * counts)
    return {int(number): float(weight) for number, weight in zip(present, weights, strict=True)}


def class_sample_weights(targets: Any, class_weight: Mapping[int, float], sample_weight: Any) -> np.ndarray:
    """Return the weight of every example or step: its own, times that of its class.

        w_i <- w_i class_weight[y_i],    1 for a class without an entry

    Args:
        class_weight: weights by class, at least 0.
    Shapes:
        sample_weight (B,) or (B, S); targets of the same shape, or with one more axis, of one number or one-hot
        -> as sample_weight, float32.
    Raises:
        ValueError: targets or class weights that are none.
    """
    _check(class_weight)
    weights, targets = np.asarray(sample_weight, "float32"), np.asarray(targets)
    if targets.ndim == weights.ndim + 1:
        if targets.shape[-1] > 1 and not _is_one_hot(targets[weights > 0]):
            raise ValueError(
                "Class weights need one class for each weight, and several hold at once here. Received: targets of "
                f"shape {targets.shape} that are not one-hot, weights of shape {weights.shape}"
            )
        targets = targets[..., 0] if targets.shape[-1] == 1 else targets.argmax(-1)
    if targets.shape != weights.shape:
        raise ValueError(
            f"Class weights need one class for each weight. Received: targets of shape {targets.shape}, weights of "
            f"shape {weights.shape}"
        )
    present, index = np.unique(_classes(targets), return_inverse=True)
    table = np.array([class_weight.get(int(number), 1.0) for number in present], "float32")
    return weights * table[index.reshape(weights.shape)]


class ClassWeighted(keras.utils.PyDataset):
    """Batches whose weights are multiplied by those of their classes, see `class_sample_weights`.

    Keras takes no `class_weight` beside batches with weights, as those of `zoo.data` have them. The models of this
    library that classify do (`fit(batches, class_weight=...)`); any other one is given these batches instead.

    Args:
        batches: of inputs, targets and weights.
        class_weight: weights by class.
    Raises:
        ValueError: class weights that are none.
    """

    def __init__(self, batches: keras.utils.PyDataset, class_weight: Mapping[int, float]):
        _check(class_weight)
        super().__init__(batches.workers, batches.use_multiprocessing, batches.max_queue_size)
        self.batches, self.class_weight = batches, dict(class_weight)

    @property
    def num_batches(self) -> int | None:
        """Return the number of batches."""
        return self.batches.num_batches

    def __getitem__(self, index: int) -> tuple:
        inputs, targets, weights = self.batches[index]
        return inputs, targets, class_sample_weights(targets, self.class_weight, weights)

    def on_epoch_begin(self) -> None:
        self.batches.on_epoch_begin()

    def on_epoch_end(self) -> None:
        self.batches.on_epoch_end()


def _check(class_weight: Any) -> None:
    if not isinstance(class_weight, Mapping) or not all(
        isinstance(number, int | np.integer) and isinstance(weight, int | float | np.number) and weight >= 0
        for number, weight in class_weight.items()
    ):
        raise ValueError(
            "class_weight is a dict of numbers, at least 0, by the number of a class. "
            f"Received: {class_weight!r}. zoo.models.base.class_weights.balanced_class_weights(targets) makes one."
        )


def _classes(targets: np.ndarray) -> np.ndarray:
    classes = targets.astype("int64") if targets.dtype.kind in "biuf" else None
    if classes is None or not (classes == targets).all():
        raise ValueError(
            "Class weights need classes, numbered from 0. Received: targets such as "
            f"{targets.ravel()[:3].tolist()}. Encode names by a vocabulary of labels; numbers to predict have no class."
        )
    return classes


def _is_one_hot(rows: np.ndarray) -> bool:
    return bool(np.isin(rows, (0, 1)).all() and (rows.sum(-1) == 1).all())
