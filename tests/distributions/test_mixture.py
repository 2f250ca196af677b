"""Several places at once, against SciPy in float64."""

import numpy as np
import pytest
from scipy import special, stats

from tests.distributions import densities
from tests.distributions.densities import drawn, numpy
from tests.distributions.test_gaussian import sigma
from zoo.distributions.gaussian import Gaussian
from zoo.distributions.mixture import Mixture

# One feature; components of weights 0.2, 0.8 at -3 and 2.
TWO = np.array([np.log(0.2), np.log(0.8), -3.0, 2.0, -1.0, 0.0], "float32")


def log_prob(scores, values, components):
    features = values.shape[-1]
    weights, means, raw = np.split(scores.astype("float64"), [components, components * (1 + features)], axis=-1)
    means, raw = (array.reshape(*array.shape[:-1], components, features) for array in (means, raw))
    each = stats.norm.logpdf(values[..., None, :], means, sigma(raw)).sum(-1)
    return special.logsumexp(special.log_softmax(weights, axis=-1) + each, axis=-1)


def test_log_probabilities_are_those_of_float64(random):
    output = Mixture(2, 3)
    scores = random.normal(size=(2, 4, output.size)).astype("float32")
    values = random.normal(size=(2, 4, 2)).astype("float32")
    expected = log_prob(scores, values, 3)
    np.testing.assert_allclose(numpy(output.log_prob(scores, values)), expected, rtol=1e-5, atol=1e-5)


def test_one_component_is_a_gaussian(random):
    scores, values = (random.normal(size=(4, width)).astype("float32") for width in (7, 3))
    found = numpy(Mixture(3, 1).log_prob(scores, values))
    np.testing.assert_allclose(found, numpy(Gaussian(3).log_prob(scores[:, 1:], values)), rtol=1e-5, atol=1e-6)


def test_the_density_adds_up_to_one():
    places = np.linspace(-40, 40, 40_001, dtype="float32")[:, None]
    density = np.exp(numpy(Mixture(1, 2).log_prob(np.tile(TWO, (len(places), 1)), places)).astype("float64"))
    assert np.trapezoid(density, places[:, 0]) == pytest.approx(1, abs=1e-4)


def test_samples_come_from_the_components_by_their_weights():
    found = drawn(Mixture(1, 2), TWO, 20_000)[:, 0]
    assert np.mean(found < -1.5) == pytest.approx(0.2 + 0.8 * stats.norm.cdf(-3.5 / sigma(TWO[5])), abs=0.01)
    assert found[found < -2.5].mean() == pytest.approx(-3.0, abs=0.35)
    assert found.mean() == pytest.approx(0.2 * -3 + 0.8 * 2, abs=0.05)


def test_the_mode_is_the_heaviest_components_mean():
    assert numpy(Mixture(1, 2).mode(TWO)).tolist() == [2.0]
    densities.narrows_with_temperature(Mixture(1, 2), TWO)


def test_the_extremes_stay_finite(random):
    densities.stays_finite(Mixture(2, 3), random)


def test_it_begins_with_zeros_and_has_no_end():
    densities.begins_and_is_padded(Mixture(2, 3))
    assert not numpy(Mixture(2, 3).is_end(np.ones((3, 2), "float32"))).any()
    with pytest.raises(ValueError, match="at least one component. Received: 0"):
        Mixture(2, 0)


@pytest.mark.tensorflow
def test_an_export_draws():
    densities.is_drawn_in_a_graph(Mixture(2, 3))
