"""What every output of real numbers must keep, written for any of them."""

import numpy as np
from keras import ops

from tests.gradients import gradients


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def uniform(output, count, seed=0):
    return np.random.default_rng(seed).uniform(size=(count, *output.noise_shape)).astype("float32")


def drawn(output, scores, count, seed=0):
    """Samples of one step's scores: (count, features)."""
    return numpy(output.sample(np.tile(scores, (count, 1)), uniform(output, count, seed)))


def stays_finite(output, random, values=None):
    """Densities and their gradients, however far the scores and the values are from anything sensible."""
    for scale in (1.0, 30.0, 1e4):
        scores = random.normal(size=(5, output.size), scale=scale).astype("float32")
        given = random.normal(size=(5, output.features), scale=scale).astype("float32") if values is None else values
        found, (gradient,) = gradients(lambda s, v=given: ops.mean(output.log_prob(s, v)), scores)
        assert np.isfinite(found)
        assert np.isfinite(gradient).all()
    ends = np.stack([np.zeros(output.noise_shape), np.full(output.noise_shape, 1 - 2.0**-24)]).astype("float32")
    assert np.isfinite(numpy(output.sample(np.zeros((2, output.size), "float32"), ends))).all()


def begins_and_is_padded(output):
    start = numpy(output.start(2))
    assert start.shape == (2, output.features)
    assert not start.any()
    values = np.stack([start[0], start[0] - 1e6, np.full(output.features, output.padding)]).astype("float32")
    assert numpy(output.is_observed(values)).tolist() == [True, True, False]


def narrows_with_temperature(output, scores):
    """At almost no temperature every draw is the mode; at 1 nothing changes."""
    mode = numpy(output.mode(scores[None]))
    cold = numpy(output.with_temperature(scores[None], 1e-6))
    np.testing.assert_allclose(drawn(output, cold, 50), np.tile(mode, (50, 1)), atol=1e-2)
    np.testing.assert_allclose(numpy(output.with_temperature(scores[None], 1.0))[0], scores, rtol=1e-4, atol=1e-4)


def is_drawn_in_a_graph(output):
    """Of any number of rows, as exports are traced; what is drawn has its width."""
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec([None, output.size]), tf.TensorSpec([None, *output.noise_shape])])
    def draw(scores, chances):
        return output.sample(output.with_temperature(scores, 0.5), chances)

    scores, chances = np.zeros((4, output.size), "float32"), uniform(output, 4)
    found = draw(scores, chances)
    assert draw.get_concrete_function().structured_outputs.shape == (None, output.features)
    np.testing.assert_allclose(
        found, output.sample(output.with_temperature(scores, 0.5), chances), rtol=1e-4, atol=1e-5
    )
