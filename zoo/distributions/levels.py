from dataclasses import dataclass

from keras import ops


@dataclass(frozen=True)
class Levels:
    """One of `size` levels: how bright a pixel is. Every level has a probability of its own, and none is special.

        p(y) = softmax(scores)[y]

    A sequence begins after a step of level 0 and has no end of its own; missing steps of a prefix are padded with
    -1. What was said comes in again as a number from 0 to 1.

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

    has_copy_ids = False
    features = 1
    noise_shape = ()
    PAD = -1.0

    def __post_init__(self):
        if self.size < 2:
            raise ValueError(f"There are at least 2 levels. Received: {self.size}")

    def start(self, batch_size):
        return ops.zeros((batch_size, 1), dtype="float32")

    def as_input(self, values):
        return values / (self.size - 1)

    def is_observed(self, values):
        return ops.all(values >= 0, axis=-1)

    def is_end(self, values):
        return ops.zeros(ops.shape(values)[:-1], dtype="bool")

    def log_prob(self, scores, values):
        found = ops.clip(ops.cast(values, "int32"), 0, self.size - 1)  # padding is no level, and counts nothing
        log_probs = ops.log_softmax(ops.cast(scores, "float32"), axis=-1)
        return ops.sum(ops.take_along_axis(log_probs, found, axis=-1), axis=-1)

    def loss(self, scores, values):
        return -self.log_prob(scores, values)

    def sample(self, scores, uniform):
        """The inverse of the cumulated probabilities at `uniform`; levels of probability 0 are never drawn."""
        probabilities = ops.softmax(ops.cast(scores, "float32"), axis=-1)
        mass = ops.cumsum(probabilities, axis=-1)
        # As in `Categorical`: just below a total that rounding may leave a little off 1, and never where nothing is.
        reach = ops.expand_dims(uniform, -1) * mass[..., -1:] * (1 - 1e-5)
        reached = ops.logical_and(mass > reach, probabilities > 0)
        return self._level(ops.cast(reached, "int32"))

    def mode(self, scores):
        return self._level(scores)

    def with_temperature(self, scores, temperature):
        return scores / temperature

    def _level(self, numbers):
        """The place of the (first) largest number, as a frame."""
        return ops.cast(ops.expand_dims(ops.argmax(numbers, axis=-1), -1), "float32")
