"""Against SciPy, for drawings of which the densities are known."""

import numpy as np
import pytest
from scipy import stats

from zoo.recipes.baselines.pen_by_pen import pen_by_pen


def drawings(random, count, steps=30):
    """The pen is lifted every other time; movements are half of the one before and a correlated rest."""
    found, rest = [], [[1.0, 0.6], [0.6, 0.5]]
    for _ in range(count):
        drawing = np.zeros((steps + 1, 3))
        for step in range(steps):
            drawing[step, :2] = 0.5 * drawing[step - 1, :2] * (step > 0) + random.multivariate_normal([1, -2], rest)
            drawing[step, 2] = random.integers(2)
        drawing[-1] = (0, 0, 2)
        found.append(drawing)
    return found


def test_nats_are_those_of_what_drew(random):
    train, test = drawings(random, 200), drawings(random, 50)
    found = pen_by_pen(train, test)
    rest = stats.multivariate_normal([1, -2], [[1.0, 0.6], [0.6, 0.5]])
    nats = []
    for drawing in test:
        before = np.concatenate([np.zeros((1, 2)), drawing[:-2, :2]])
        nats.append(-rest.logpdf(drawing[:-1, :2] - 0.5 * before).sum())
    rows = sum(map(len, test))
    # Of 31 rows one ends a drawing; a pen state is one of two of nearly equal chance.
    ending = 30 / 31 * -np.log(30 / 62) + 1 / 31 * np.log(31)
    assert found == pytest.approx(np.sum(nats) / rows + ending, abs=0.03)


def test_what_was_never_seen_has_a_density(random):
    train = drawings(random, 3, steps=4)
    unseen = np.array([[0, 0, 0], [0, 0, 0], [1, 1, 2], [5, 5, 0], [0, 0, 2]])  # goes on behind an end
    assert np.isfinite(pen_by_pen(train, [unseen]))
    still = [np.zeros((6, 3))] * 4  # never moves: no density without bound
    assert np.isfinite(pen_by_pen(still, still))
