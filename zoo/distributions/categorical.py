from dataclasses import dataclass

import numpy as np
from keras import ops

from zoo.ops.logits import forbid


@dataclass(frozen=True)
class Categorical:
    """One of V tokens, by unnormalised log-probabilities.

        p(y) = softmax(scores)[y]
        loss = (1 - e) (-log p(y)) + e (-1/(V - 2) sum_v log p(v)),    e = label_smoothing, v all but padding and start

    Ids 0 to 3 are those of every vocabulary: padding, unknown, start, end. Padding and start are never emitted, so
    smoothing gives them nothing.

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

    PAD, START, END = 0, 2, 3
    noise_shape = ()
    features = None
    has_copy_ids = False  # whether sources offer more than these V, see `zoo.distributions.copy_categorical`

    def __post_init__(self):
        if not 0 <= self.label_smoothing < 1:
            raise ValueError(f"`label_smoothing` is a share in [0, 1). Received: {self.label_smoothing}")

    def start(self, batch_size):
        return ops.full((batch_size,), self.START, dtype="int32")

    def is_observed(self, values):
        return ops.not_equal(values, self.PAD)

    def is_end(self, values):
        return ops.equal(values, self.END)

    def mask_special(self, scores):
        """The scores with padding and start ruled out, which no decoder says: (..., V) float32."""
        columns = ops.arange(ops.shape(scores)[-1], dtype="int32")
        never = ops.logical_or(columns == self.PAD, columns == self.START)
        return forbid(ops.cast(scores, "float32"), never)

    def log_prob(self, scores, values):
        picked = ops.take_along_axis(self.log_probs(scores), ops.expand_dims(ops.cast(values, "int32"), -1), axis=-1)
        return ops.squeeze(picked, -1)

    def log_probs(self, scores):
        """log p of every token: (..., V) float32."""
        return ops.log_softmax(ops.cast(scores, "float32"), axis=-1)

    def loss(self, scores, values):
        if not self.label_smoothing:
            return -self.log_prob(scores, values)
        shares = np.full(self.size, 1 / (self.size - 2), "float32")
        shares[[self.PAD, self.START]] = 0
        uniform = -ops.sum(ops.multiply(self.log_probs(scores), shares), axis=-1)
        return (1 - self.label_smoothing) * -self.log_prob(scores, values) + self.label_smoothing * uniform

    def sample(self, scores, uniform):
        """The inverse of the cumulated probabilities at `uniform`; tokens of probability 0 are never drawn."""
        probabilities = ops.softmax(ops.cast(scores, "float32"), axis=-1)
        mass = ops.cumsum(probabilities, axis=-1)
        # Just below the total, which rounding may leave a little off 1: what lies beyond the last token is no token.
        reach = ops.expand_dims(uniform, -1) * mass[..., -1:] * (1 - 1e-5)
        # Sums in parallel round each by itself: the mass may move where nothing is added, and is no place to stop.
        reached = ops.logical_and(mass > reach, probabilities > 0)
        return ops.cast(ops.argmax(ops.cast(reached, "int32"), axis=-1), "int32")

    def mode(self, scores):
        return ops.cast(ops.argmax(scores, axis=-1), "int32")

    def with_temperature(self, scores, temperature):
        return scores / temperature
