"""The running nats against a plain mean over all real steps, for batches of different lengths."""

import keras
import numpy as np
import pytest

from zoo.training.metrics.step_cross_entropy import StepBinaryCrossEntropy, StepCrossEntropy


def batches(classes):
    random = np.random.default_rng(0)
    for length in (3, 12, 40):
        real = np.arange(length) < random.integers(0, length + 1, (5, 1))
        probabilities = random.dirichlet(np.ones(classes), (5, length))
        yield probabilities, random.integers(0, classes, (5, length)), real.astype("float32")


@pytest.mark.each_backend
def test_every_real_step_counts_alike():
    metric = StepCrossEntropy()
    nats = total = 0.0
    for probabilities, tags, real in batches(4):
        metric.update_state(tags, probabilities, sample_weight=real)
        nats -= (np.log(np.take_along_axis(probabilities, tags[..., None], -1)[..., 0]) * real).sum()
        total += real.sum()
    assert float(metric.result()) == pytest.approx(nats / total, rel=1e-5)


def test_one_answer_an_example():
    metric = StepCrossEntropy()
    metric.update_state(np.array([1, 0, 1]), np.array([[0.1, 0.9], [0.2, 0.8], [0.3, 0.7]]), np.array([1.0, 1.0, 0.0]))
    assert float(metric.result()) == pytest.approx(-(np.log(0.9) + np.log(0.2)) / 2, rel=1e-5)


def test_yes_and_no_at_every_step():
    metric = StepBinaryCrossEntropy()
    nats = total = 0.0
    for probabilities, _, real in batches(3):
        true = (np.random.default_rng(1).random(probabilities.shape) > 0.5).astype("float32")
        metric.update_state(true, probabilities, sample_weight=real)
        likely = np.where(true > 0, probabilities, 1 - probabilities)
        nats -= (np.log(likely) * real[..., None]).sum()
        total += 3 * real.sum()
    assert float(metric.result()) == pytest.approx(nats / total, rel=1e-5)


@pytest.mark.parametrize("kind", [StepCrossEntropy, StepBinaryCrossEntropy])
def test_a_saved_model_reloads_with_it(kind, tmp_path):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="softmax")])
    model.compile("adam", "mse", weighted_metrics=[kind()])
    model.save(tmp_path / "m.keras")
    assert keras.saving.load_model(tmp_path / "m.keras").compiled


@pytest.mark.parametrize("kind", [StepCrossEntropy, StepBinaryCrossEntropy])
def test_callbacks_know_that_less_is_better(kind):
    assert (kind().name, kind()._direction) == ("nats", "down")
