from dataclasses import dataclass

from keras import ops

from zoo.distributions.categorical import sample_index
from zoo.distributions.distribution import Distribution
from zoo.distributions.gaussian import ABSENT, log_normal, log_scale, normal, scale_by_temperature


@dataclass(frozen=True)
class Mixture(Distribution):
    """Several numbers at once that come from one of K components: a mixture density network.

        p(y) = sum_k pi_k prod_d N(y_d; mu_kd, sigma_kd),    pi = softmax(scores of the components)

    scores hold the components' weights, then all mu, then all s, whose sigma is as in `zoo.distributions.gaussian`.
    Within a component the numbers are independent; together they are not.

    Args:
        features: how many numbers a step has.
        components: K.
    Shapes:
        scores (..., K + 2 K features), values (..., features) float32, uniform (..., 1 + features); log_prob (...).
    Raises:
        ValueError: fewer than one component.
    Reference: Bishop 1994, Mixture Density Networks.
    """

    features: int
    components: int = 10

    padding = ABSENT

    def __post_init__(self):
        if self.components < 1:
            raise ValueError(f"A mixture has at least one component. Received: {self.components}")

    @property
    def size(self):
        return self.components * (1 + 2 * self.features)

    @property
    def noise_shape(self):
        return (1 + self.features,)

    def log_prob(self, scores, values):
        weights, means, raw = self._parts(scores)
        values = ops.expand_dims(ops.cast(values, "float32"), -2)
        each = ops.sum(log_normal(values, means, log_scale(raw)), axis=-1)
        return ops.logsumexp(ops.log_softmax(weights, axis=-1) + each, axis=-1)

    def sample(self, scores, uniform):
        weights, means, raw = self._parts(scores)
        chosen = sample_index(weights, uniform[..., 0])
        mean, spread = take_component(means, chosen), take_component(raw, chosen)
        return mean + ops.exp(log_scale(spread)) * normal(uniform[..., 1:])

    def mode(self, scores):
        """The mean of the component that weighs most: close to the highest density where components are apart."""
        weights, means, _ = self._parts(scores)
        return take_component(means, ops.argmax(weights, axis=-1))

    def with_temperature(self, scores, temperature):
        """The components' weights sharpened as those of tokens are, their variances times the temperature."""
        weights, means, raw = self._parts(scores)
        parts = (weights / temperature, means, scale_by_temperature(raw, temperature))
        shape = ops.shape(weights)[:-1]
        joined = ops.concatenate([ops.reshape(part, (*shape, -1)) for part in parts], axis=-1)
        return ops.reshape(joined, (*shape, self.size))  # the width is known while a graph of any rows is made, too

    def _parts(self, scores):
        """(..., K), (..., K, features), (..., K, features)."""
        scores, count = ops.cast(scores, "float32"), self.components * self.features
        shape = (*ops.shape(scores)[:-1], self.components, self.features)
        weights, means, raw = ops.split(scores, [self.components, self.components + count], axis=-1)
        return weights, ops.reshape(means, shape), ops.reshape(raw, shape)


def take_component(values, chosen):
    """(..., K, D), (...) int -> (..., D): those of one component."""
    indices = ops.expand_dims(ops.expand_dims(ops.cast(chosen, "int32"), -1), -1)
    return ops.squeeze(ops.take_along_axis(values, indices, axis=-2), axis=-2)
