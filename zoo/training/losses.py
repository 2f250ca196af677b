"""Means over what is real, of models whose loss is one of Keras' own."""

import keras
from keras import ops
from keras.src.backend import get_keras_mask

from zoo.backend.replicas import all_reduce_sum
from zoo.ops.masking import weights_like


@keras.saving.register_keras_serializable(package="zoo")
class WeightedMean(keras.losses.Loss):
    """The mean of one of Keras' losses over all that has a weight, wherever a batch's rows lie.

        L = sum_i w_i l_i / sum_i w_i,    i over the whole batch

    On one device this is Keras' `reduction="mean_with_sample_weight"`. On several replicas Keras would take the mean of
    each one's mean, which is another number where they hold different numbers of real steps.

    Args:
        loss: a keras.losses.Loss of reduction "none".
    Shapes:
        y_true, y_pred as of that loss; sample_weight of the shape of its values, 1 real and 0 padding, or of their
        first axes, or None. What the mask of y_pred leaves out, if it carries Keras' own, has weight 0.
    """

    def __init__(self, loss: keras.losses.Loss, name: str = "weighted_mean"):
        super().__init__(name=name, reduction="sum")
        if loss.reduction not in (None, "none"):
            raise ValueError(
                f"WeightedMean reduces by itself: give a loss of reduction='none'. Received: {loss.reduction!r}"
            )
        self.loss = loss

    def call(self, y_true, y_pred):
        return self.loss(y_true, y_pred)

    def __call__(self, y_true, y_pred, sample_weight=None):
        values = self.call(ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred))
        weights = weights_like(values, sample_weight, get_keras_mask(y_pred))
        return ops.sum(values * weights) / ops.maximum(all_reduce_sum(weights), 1e-9)

    def get_config(self):
        return {"name": self.name, "loss": keras.losses.serialize(self.loss)}

    @classmethod
    def from_config(cls, config):
        return cls(keras.losses.deserialize(config["loss"]), name=config["name"])
