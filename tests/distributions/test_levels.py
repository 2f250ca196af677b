"""One of several levels: probabilities in float64, draws by their cumulated sums."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.gradients import finite_differences, gradients
from zoo.distributions.levels import Levels

SIZE = 5


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def log_prob(scores, values):
    scores = scores.astype("float64")
    log_probs = scores - np.log(np.exp(scores).sum(-1, keepdims=True))
    return np.take_along_axis(log_probs, values.astype(int), -1)[..., 0]


def test_log_probabilities_are_those_of_float64(random):
    scores = random.normal(size=(2, 4, SIZE), scale=3.0).astype("float32")
    values = random.integers(0, SIZE, (2, 4, 1)).astype("float32")
    values[0, :2, 0] = 0, SIZE - 1  # the first and the last are levels as any other
    found = numpy(Levels(SIZE).log_prob(scores, values))
    assert found.shape == (2, 4)
    np.testing.assert_allclose(found, log_prob(scores, values), rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(numpy(Levels(SIZE).loss(scores, values)), -found)
    assert np.isfinite(numpy(Levels(SIZE).log_prob(scores, np.full_like(values, Levels.padding)))).all()
    _, (gradient,) = gradients(lambda s: ops.sum(Levels(SIZE).log_prob(s, values)), scores)
    np.testing.assert_allclose(gradient, finite_differences(lambda s: log_prob(s, values).sum(), scores), atol=1e-4)


def test_a_level_is_drawn_as_often_as_its_probability():
    """At even uniform numbers, exactly; one that cannot be never."""
    count = 10_000
    scores = np.array([0.0, 1.0, -200.0, 2.0, -1.0], "float32")
    uniform = ((np.arange(count) + 0.5) / count).astype("float32")
    drawn = numpy(Levels(SIZE).sample(np.tile(scores, (count, 1)), uniform))
    assert drawn.shape == (count, 1)
    assert drawn.dtype == "float32"
    found = np.bincount(drawn[:, 0].astype(int), minlength=SIZE) / count
    expected = np.exp(scores.astype("float64")) / np.exp(scores.astype("float64")).sum()
    np.testing.assert_allclose(found, expected, atol=3 / count)
    assert found[2] == 0


@pytest.mark.parametrize("uniform", [0.0, np.nextafter(np.float32(1), np.float32(0))])
def test_the_ends_of_the_uniform_numbers_draw_what_can_be(uniform):
    scores = np.array([[-200.0, 0.0, 0.0, -200.0, -200.0]], "float32")
    drawn = numpy(Levels(SIZE).sample(scores, np.array([uniform], "float32")))
    assert drawn.tolist() == [[1.0 if uniform == 0 else 2.0]]


def test_the_likeliest_and_another_temperature():
    scores = np.array([[0.0, 3.0, 1.0, 2.0, -1.0]], "float32")
    assert numpy(Levels(SIZE).mode(scores)).tolist() == [[1.0]]
    tempered = numpy(Levels(SIZE).with_temperature(scores, 0.5))
    true = np.exp(log_prob(np.tile(scores, (SIZE, 1)), np.arange(SIZE)[:, None])) ** 2
    found = np.exp(log_prob(np.tile(tempered, (SIZE, 1)), np.arange(SIZE)[:, None]))
    np.testing.assert_allclose(found, true / true.sum(), rtol=1e-5)


def test_a_sequence_starts_dark_is_padded_below_zero_and_has_no_end():
    output = Levels(SIZE)
    values = ops.convert_to_tensor(np.array([[[0], [SIZE - 1], [-1]]], "float32"))
    assert not numpy(output.start(2)).any()
    assert tuple(output.start(2).shape) == (2, 1)
    assert keras.backend.standardize_dtype(output.start(2).dtype) == "float32"
    assert numpy(output.is_observed(values)).tolist() == [[True, True, False]]
    assert not numpy(output.is_end(values)).any()
    assert numpy(output.as_input(values))[0, :2, 0].tolist() == [0.0, 1.0]
    assert (output.noise_shape, output.features, output.size) == ((), 1, SIZE)


def test_one_level_is_none():
    with pytest.raises(ValueError, match="at least 2 levels. Received: 1"):
        Levels(1)
