"""Accuracy over real steps, every step alike, across batches of different lengths.

Keras' own accuracy first takes a mean over the steps of each example: within a batch that is the same, but a step of a
batch padded to 10 then weighs four times one of a batch padded to 40.
"""

import keras
from keras import ops
from keras.src.backend import get_keras_mask

from zoo.ops.masking import weights_like


@keras.saving.register_keras_serializable(package="zoo")
class StepAccuracy(keras.metrics.SparseCategoricalAccuracy):
    """The share of steps whose likeliest class is the true one.

    Shapes:
        y_true (B, S) or (B,) int, y_pred (B, S, C) or (B, C), sample_weight as y_true or (B,): 1 real, 0 padding. What
        the mask of y_pred leaves out, if it carries Keras' own, is padding, too.
    """

    def __init__(self, name: str = "accuracy", dtype=None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        flat = ops.reshape(y_pred, (-1, y_pred.shape[-1]))
        return super().update_state(flatten(y_true), flat, sample_weight=flat_weights(y_pred, sample_weight))


@keras.saving.register_keras_serializable(package="zoo")
class StepBinaryAccuracy(keras.metrics.BinaryAccuracy):
    """The share of yes/no answers on the right side of one half.

    Shapes:
        y_true, y_pred (B, S, K), sample_weight (B, S) or (B,): 1 real, 0 padding. What the mask of y_pred leaves out,
        if it carries Keras' own, is padding, too.
    """

    def __init__(self, name: str = "accuracy", dtype=None, threshold: float = 0.5):
        super().__init__(name=name, dtype=dtype, threshold=threshold)

    def update_state(self, y_true, y_pred, sample_weight=None):
        width = y_pred.shape[-1]
        flat = [ops.reshape(y, (-1, width)) for y in (y_true, y_pred)]
        return super().update_state(*flat, sample_weight=flat_weights(y_pred, sample_weight))


def flatten(values):
    """Return the entries of all steps on one axis."""
    return ops.reshape(values, (-1,))


def flat_weights(y_pred, sample_weight=None):
    """Return the weights of all steps on one axis: `sample_weight` times Keras' own mask of y_pred, 1 without both.

    Shapes:
        y_pred (B, S, C) or (B, C), sample_weight (B, S) or (B,) -> (B S,) or (B,).
    """
    return flatten(weights_like(ops.cast(y_pred[..., 0], "float32"), sample_weight, get_keras_mask(y_pred)))
