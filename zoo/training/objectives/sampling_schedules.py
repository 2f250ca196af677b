"""How likely the truth is to be fed in scheduled sampling, by the number of updates so far."""

from dataclasses import dataclass

from keras import ops


@dataclass(frozen=True)
class Linear:
    """p(i) = max(end, begin - (begin - end) i / steps)"""

    steps: int = 10_000
    begin: float = 1.0
    end: float = 0.0

    def __call__(self, update):
        share = ops.cast(update, "float32") / self.steps
        return self.begin - (self.begin - self.end) * ops.minimum(share, 1.0)


@dataclass(frozen=True)
class Exponential:
    """p(i) = max(end, k^i), k < 1"""

    k: float = 0.9995
    end: float = 0.0

    def __call__(self, update):
        return ops.maximum(ops.power(self.k, ops.cast(update, "float32")), self.end)


@dataclass(frozen=True)
class InverseSigmoid:
    """p(i) = max(end, k / (k + e^(i / k))), k >= 1: half at update k ln k."""

    k: float = 1000.0
    end: float = 0.0

    def __call__(self, update):
        # As a sigmoid: e^(i/k) alone would overflow.
        chance = ops.sigmoid(ops.log(ops.cast(self.k, "float32")) - ops.cast(update, "float32") / self.k)
        return ops.maximum(chance, self.end)
