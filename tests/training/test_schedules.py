"""Learning rates against their formulas in plain Python, and inside an optimizer that is saved and loaded."""

import math

import keras
import numpy as np
import pytest

from zoo.training.schedules import SCHEDULES, InverseSquareRoot, LinearDecay, schedule

PEAK, WARMUP, DECAY = 0.3, 4, 10
STEPS = range(40)


def inverse_square_root(step):
    return PEAK * (step + 1) / WARMUP if step < WARMUP else PEAK * math.sqrt(WARMUP / (step + 1))


def cosine(step):
    done = min(max(step - WARMUP + 1, 0) / DECAY, 1)
    return PEAK * (step + 1) / WARMUP if step < WARMUP else PEAK * (1 + math.cos(math.pi * done)) / 2


def linear(step):
    return PEAK * (step + 1) / WARMUP if step < WARMUP else PEAK * max(0, WARMUP + DECAY - step) / DECAY


def constant(step):
    return PEAK * min(step + 1, WARMUP) / WARMUP


FORMULAS = {
    "constant": constant,
    "inverse_square_root": inverse_square_root,
    "cosine": cosine,
    "linear": linear,
}


@pytest.mark.each_backend
@pytest.mark.parametrize("name", SCHEDULES)
def test_rates_follow_their_formula(name):
    rate = schedule(name, PEAK, warmup_steps=WARMUP, decay_steps=DECAY)
    np.testing.assert_allclose([float(rate(step)) for step in STEPS], [FORMULAS[name](s) for s in STEPS], atol=1e-6)


def test_without_a_warm_up_the_first_rate_is_the_highest():
    assert schedule("constant", PEAK) == PEAK
    for name in ("cosine", "linear"):
        rate = schedule(name, PEAK, decay_steps=DECAY)
        assert float(rate(0)) == pytest.approx(PEAK)
        assert float(rate(DECAY // 2)) == pytest.approx(PEAK / 2)
        assert float(rate(DECAY)) == pytest.approx(0.0)


@pytest.mark.each_backend
def test_plain_descent_moves_by_the_sum_of_the_rates():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(InverseSquareRoot(PEAK, WARMUP)), lambda y, scores: -scores)
    model.fit(np.ones((7, 1)), np.ones((7, 1)), batch_size=1, verbose=0)  # a gradient of -1 in each of 7 updates
    assert float(model.get_weights()[0][0, 0]) == pytest.approx(sum(map(inverse_square_root, range(7))), rel=1e-5)


@pytest.mark.parametrize("rate", [InverseSquareRoot(PEAK, WARMUP), LinearDecay(PEAK, WARMUP, DECAY)])
def test_a_saved_model_reloads_with_it(rate, tmp_path):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(rate), "mse")
    model.fit(np.ones((12, 1)), np.ones((12, 1)), batch_size=2, verbose=0)
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    assert float(loaded.optimizer.learning_rate) == float(rate(6)) != float(rate(0))


@pytest.mark.parametrize(
    ("name", "steps", "message"),
    [
        ("inverse_square_root", {"decay_steps": 5}, r"'inverse_square_root' needs warmup_steps >= 1\. Received: 0\."),
        ("cosine", {"warmup_steps": 5}, r"'cosine' needs decay_steps >= 1\. Received: 0\."),
        ("linear", {"warmup_steps": 5}, r"'linear' needs decay_steps >= 1\. Received: 0\."),
        ("cosin", {}, r"Unknown schedule: 'cosin'\. Did you mean 'cosine'\?"),
        ("constant", {"warmup_steps": -1}, r"warmup_steps not negative\. Received: 0\.3 and -1\."),
    ],
)
def test_what_cannot_be(name, steps, message):
    with pytest.raises(ValueError, match=message):
        schedule(name, PEAK, **steps)
