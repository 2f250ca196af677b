import math
from dataclasses import dataclass

from keras import ops

from zoo.distributions.categorical import Categorical, sample_index
from zoo.distributions.distribution import Distribution
from zoo.distributions.gaussian import ABSENT, log_scale, normal, scale_by_temperature
from zoo.distributions.mixture import take_component

DOWN, UP, END = 0, 1, 2
# Correlations stay this far from 1, where the density has no bound.
MAX_CORRELATION = 0.99


@dataclass(frozen=True)
class Strokes(Distribution):
    """One movement of a pen: how far right and down it goes, and whether it is down, lifted afterwards, or done.

        p(dx, dy, pen) = p(pen) sum_k pi_k N((dx, dy); mu_k, sigma_k, rho_k)     pen down (0) or lifted afterwards (1)
        p(end)         = p(pen = 2)                                              the end has no movement
        rho = 0.99 tanh(r)

    A drawing begins after a movement of zeros with the pen down, and ends with a value of its own, (0, 0, 2).

    Args:
        components: K.
    Shapes:
        scores (..., 3 + 6 K): the three pen states, then the components' weights, mu (x and y of each), s (x and y of
        each, as in `zoo.distributions.gaussian`) and r; values (..., 3) float32; uniform (..., 4); log_prob (...).
    Raises:
        ValueError: fewer than one component.
    Reference: Graves 2013, arXiv:1308.0850, section 4.1; Ha & Eck 2017, arXiv:1704.03477 (three pen states).
    """

    components: int = 20

    features = 3
    padding = ABSENT
    noise_shape = (4,)

    def __post_init__(self):
        if self.components < 1:
            raise ValueError(f"A mixture has at least one component. Received: {self.components}")

    @property
    def size(self):
        return 3 + 6 * self.components

    def as_input(self, values):
        """The movement, and each pen state by itself: (..., 5)."""
        pen = ops.equal(values[..., 2:], ops.arange(3, dtype=values.dtype))
        return ops.concatenate([values[..., :2], ops.cast(pen, values.dtype)], axis=-1)

    def is_end(self, values):
        return ops.equal(values[..., 2], END)

    def log_prob(self, scores, values):
        pens, weights, means, raw, bend = self._parts(scores)
        values = ops.cast(values, "float32")
        of_pen = Categorical(3).log_prob(pens, values[..., 2])
        log_sigma, rho = log_scale(raw), MAX_CORRELATION * ops.tanh(bend)
        z = (ops.expand_dims(values[..., :2], -2) - means) * ops.exp(-log_sigma)
        free = 1 - ops.square(rho)
        distance = (ops.sum(ops.square(z), axis=-1) - 2 * rho * z[..., 0] * z[..., 1]) / free
        each = -0.5 * distance - ops.sum(log_sigma, axis=-1) - 0.5 * ops.log(free) - math.log(2 * math.pi)
        moved = ops.logsumexp(ops.log_softmax(weights, axis=-1) + each, axis=-1)
        return of_pen + ops.where(self.is_end(values), ops.zeros_like(moved), moved)

    def sample(self, scores, uniform):
        pens, weights, means, raw, bend = self._parts(scores)
        pen = sample_index(pens, uniform[..., 0])
        chosen = sample_index(weights, uniform[..., 1])
        mean, sigma = take_component(means, chosen), ops.exp(log_scale(take_component(raw, chosen)))
        rho = MAX_CORRELATION * ops.tanh(take_component(ops.expand_dims(bend, -1), chosen)[..., 0])
        one, other = normal(uniform[..., 2]), normal(uniform[..., 3])
        turned = rho * one + ops.sqrt(1 - ops.square(rho)) * other
        return self._value(mean + sigma * ops.stack([one, turned], axis=-1), pen)

    def mode(self, scores):
        """The likeliest pen state, and the mean of the component that weighs most."""
        pens, weights, means, *_ = self._parts(scores)
        return self._value(take_component(means, ops.argmax(weights, axis=-1)), ops.argmax(pens, axis=-1))

    def with_temperature(self, scores, temperature):
        """Pen states and components sharpened as tokens are, variances times the temperature."""
        pens, weights, means, raw, bend = self._parts(scores)
        parts = (pens / temperature, weights / temperature, means, scale_by_temperature(raw, temperature), bend)
        shape = ops.shape(pens)[:-1]
        joined = ops.concatenate([ops.reshape(part, (*shape, -1)) for part in parts], axis=-1)
        return ops.reshape(joined, (*shape, self.size))  # the width is known while a graph of any rows is made, too

    def _value(self, movement, pen):
        pen = ops.expand_dims(ops.cast(pen, "float32"), -1)
        return ops.concatenate([ops.where(pen == END, ops.zeros_like(movement), movement), pen], axis=-1)

    def _parts(self, scores):
        """(..., 3), (..., K), (..., K, 2), (..., K, 2), (..., K)."""
        scores, count = ops.cast(scores, "float32"), self.components
        shape = (*ops.shape(scores)[:-1], count, 2)
        bounds = [3, 3 + count, 3 + 3 * count, 3 + 5 * count]
        pens, weights, means, raw, bend = ops.split(scores, bounds, axis=-1)
        return pens, weights, ops.reshape(means, shape), ops.reshape(raw, shape), bend
