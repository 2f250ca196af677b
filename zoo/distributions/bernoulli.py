from dataclasses import dataclass

from keras import ops

from zoo.distributions.distribution import Distribution


@dataclass(frozen=True)
class Bernoulli(Distribution):
    """Several independent yes or no at once: the keys of a chord, the pixels of a row.

        p(y) = prod_k sigmoid(scores_k)^y_k (1 - sigmoid(scores_k))^(1 - y_k)

    A sequence begins after a step of zeros and has no end of its own. Missing steps of a prefix are padded with -1.

    Args:
        size: how many yes or no a step has.
    Shapes:
        scores (..., size), values (..., size) float32 of 0 and 1, uniform (..., size); log_prob (...): the sum over
        a step's answers, nats.
    """

    size: int

    padding = -1.0

    @property
    def features(self):
        return self.size

    @property
    def noise_shape(self):
        return (self.size,)

    def log_prob(self, scores, values):
        scores, values = ops.cast(scores, "float32"), ops.cast(values, "float32")
        # log sigmoid(s) = -softplus(-s) and log(1 - sigmoid(s)) = -softplus(s), which never overflow.
        return ops.sum(values * scores - ops.softplus(scores), axis=-1)

    def sample(self, scores, uniform):
        return ops.cast(uniform < ops.sigmoid(ops.cast(scores, "float32")), "float32")

    def mode(self, scores):
        return ops.cast(scores > 0, "float32")
