"""Cross-entropy as a metric: the mean over real steps of an epoch, whatever the batches are.

Keras weighs the loss of a batch by its rows, also by those that only fill it up, and not by how many steps are real.
"""

import keras
from keras import ops

from zoo.training.metrics.step_accuracy import flat_weights, flatten


@keras.saving.register_keras_serializable(package="zoo")
class StepCrossEntropy(keras.metrics.SparseCategoricalCrossentropy):
    """Mean negative log-likelihood of the true class, in nats per real step.

        nats = sum_i w_i (-log p_i[y_i]) / sum_i w_i,    i over all steps of all batches

    Shapes:
        y_true (B, S) or (B,) int, y_pred (B, S, C) or (B, C) probabilities, sample_weight as y_true: 1 real, 0 padding.
    """

    def __init__(self, name: str = "nats", dtype=None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        probabilities = ops.reshape(y_pred, (-1, y_pred.shape[-1]))  # (B S, C)
        return super().update_state(flatten(y_true), probabilities, sample_weight=flat_weights(y_pred, sample_weight))

    def get_config(self):
        return {"name": self.name, "dtype": self.dtype}


@keras.saving.register_keras_serializable(package="zoo")
class StepBinaryCrossEntropy(keras.metrics.BinaryCrossentropy):
    """Mean negative log-likelihood of K yes/no answers a step, in nats per answer.

    Shapes:
        y_true, y_pred (B, S, K), sample_weight (B, S): 1 real, 0 padding.
    """

    def __init__(self, name: str = "nats", dtype=None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        flat = [ops.reshape(y, (-1, y_pred.shape[-1])) for y in (y_true, y_pred)]  # (B S, K)
        return super().update_state(*flat, sample_weight=flat_weights(y_pred, sample_weight))

    def get_config(self):
        return {"name": self.name, "dtype": self.dtype}
