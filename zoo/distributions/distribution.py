from typing import Any

from keras import ops


class Distribution:
    """Base class of output distributions, p(y_t | scores_t).

    A subclass is a frozen dataclass with `size`, `log_prob`, `sample` and `mode`, and what differs from the defaults
    here, which are those of frames of numbers without an end. Scores may be those of one step or of all steps.

    Attributes:
        size: width of the scores' last axis.
        features: numbers in one value (a frame); None for a token, which is one id.
        noise_shape: shape of the uniform numbers that one sample needs; they are drawn before a loop, never inside.
        padding: the value of steps that a target or prefix lacks.
        has_copy_ids: whether a source adds ids to the first `size`, see `zoo.distributions.copy_categorical`.
    """

    size: Any
    features: Any
    noise_shape: Any
    padding: float = 0.0
    has_copy_ids = False

    def start(self, batch_size):
        """Return the value before the first one: (B, features) of zeros."""
        return ops.zeros((batch_size, self.features), dtype="float32")

    def as_input(self, values):
        """Return the numbers by which values enter the next step."""
        return values

    def is_observed(self, values):
        """Return which values are real and not padding: (..., features) -> (...)."""
        return ops.all(values > self.padding / 2, axis=-1)

    def is_end(self, values):
        """Return whether each value ends its sequence: (..., features) -> (...)."""
        return ops.zeros(ops.shape(values)[:-1], dtype="bool")

    def log_prob(self, scores, values):
        """Return log p(value), float32, nats."""
        raise NotImplementedError

    def loss(self, scores, values):
        """Return what training minimizes, -log p(value) unless the distribution defines another loss."""
        return -self.log_prob(scores, values)

    def sample(self, scores, uniform):
        """Return a value drawn by uniform numbers in [0, 1)."""
        raise NotImplementedError

    def mode(self, scores):
        """Return the most probable value."""
        raise NotImplementedError

    def with_temperature(self, scores, temperature):
        """Return the scores at another temperature: a sharper distribution below 1, a flatter one above."""
        return scores / temperature
