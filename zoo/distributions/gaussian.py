import math
from dataclasses import dataclass

from keras import ops

from zoo.distributions.distribution import Distribution

# No log-scale is below this: a deviation of 0.0009, for numbers that are scaled to about 1.
MIN_LOG_SIGMA = -7.0
# Padding of prefixes and targets: no number of a series that is scaled to about 1 is as low.
ABSENT = -1e9
HALF_LOG_2_PI = 0.5 * math.log(2 * math.pi)


@dataclass(frozen=True)
class Gaussian(Distribution):
    """Several numbers at once, each with a mean and a deviation of its own.

        p(y) = prod_d N(y_d; mu_d, sigma_d),    log sigma_d = f + softplus(s_d - f),   f = -7

    scores hold mu, then s. The floor f keeps a number that is always the same from a density without bound. Densities
    may be above 1, and nats below 0. A sequence begins after a step of zeros and has no end of its own; missing steps
    of a prefix are padded with -1e9.

    Args:
        features: how many numbers a step has.
    Shapes:
        scores (..., 2 features), values (..., features) float32, uniform (..., features); log_prob (...): nats, the sum
        over a step's numbers.
    """

    features: int

    padding = ABSENT

    @property
    def size(self):
        return 2 * self.features

    @property
    def noise_shape(self):
        return (self.features,)

    def log_prob(self, scores, values):
        mean, raw = self._parts(scores)
        return ops.sum(log_normal(ops.cast(values, "float32"), mean, log_scale(raw)), axis=-1)

    def sample(self, scores, uniform):
        mean, raw = self._parts(scores)
        return mean + ops.exp(log_scale(raw)) * normal(uniform)

    def mode(self, scores):
        """The mean."""
        return self._parts(scores)[0]

    def with_temperature(self, scores, temperature):
        """Variances times the temperature."""
        mean, raw = self._parts(scores)
        return ops.concatenate([mean, scale_by_temperature(raw, temperature)], axis=-1)

    def _parts(self, scores):
        return ops.split(ops.cast(scores, "float32"), 2, axis=-1)


def log_scale(raw):
    """Return log sigma, kept smoothly above the floor."""
    return MIN_LOG_SIGMA + ops.softplus(raw - MIN_LOG_SIGMA)


def scale_by_temperature(raw, temperature):
    """Return the raw scores of sigma sqrt(temperature); never below the floor."""
    above = ops.maximum(log_scale(raw) + 0.5 * math.log(temperature) - MIN_LOG_SIGMA, 1e-6)
    return MIN_LOG_SIGMA + above + ops.log(-ops.expm1(-above))


def log_normal(values, mean, log_sigma):
    """log N(value; mean, sigma), number by number."""
    return -0.5 * ops.square((values - mean) * ops.exp(-log_sigma)) - log_sigma - HALF_LOG_2_PI


def normal(uniform):
    """Standard normal numbers from uniform ones: the inverse of the cumulated density, cut at 5.3 deviations."""
    inside = ops.clip(uniform, 2.0**-24, 1 - 2.0**-24)
    return math.sqrt(2) * ops.erfinv(2 * inside - 1)
