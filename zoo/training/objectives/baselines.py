"""Baselines of REINFORCE, which lower the variance of the estimated gradient and do not change its mean.

A baseline is a layer with `measure(rollout) -> (b, loss)`: b broadcasts to (B, N, T) and is a constant, the loss trains
the baseline itself (0 if it has no weights). It is built with the shape of the hidden states.
"""

import keras
from keras import ops

from zoo.backend.replicas import all_reduce_sum


class NoBaseline(keras.layers.Layer):
    """b = 0: plain REINFORCE."""

    def measure(self, rollout):
        return ops.zeros((1, 1, 1), dtype="float32"), 0.0


class MovingAverage(keras.layers.Layer):
    """b = m_i,   m_{i+1} = d m_i + (1 - d) mean R,   m_0 = the mean of the first batch.

    In the first batch b contains the rewards themselves, which shrinks that one update by 1 part in B N.

    Reference: Bello et al. 2016, arXiv:1611.09940, section 4 (d = 0.99).
    """

    def __init__(self, decay: float = 0.99, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= decay < 1:
            raise ValueError(f"`decay` lies in [0, 1). Received: {decay}")
        self.decay = decay

    def build(self, hidden_shape):
        self.average = self.add_weight(shape=(), initializer="zeros", trainable=False, name="average")
        self.is_started = self.add_weight(shape=(), initializer="zeros", trainable=False, name="is_started")

    def measure(self, rollout):
        mean = rollout.mean_reward()
        average = ops.where(self.is_started > 0, ops.convert_to_tensor(self.average), mean)
        self.average.assign(self.decay * average + (1 - self.decay) * mean)
        self.is_started.assign(ops.ones(()))
        return ops.reshape(average, (1, 1, 1)), 0.0


class SelfCritical(keras.layers.Layer):
    """b = the reward of the greedy output of the same example.

    Reference: Rennie et al. 2017, arXiv:1612.00563.
    """

    def measure(self, rollout):
        return ops.reshape(rollout.greedy_rewards(), (-1, 1, 1)), 0.0


class OtherSamples(keras.layers.Layer):
    """b_n = the mean reward of the other samples of the same example; needs two or more.

    Reference: Kool et al. 2019, "Buy 4 REINFORCE samples, get a baseline for free!".
    """

    def measure(self, rollout):
        count = rollout.rewards.shape[1]
        if count < 2:
            raise ValueError(f"The baseline other_samples needs samples >= 2. Received: samples={count}")
        others = (ops.sum(rollout.rewards, axis=1, keepdims=True) - rollout.rewards) / (count - 1)
        return ops.expand_dims(others, -1), 0.0


class Learned(keras.layers.Layer):
    """b_t = w h_t + c, fitted to the rewards by least squares; no gradient reaches the hidden state h_t.

    Reference: Ranzato et al. 2016, arXiv:1511.06732, section 3.2.1.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.regression = keras.layers.Dense(1, kernel_initializer="zeros", name="regression")

    def build(self, hidden_shape):
        self.regression.build(hidden_shape)

    def measure(self, rollout):
        predicted = ops.squeeze(self.regression(ops.cast(ops.stop_gradient(rollout.hidden), "float32")), -1)
        mask = rollout.mask * ops.reshape(rollout.example_mask, (-1, 1, 1))  # (B, N, T)
        errors = ops.square(predicted - ops.expand_dims(rollout.rewards, -1)) * mask
        return ops.stop_gradient(predicted), ops.sum(errors) / ops.maximum(all_reduce_sum(mask), 1.0)


BASELINES = {
    "none": NoBaseline,
    "moving_average": MovingAverage,
    "self_critical": SelfCritical,
    "other_samples": OtherSamples,
    "learned": Learned,
}
