"""One of V tokens: probabilities in float64, draws by the inverse of their sum, the smoothed target by hand."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.gradients import gradients
from zoo.distributions.categorical import Categorical

SIZE = 7
BELOW_ONE = np.nextafter(np.float32(1), np.float32(0))


def draw(*shape, scale=2.0, seed=0):
    return np.random.default_rng(seed).normal(size=shape, scale=scale).astype("float32")


def log_softmax(scores):
    scores = scores.astype("float64") - scores.max(-1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(-1, keepdims=True))


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def test_log_probabilities_are_those_of_float64():
    scores, values = draw(3, 4, SIZE, scale=20.0), np.random.default_rng(1).integers(0, SIZE, (3, 4)).astype("int32")
    expected = log_softmax(scores)
    output = Categorical(SIZE)
    np.testing.assert_allclose(numpy(output.log_probs(scores)), expected, rtol=1e-5, atol=1e-5)
    picked = np.take_along_axis(expected, values[..., None], -1)[..., 0]
    np.testing.assert_allclose(numpy(output.log_prob(scores, values)), picked, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(numpy(output.loss(scores, values)), -numpy(output.log_prob(scores, values)))
    np.testing.assert_array_equal(numpy(output.mode(scores)), scores.argmax(-1))


def test_scores_of_half_precision_are_summed_in_single():
    scores = ops.cast(draw(2, SIZE), "float16")
    assert keras.backend.standardize_dtype(Categorical(SIZE).log_prob(scores, np.array([1, 2])).dtype) == "float32"


@pytest.mark.parametrize("smoothing", [0.1, 0.7])
def test_label_smoothing_spreads_over_what_can_be_emitted(smoothing):
    """The cross-entropy of the smoothed target, in values and gradients: padding and start have no share in it."""
    scores, values = draw(3, 4, SIZE), np.random.default_rng(1).integers(3, SIZE, (3, 4)).astype("int32")
    log_probs, smoothed = log_softmax(scores), np.zeros((3, 4, SIZE))
    for place in np.ndindex(3, 4):
        for token in range(SIZE):
            share = 0.0 if token in (0, 2) else smoothing / (SIZE - 2)
            smoothed[(*place, token)] = share + (1 - smoothing) * (token == values[place])
    np.testing.assert_allclose(smoothed.sum(-1), 1.0)
    own = Categorical(SIZE, smoothing)
    expected = -(smoothed * log_probs).sum(-1)
    np.testing.assert_allclose(numpy(own.loss(scores, values)), expected, rtol=1e-5, atol=1e-5)
    values = ops.convert_to_tensor(values)
    _, (gradient,) = gradients(lambda s: ops.sum(own.loss(s, values)), scores)
    np.testing.assert_allclose(gradient, np.exp(log_probs) - smoothed, rtol=1e-4, atol=1e-6)


def test_a_sample_is_the_inverse_of_the_cumulated_probabilities():
    """At even uniform numbers every token comes as often as its probability says, and in its order."""
    scores = draw(SIZE)
    count = 20_000
    uniform = ((np.arange(count) + 0.5) / count).astype("float32")
    drawn = numpy(Categorical(SIZE).sample(np.tile(scores, (count, 1)), uniform))
    assert (np.diff(drawn) >= 0).all()
    np.testing.assert_allclose(np.bincount(drawn, minlength=SIZE) / count, np.exp(log_softmax(scores)), atol=1e-4)


@pytest.mark.each_backend
@pytest.mark.parametrize("size", [SIZE, 1000])
def test_what_cannot_be_is_never_drawn(size):
    """At the ends, and just where the cumulated mass stands still, which sums in parallel round each by itself."""
    random = np.random.default_rng(2)
    possible = random.random((64, size)) < 0.4
    possible[:, [0, -1]] = False
    possible[:, 3] = True
    scores = np.where(possible, random.normal(size=(64, size)), -1e30).astype("float32")
    mass = numpy(ops.cumsum(ops.softmax(scores, axis=-1), axis=-1))
    places = [0.0, 1e-12, 0.5, BELOW_ONE, *np.linspace(0, size - 1, 40).astype(int)]
    output = Categorical(size)
    for place in places:
        at = mass[:, place] / mass[:, -1] / np.float32(1 - 1e-5) if isinstance(place, np.int64) else np.full(64, place)
        uniform = np.clip(at, 0, BELOW_ONE).astype("float32")
        drawn = numpy(output.sample(ops.convert_to_tensor(scores), ops.convert_to_tensor(uniform)))
        assert possible[np.arange(64), drawn].all(), place


def test_a_sequence_starts_is_padded_and_ends_as_every_vocabulary_has_it():
    output, values = Categorical(SIZE), ops.convert_to_tensor(np.array([[2, 5, 3, 0]], "int32"))
    assert numpy(output.start(2)).tolist() == [2, 2]
    assert numpy(output.is_observed(values)).tolist() == [[True, True, True, False]]
    assert numpy(output.is_end(values)).tolist() == [[False, False, True, False]]
    assert output.noise_shape == ()


@pytest.mark.parametrize("smoothing", [-0.1, 1.0])
def test_a_share_of_smoothing_is_a_share(smoothing):
    with pytest.raises(ValueError, match=r"`label_smoothing` is a share in \[0, 1\)"):
        Categorical(SIZE, smoothing)
