"""Schedules of scheduled sampling: the probability of the true token by the number of updates."""

from dataclasses import dataclass

import numpy as np
from keras import ops


@dataclass(frozen=True)
class Linear:
    """p(i) = max(floor, begin - (begin - floor) i / steps)"""

    steps: int = 10_000
    begin: float = 1.0
    floor: float = 0.0

    def __call__(self, update):
        share = ops.cast(update, "float32") / self.steps
        return self.begin - (self.begin - self.floor) * ops.minimum(share, 1.0)


@dataclass(frozen=True)
class Exponential:
    """p(i) = max(floor, k^i), k < 1"""

    k: float = 0.9995
    floor: float = 0.0

    def __call__(self, update):
        return ops.maximum(ops.power(self.k, ops.cast(update, "float32")), self.floor)


@dataclass(frozen=True)
class InverseSigmoid:
    """p(i) = max(floor, k / (k + e^(i / k))), k >= 1: half at update k ln k."""

    k: float = 1000.0
    floor: float = 0.0

    def __call__(self, update):
        # As a sigmoid: e^(i/k) alone would overflow.
        chance = ops.sigmoid(ops.log(ops.cast(self.k, "float32")) - ops.cast(update, "float32") / self.k)
        return ops.maximum(chance, self.floor)


def _half_at(update: float) -> float:
    """k of an inverse sigmoid that is 1/2 at this update: k ln k = update."""
    k = 2.0
    for _ in range(50):  # Newton's method
        k = max(1.0, k - (k * np.log(k) - update) / (np.log(k) + 1))
    return float(k)


# By name, from the updates until little of the input is true, and the least share of it: see `make_objective`.
SAMPLING_SCHEDULES = {
    "linear": lambda updates, floor: Linear(steps=updates, floor=floor),
    "exponential": lambda updates, floor: Exponential(0.5 ** (2 / updates), floor),
    "inverse_sigmoid": lambda updates, floor: InverseSigmoid(_half_at(updates / 2), floor),
}
