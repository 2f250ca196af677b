"""Accuracy over real steps, every step alike, across batches of different lengths.

Keras' own accuracy first takes a mean over the steps of each example: within a batch that is the same, but a step of a
batch padded to 10 then weighs four times one of a batch padded to 40.
"""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="zoo")
class StepAccuracy(keras.metrics.SparseCategoricalAccuracy):
    """The share of steps whose likeliest class is the true one.

    Shapes:
        y_true (B, S) or (B,) int, y_pred (B, S, C) or (B, C), sample_weight as y_true: 1 real, 0 padding.
    """

    def __init__(self, name: str = "accuracy", dtype=None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        flat = ops.reshape(y_pred, (-1, y_pred.shape[-1]))
        return super().update_state(_flat(y_true), flat, sample_weight=_flat(sample_weight))


@keras.saving.register_keras_serializable(package="zoo")
class StepBinaryAccuracy(keras.metrics.BinaryAccuracy):
    """The share of yes/no answers on the right side of one half.

    Shapes:
        y_true, y_pred (B, S, K), sample_weight (B, S): 1 real, 0 padding.
    """

    def __init__(self, name: str = "accuracy", dtype=None, threshold: float = 0.5):
        super().__init__(name=name, dtype=dtype, threshold=threshold)

    def update_state(self, y_true, y_pred, sample_weight=None):
        width = y_pred.shape[-1]
        flat = [ops.reshape(y, (-1, width)) for y in (y_true, y_pred)]
        return super().update_state(*flat, sample_weight=_flat(sample_weight))


def _flat(values):
    return None if values is None else ops.reshape(values, (-1,))
