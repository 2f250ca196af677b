from dataclasses import dataclass

from keras import ops

from zoo.distributions.categorical import sample_index
from zoo.distributions.distribution import Distribution


@dataclass(frozen=True)
class Levels(Distribution):
    """One of `size` levels: how bright a pixel is. Every level has a probability of its own, and none is special.

        p(y) = softmax(scores)[y]

    A sequence begins after a step of level 0 and has no end of its own; missing steps of a prefix are padded with
    -1. The value before comes in again as a number from 0 to 1.

    Args:
        size: how many levels there are.
    Shapes:
        scores (..., size), values (..., 1) float32 of whole numbers from 0 to size - 1, uniform (...); log_prob (...),
        nats.
    Raises:
        ValueError: fewer than 2 levels.
    Reference: van den Oord et al. 2016, arXiv:1601.06759, section 2.2 (pixels as discrete variables).
    """

    size: int = 256

    features = 1
    noise_shape = ()
    padding = -1.0

    def __post_init__(self):
        if self.size < 2:
            raise ValueError(f"There are at least 2 levels. Received: {self.size}")

    def as_input(self, values):
        return values / (self.size - 1)

    def log_prob(self, scores, values):
        levels = ops.clip(ops.cast(values, "int32"), 0, self.size - 1)  # padding is no level, and counts nothing
        log_probs = ops.log_softmax(ops.cast(scores, "float32"), axis=-1)
        return ops.sum(ops.take_along_axis(log_probs, levels, axis=-1), axis=-1)

    def sample(self, scores, uniform):
        return ops.cast(ops.expand_dims(sample_index(scores, uniform), -1), "float32")

    def mode(self, scores):
        return ops.cast(ops.expand_dims(ops.argmax(scores, axis=-1), -1), "float32")
