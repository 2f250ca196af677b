from dataclasses import dataclass

import numpy as np
import pytest
from keras import ops

from zoo.distributions.distribution import Distribution


@dataclass(frozen=True)
class Laplace(Distribution):
    """A distribution of two numbers, with what is not the default."""

    features: int = 2
    noise_shape = (2,)
    padding = -1e9

    @property
    def size(self):
        return self.features

    def log_prob(self, scores, values):
        return ops.sum(-ops.abs(values - scores) - np.log(2), axis=-1)


def test_defaults_are_those_of_frames_without_an_end():
    laplace = Laplace()
    np.testing.assert_array_equal(laplace.start(3), np.zeros((3, 2)))
    values = np.array([[[0.0, 1.0], [-1e9, -1e9]]], "float32")
    assert np.asarray(laplace.is_observed(values)).tolist() == [[True, False]]
    assert np.asarray(laplace.is_end(values)).tolist() == [[False, False]]
    np.testing.assert_array_equal(laplace.as_input(values), values)
    assert not laplace.has_copy_ids
    scores = np.ones((1, 2, 2), "float32")
    np.testing.assert_allclose(
        laplace.loss(scores, values[:, :1]), -np.asarray(laplace.log_prob(scores, values[:, :1]))
    )
    np.testing.assert_allclose(laplace.with_temperature(scores, 2.0), 0.5 * scores)


def test_a_distribution_defines_its_density():
    with pytest.raises(NotImplementedError):
        Distribution().log_prob(None, None)
