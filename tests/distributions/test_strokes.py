"""A pen's movements, against SciPy in float64."""

import numpy as np
import pytest
from scipy import special, stats

from tests.distributions import densities
from tests.distributions.densities import drawn, numpy
from tests.distributions.test_gaussian import sigma
from zoo.distributions.strokes import DOWN, END, MAX_CORRELATION, UP, Strokes


def log_prob(scores, value, components):
    pens, weights, means, raw, bend = np.split(
        scores.astype("float64"), np.cumsum([3, components, 2 * components, 2 * components])
    )
    of_pen = special.log_softmax(pens)[int(value[2])]
    if value[2] == END:
        return of_pen
    each = []
    for mean, deviations, r in zip(means.reshape(-1, 2), sigma(raw).reshape(-1, 2), bend, strict=True):
        mixed = MAX_CORRELATION * np.tanh(r) * deviations.prod()
        covariance = [[deviations[0] ** 2, mixed], [mixed, deviations[1] ** 2]]
        each.append(stats.multivariate_normal.logpdf(value[:2], mean, covariance))
    return of_pen + special.logsumexp(special.log_softmax(weights) + each)


def test_log_probabilities_are_those_of_float64(random):
    output = Strokes(3)
    scores = random.normal(size=(6, output.size)).astype("float32")
    values = random.normal(size=(6, 3)).astype("float32")
    values[:, 2] = [DOWN, UP, END, DOWN, UP, END]
    expected = [log_prob(*row, 3) for row in zip(scores, values, strict=True)]
    np.testing.assert_allclose(numpy(output.log_prob(scores, values)), expected, rtol=1e-4, atol=1e-5)


def one(pen, correlation):
    """Scores of one component at (1, -2) and one of little weight elsewhere."""
    pens = np.log(pen)
    bend = np.arctanh(correlation / MAX_CORRELATION)
    return np.array([*pens, 9.0, 0.0, 1.0, -2.0, 50.0, 50.0, 0.0, 0.5, 0.0, 0.0, bend, 0.0], "float32")


def test_samples_move_and_lift_as_they_should():
    found = drawn(Strokes(2), one([0.6, 0.3, 0.1], 0.8), 20_000)
    shares = [np.mean(found[:, 2] == pen) for pen in (DOWN, UP, END)]
    np.testing.assert_allclose(shares, [0.6, 0.3, 0.1], atol=0.015)
    assert not found[found[:, 2] == END][:, :2].any()
    moved = found[(found[:, 2] != END) & (found[:, 0] < 25)][:, :2]
    np.testing.assert_allclose(moved.mean(0), [1.0, -2.0], atol=0.05)
    np.testing.assert_allclose(moved.std(0), sigma(np.array([0.0, 0.5])), rtol=0.03)
    assert np.corrcoef(moved.T)[0, 1] == pytest.approx(0.8, abs=0.02)


def test_the_mode_is_the_likeliest_state_and_place():
    scores = one([0.2, 0.7, 0.1], 0.0)
    assert numpy(Strokes(2).mode(scores)).tolist() == [1.0, -2.0, UP]
    assert numpy(Strokes(2).mode(one([0.2, 0.1, 0.7], 0.0))).tolist() == [0.0, 0.0, END]
    densities.narrows_with_temperature(Strokes(2), scores)


def test_each_pen_state_is_read_by_itself():
    values = np.array([[0.5, 1.0, pen] for pen in (DOWN, UP, END)], "float32")
    expected = [[0.5, 1.0, 1, 0, 0], [0.5, 1.0, 0, 1, 0], [0.5, 1.0, 0, 0, 1]]
    assert numpy(Strokes(2).as_input(values)).tolist() == expected


def test_the_extremes_stay_finite(random):
    values = random.normal(size=(5, 3), scale=100.0).astype("float32")
    values[:, 2] = [DOWN, UP, END, DOWN, UP]
    densities.stays_finite(Strokes(3), random, values)


def test_it_begins_with_the_pen_down_and_ends_by_itself():
    densities.begins_and_is_padded(Strokes(2))
    values = np.array([[1, 1, DOWN], [1, 1, UP], [0, 0, END]], "float32")
    assert numpy(Strokes(2).is_end(values)).tolist() == [False, False, True]
    with pytest.raises(ValueError, match="at least one component. Received: 0"):
        Strokes(0)


@pytest.mark.tensorflow
def test_an_export_draws():
    densities.is_drawn_in_a_graph(Strokes(3))
