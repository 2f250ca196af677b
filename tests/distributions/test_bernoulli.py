"""Several yes or no at once: probabilities in float64, draws by their thresholds."""

import keras
import numpy as np
from keras import ops

from tests.gradients import finite_differences, gradients
from zoo.distributions.bernoulli import Bernoulli

SIZE = 3


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def log_prob(scores, values):
    chances = 1 / (1 + np.exp(-scores.astype("float64")))
    return np.log(np.where(values == 1, chances, 1 - chances)).sum(-1)


def test_log_probabilities_are_those_of_float64(random):
    scores = random.normal(size=(2, 4, SIZE), scale=4.0).astype("float32")
    values = random.integers(0, 2, (2, 4, SIZE)).astype("float32")
    found = numpy(Bernoulli(SIZE).log_prob(scores, values))
    np.testing.assert_allclose(found, log_prob(scores, values), rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(numpy(Bernoulli(SIZE).loss(scores, values)), -found)
    assert np.isfinite(numpy(Bernoulli(SIZE).log_prob(1e4 * scores, values))).all()
    _, (gradient,) = gradients(lambda s: ops.sum(Bernoulli(SIZE).log_prob(s, values)), scores)
    np.testing.assert_allclose(gradient, finite_differences(lambda s: log_prob(s, values).sum(), scores), atol=1e-4)


def test_a_sample_says_yes_as_often_as_its_chance():
    """At even uniform numbers, exactly."""
    count = 10_000
    scores = np.array([-2.0, 0.0, 3.0], "float32")
    uniform = np.tile(((np.arange(count) + 0.5) / count)[:, None], (1, SIZE)).astype("float32")
    drawn = numpy(Bernoulli(SIZE).sample(np.tile(scores, (count, 1)), ops.convert_to_tensor(uniform)))
    np.testing.assert_allclose(drawn.mean(0), 1 / (1 + np.exp(-scores)), atol=1.01 / count)
    assert set(np.unique(drawn)) == {0.0, 1.0}


def test_what_cannot_be_is_never_drawn():
    below_one = np.nextafter(np.float32(1), np.float32(0))
    never, always = np.full((2, SIZE), -200.0, "float32"), np.full((2, SIZE), 200.0, "float32")
    for uniform in (0.0, below_one):
        noise = ops.full((2, SIZE), uniform, dtype="float32")
        assert not numpy(Bernoulli(SIZE).sample(never, noise)).any()
        assert numpy(Bernoulli(SIZE).sample(always, noise)).all()


def test_the_likeliest_is_what_is_likelier_than_not():
    scores = np.array([[-0.1, 0.1, 5.0]], "float32")
    assert numpy(Bernoulli(SIZE).mode(scores)).tolist() == [[0.0, 1.0, 1.0]]


def test_a_sequence_starts_with_silence_is_padded_below_zero_and_has_no_end():
    output = Bernoulli(SIZE)
    values = ops.convert_to_tensor(np.array([[[0, 1, 0], [0, 0, 0], [-1, -1, -1]]], "float32"))
    assert not numpy(output.start(2)).any()
    assert tuple(output.start(2).shape) == (2, SIZE)
    assert keras.backend.standardize_dtype(output.start(2).dtype) == "float32"
    assert numpy(output.is_observed(values)).tolist() == [[True, True, False]]
    assert not numpy(output.is_end(values)).any()
    assert output.noise_shape == (SIZE,)
