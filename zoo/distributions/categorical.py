from dataclasses import dataclass

import numpy as np
from keras import ops

from zoo.distributions.distribution import Distribution
from zoo.ops.logits import forbid
from zoo.special_ids import END, PAD, START


@dataclass(frozen=True)
class Categorical(Distribution):
    """One of V tokens, by unnormalised log-probabilities (logits).

        p(y) = softmax(scores)[y]
        loss = (1 - e) (-log p(y)) + e (-1/(V - 2) sum_v log p(v)),    e = label_smoothing, v all but padding and start

    Padding and start (`zoo.special_ids`) are never emitted, so smoothing gives them nothing.

    Args:
        size: V, the special ids included.
        label_smoothing: share of the target's mass that the loss spreads over all tokens that can be emitted.
    Shapes:
        scores (..., V), values (...) int32, uniform (...).
    Raises:
        ValueError: a label_smoothing outside [0, 1).
    Reference: Szegedy et al. 2016, arXiv:1512.00567, section 7 (label smoothing). Differs: over V - 2 of V tokens.
    """

    size: int
    label_smoothing: float = 0.0

    features = None
    noise_shape = ()
    padding = PAD

    def __post_init__(self):
        if not 0 <= self.label_smoothing < 1:
            raise ValueError(f"`label_smoothing` is a share in [0, 1). Received: {self.label_smoothing}")

    def start(self, batch_size):
        return ops.full((batch_size,), START, dtype="int32")

    def is_observed(self, values):
        return ops.not_equal(values, PAD)

    def is_end(self, values):
        return ops.equal(values, END)

    def mask_special(self, scores):
        """Return the scores without padding and start, which no decoder emits: (..., V) float32."""
        columns = ops.arange(ops.shape(scores)[-1], dtype="int32")
        never = ops.logical_or(columns == PAD, columns == START)
        return forbid(ops.cast(scores, "float32"), never)

    def log_prob(self, scores, values):
        picked = ops.take_along_axis(self.log_probs(scores), ops.expand_dims(ops.cast(values, "int32"), -1), axis=-1)
        return ops.squeeze(picked, -1)

    def log_probs(self, scores):
        """Return log p of every token: (..., V) float32."""
        return ops.log_softmax(ops.cast(scores, "float32"), axis=-1)

    def loss(self, scores, values):
        if not self.label_smoothing:
            return -self.log_prob(scores, values)
        shares = np.full(self.size, 1 / (self.size - 2), "float32")
        shares[[PAD, START]] = 0
        uniform = -ops.sum(ops.multiply(self.log_probs(scores), shares), axis=-1)
        return (1 - self.label_smoothing) * -self.log_prob(scores, values) + self.label_smoothing * uniform

    def sample(self, scores, uniform):
        return sample_index(scores, uniform)

    def mode(self, scores):
        return ops.cast(ops.argmax(scores, axis=-1), "int32")


def sample_index(logits, uniform):
    """Draw an index by inverting the cumulative probabilities; those of probability 0 are never drawn.

    Args:
        logits: (..., V).
        uniform: (...), in [0, 1).
    Returns:
        (...) int32.
    """
    probabilities = ops.softmax(ops.cast(logits, "float32"), axis=-1)
    cumulative = ops.cumsum(probabilities, axis=-1)
    # Just below the total, which rounding may leave a little off 1: there is no index beyond the last.
    threshold = ops.expand_dims(uniform, -1) * cumulative[..., -1:] * (1 - 1e-5)
    # A parallel sum rounds each partial sum by itself: it may grow where nothing is added.
    is_beyond = ops.logical_and(cumulative > threshold, probabilities > 0)
    return ops.cast(ops.argmax(ops.cast(is_beyond, "int32"), axis=-1), "int32")
