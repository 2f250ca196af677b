"""What rewards are measured against, that the estimated gradient varies less. None changes its mean.

A baseline is a layer with `measure(rollout) -> (b, loss)`: b broadcasts to (B, N, T) and is a constant, the loss is
what the baseline itself learns from (0 if nothing). It is built with the shape of the hidden states.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from zoo.backend.replicas import all_reduce_sum


@dataclass(frozen=True)
class Rollout:
    """What was sampled: N outputs for each of B examples.

    Args:
        rewards: (B, N).
        hidden: (B, N, T, U), what the scores of each step were made from.
        real: (B, N, T), 1 where a token was said.
        rows: (B,), 1 for real examples.
        greedy: () -> (B,), the rewards of greedy outputs.
    """

    rewards: Any
    hidden: Any
    real: Any
    rows: Any
    greedy: Callable[[], Any]

    def mean(self):
        """Of the rewards of real examples."""
        return all_reduce_sum(ops.mean(self.rewards, axis=1) * self.rows) / ops.maximum(all_reduce_sum(self.rows), 1.0)


class NoBaseline(keras.layers.Layer):
    """b = 0: plain REINFORCE."""

    def measure(self, rollout):
        return ops.zeros((1, 1, 1), dtype="float32"), 0.0


class MovingAverage(keras.layers.Layer):
    """b = m_i,   m_{i+1} = d m_i + (1 - d) mean R,   m_0 = the mean of the first batch.

    In that first batch b is made of the rewards it is taken from, which shrinks its one update by 1 part in B N.

    Reference: Bello et al. 2016, arXiv:1611.09940, section 4 (d = 0.99).
    """

    def __init__(self, decay: float = 0.99, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= decay < 1:
            raise ValueError(f"`decay` lies in [0, 1). Received: {decay}")
        self.decay = decay

    def build(self, hidden_shape):
        self.average = self.add_weight(shape=(), initializer="zeros", trainable=False, name="average")
        self.begun = self.add_weight(shape=(), initializer="zeros", trainable=False, name="begun")

    def measure(self, rollout):
        mean = rollout.mean()
        now = ops.where(self.begun > 0, ops.convert_to_tensor(self.average), mean)
        self.average.assign(self.decay * now + (1 - self.decay) * mean)
        self.begun.assign(ops.ones(()))
        return ops.reshape(now, (1, 1, 1)), 0.0


class SelfCritical(keras.layers.Layer):
    """b = the reward of the same example's greedy output: what beats it is made likelier.

    Reference: Rennie et al. 2017, arXiv:1612.00563.
    """

    def measure(self, rollout):
        return ops.reshape(rollout.greedy(), (-1, 1, 1)), 0.0


class OtherSamples(keras.layers.Layer):
    """b_n = the mean reward of the same example's other samples; needs two or more.

    Reference: Kool et al. 2019, "Buy 4 REINFORCE samples, get a baseline for free!".
    """

    def measure(self, rollout):
        count = rollout.rewards.shape[1]
        if count < 2:
            raise ValueError(f"The baseline other_samples needs samples >= 2. Received: samples={count}")
        others = (ops.sum(rollout.rewards, axis=1, keepdims=True) - rollout.rewards) / (count - 1)
        return ops.expand_dims(others, -1), 0.0


class Learned(keras.layers.Layer):
    """b_t = w h_t + c, fitted to the rewards by squares; h_t is the hidden state, which learns nothing from it.

    Reference: Ranzato et al. 2016, arXiv:1511.06732, section 3.2.1.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.regression = keras.layers.Dense(1, kernel_initializer="zeros", name="regression")

    def build(self, hidden_shape):
        self.regression.build(hidden_shape)

    def measure(self, rollout):
        guessed = ops.squeeze(self.regression(ops.cast(ops.stop_gradient(rollout.hidden), "float32")), -1)
        real = rollout.real * ops.reshape(rollout.rows, (-1, 1, 1))
        missed = ops.square(guessed - ops.expand_dims(rollout.rewards, -1)) * real
        return ops.stop_gradient(guessed), ops.sum(missed) / ops.maximum(all_reduce_sum(real), 1.0)


BASELINES = {
    "none": NoBaseline,
    "moving_average": MovingAverage,
    "self_critical": SelfCritical,
    "other_samples": OtherSamples,
    "learned": Learned,
}
