import itertools
import math

import pytest
from keras import ops

from zoo.training.objectives.sampling_schedules import Exponential, InverseSigmoid, Linear


def at(schedule, update):
    return float(schedule(ops.convert_to_tensor(update, "int32")))


@pytest.mark.parametrize(
    ("schedule", "formula"),
    [
        (Linear(200, begin=0.9, floor=0.25), lambda i: max(0.25, 0.9 - 0.65 * i / 200)),
        (Linear(), lambda i: max(0.0, 1 - i / 10_000)),
        (Exponential(0.99), lambda i: 0.99**i),
        (InverseSigmoid(30.0), lambda i: 30 / (30 + math.exp(i / 30))),
    ],
)
def test_they_are_their_formulas(schedule, formula):
    for update in (0, 1, 7, 100, 199, 200, 201, 3000, 20_000):
        assert at(schedule, update) == pytest.approx(formula(update), rel=1e-3, abs=1e-6)
    assert at(schedule, 10**7) == pytest.approx(getattr(schedule, "floor", 0.0), abs=1e-6)  # and no overflow


def test_by_default_the_truth_comes_first_and_fades():
    for schedule in (Linear, Exponential, InverseSigmoid):
        chances = [at(schedule(), update) for update in range(0, 30_000, 100)]
        assert chances[0] == pytest.approx(1.0, abs=1e-3)
        assert all(later <= sooner for sooner, later in itertools.pairwise(chances))
        assert chances[-1] < 0.01
