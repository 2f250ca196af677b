"""The running figure against a plain count over all real steps, for batches of different lengths."""

import keras
import numpy as np
import pytest
from keras import ops

from zoo.ops.masking import keras_mask
from zoo.training.metrics.step_accuracy import StepAccuracy, StepBinaryAccuracy


def batches(classes):
    random = np.random.default_rng(0)
    for length in (3, 12, 40):
        real = np.arange(length) < random.integers(0, length + 1, (5, 1))
        yield random.random((5, length, classes)), random.integers(0, classes, (5, length)), real.astype("float32")


@pytest.mark.each_backend
def test_every_real_step_counts_alike():
    metric, stock = StepAccuracy(), keras.metrics.SparseCategoricalAccuracy()
    right = total = 0.0
    for scores, tags, real in batches(4):
        metric.update_state(tags, scores, sample_weight=real)
        stock.update_state(tags, scores, sample_weight=real)
        right += ((scores.argmax(-1) == tags) * real).sum()
        total += real.sum()
    assert float(metric.result()) == pytest.approx(right / total, abs=1e-6)
    assert float(stock.result()) != pytest.approx(right / total, abs=1e-3)  # why it exists


def test_one_answer_an_example():
    metric = StepAccuracy()
    metric.update_state(np.array([1, 0, 1]), np.array([[0.1, 0.9], [0.2, 0.8], [0.3, 0.7]]), np.array([1.0, 1.0, 0.0]))
    assert float(metric.result()) == 0.5


def test_yes_and_no_at_every_step():
    metric = StepBinaryAccuracy()
    right = total = 0.0
    for said, _, real in batches(2):
        true = (np.random.default_rng(1).random(said.shape) > 0.5).astype("float32")
        metric.update_state(true, said, sample_weight=real)
        right += (((said > 0.5) == true) * real[..., None]).sum()
        total += 2 * real.sum()
    assert float(metric.result()) == pytest.approx(right / total, abs=1e-6)


@pytest.mark.parametrize("by_row", [None, np.array([2.0, 0.0, 1.0, 0.5, 3.0])])
def test_the_mask_of_predictions_leaves_padding_out(by_row):
    """Alone, and beside weights of examples; of classes and of yes and no."""
    classes, answers, right, agreed, total = StepAccuracy(), StepBinaryAccuracy(), 0.0, 0.0, 0.0
    for scores, tags, real in batches(2):
        true, predicted = np.eye(2, dtype="float32")[tags], ops.convert_to_tensor(scores)
        with keras_mask(predicted, ops.convert_to_tensor(real > 0)):
            classes.update_state(tags, predicted, sample_weight=by_row)
            answers.update_state(true, predicted, sample_weight=by_row)
        weights = real if by_row is None else real * by_row[:, None]
        right += ((scores.argmax(-1) == tags) * weights).sum()
        agreed += (((scores > 0.5) == true) * weights[..., None]).mean(-1).sum()
        total += weights.sum()
    assert float(classes.result()) == pytest.approx(right / total, abs=1e-6)
    assert float(answers.result()) == pytest.approx(agreed / total, abs=1e-6)


@pytest.mark.parametrize("kind", [StepAccuracy, StepBinaryAccuracy])
def test_a_saved_model_reloads_with_it(kind, tmp_path):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="softmax")])
    model.compile("adam", "mse", weighted_metrics=[kind()])
    model.save(tmp_path / "m.keras")
    assert keras.saving.load_model(tmp_path / "m.keras").compiled
