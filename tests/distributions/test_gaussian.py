"""Means and deviations, against SciPy in float64."""

import numpy as np
import pytest
from scipy import stats

from tests.distributions import densities
from tests.distributions.densities import drawn, numpy
from zoo.distributions.gaussian import MIN_LOG_SIGMA, Gaussian, normal


def sigma(raw):
    return np.exp(MIN_LOG_SIGMA + np.logaddexp(0, raw.astype("float64") - MIN_LOG_SIGMA))


def test_log_probabilities_are_those_of_float64(random):
    scores = random.normal(size=(2, 4, 6), scale=2.0).astype("float32")
    values = random.normal(size=(2, 4, 3), scale=2.0).astype("float32")
    expected = stats.norm.logpdf(values, scores[..., :3], sigma(scores[..., 3:])).sum(-1)
    np.testing.assert_allclose(numpy(Gaussian(3).log_prob(scores, values)), expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(numpy(Gaussian(3).loss(scores, values)), -expected, rtol=1e-5, atol=1e-5)


def test_no_deviation_is_below_the_floor():
    scores = np.array([[0.0, -50.0]], "float32")
    peak = numpy(Gaussian(1).log_prob(scores, np.zeros((1, 1), "float32")))
    np.testing.assert_allclose(peak, stats.norm.logpdf(0, 0, np.exp(MIN_LOG_SIGMA)), rtol=1e-5)


def test_samples_have_the_mean_and_the_deviation():
    scores = np.array([2.0, -1.0, 0.0, 1.0], "float32")
    found = drawn(Gaussian(2), scores, 20_000)
    np.testing.assert_allclose(found.mean(0), scores[:2], atol=0.05)
    np.testing.assert_allclose(found.std(0), sigma(scores[2:]), rtol=0.03)
    np.testing.assert_array_equal(numpy(Gaussian(2).mode(scores)), scores[:2])


def test_uniform_numbers_become_normal_ones():
    chances = np.array([0.001, 0.1, 0.5, 0.9, 0.999], "float32")
    np.testing.assert_allclose(numpy(normal(chances)), stats.norm.ppf(chances.astype("float64")), rtol=1e-4, atol=1e-6)


def test_temperature_scales_the_variance():
    scores = np.array([[1.0, 0.5]], "float32")
    found = numpy(Gaussian(1).with_temperature(scores, 4.0))
    np.testing.assert_allclose(sigma(found[:, 1]), 2 * sigma(scores[:, 1]), rtol=1e-4)
    densities.narrows_with_temperature(Gaussian(2), np.array([2.0, -1.0, 0.3, 1.0], "float32"))


def test_the_extremes_stay_finite(random):
    densities.stays_finite(Gaussian(2), random)


def test_it_begins_with_zeros_and_has_no_end():
    densities.begins_and_is_padded(Gaussian(2))
    assert not numpy(Gaussian(2).is_end(np.ones((3, 2), "float32"))).any()


@pytest.mark.tensorflow
def test_an_export_draws():
    densities.is_drawn_in_a_graph(Gaussian(2))
