import keras
import numpy as np
import pytest

from zoo.ops.masking import keras_mask
from zoo.training.losses import WeightedMean


@pytest.fixture
def batch(random=None):
    random = np.random.default_rng(0)
    scores = random.normal(size=(3, 4, 5))
    predicted = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    weights = np.array([[1, 1, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0]], "float32")
    return random.integers(0, 5, (3, 4)), predicted.astype("float32"), weights


def test_the_mean_over_what_has_a_weight(batch):
    true, predicted, weights = batch
    total = count = 0.0
    for b in range(3):
        for s in range(4):
            total -= float(weights[b, s]) * np.log(np.float64(predicted[b, s, true[b, s]]))
            count += float(weights[b, s])
    loss = WeightedMean(keras.losses.SparseCategoricalCrossentropy(reduction="none"))
    np.testing.assert_allclose(float(loss(true, predicted, weights)), total / count, rtol=1e-6)
    stock = keras.losses.SparseCategoricalCrossentropy(reduction="mean_with_sample_weight")
    np.testing.assert_allclose(float(loss(true, predicted, weights)), float(stock(true, predicted, weights)), rtol=1e-6)


def test_without_weights_all_count(batch):
    true, predicted, _ = batch
    loss = WeightedMean(keras.losses.SparseCategoricalCrossentropy(reduction="none"))
    stock = keras.losses.SparseCategoricalCrossentropy()
    np.testing.assert_allclose(float(loss(true, predicted)), float(stock(true, predicted)), rtol=1e-6)


def test_one_weight_an_example_of_several_numbers():
    true, predicted = np.zeros((2, 3, 2), "float32"), np.full((2, 3, 2), 2.0, "float32")
    predicted[1] = 100.0
    loss = WeightedMean(keras.losses.MeanSquaredError(reduction="none"))
    assert float(loss(true, predicted, np.array([1.0, 0.0], "float32"))) == pytest.approx(4.0)


@pytest.mark.each_backend
@pytest.mark.parametrize("by_row", [None, [0.5, 2.0, 1.0]])
def test_the_mask_of_predictions_leaves_padding_out(batch, by_row):
    """Alone, and beside weights of examples."""
    true, predicted, real = batch
    weights = real if by_row is None else real * np.array(by_row, "float32")[:, None]
    loss = WeightedMean(keras.losses.SparseCategoricalCrossentropy(reduction="none"))
    expected, predicted = float(loss(true, predicted, weights)), keras.ops.convert_to_tensor(predicted)
    with keras_mask(predicted, keras.ops.convert_to_tensor(real > 0)):
        masked = float(loss(true, predicted, None if by_row is None else np.array(by_row, "float32")))
    assert masked == pytest.approx(expected, rel=1e-6)
    assert float(loss(true, predicted)) != pytest.approx(expected, rel=1e-3)


def test_nothing_real_costs_nothing(batch):
    true, predicted, weights = batch
    loss = WeightedMean(keras.losses.SparseCategoricalCrossentropy(reduction="none"))
    assert float(loss(true, predicted, 0 * weights)) == 0.0


def test_it_is_saved_with_the_loss_inside(batch):
    loss = WeightedMean(keras.losses.BinaryCrossentropy(reduction="none", from_logits=True))
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    assert isinstance(again, WeightedMean) and again.loss.from_logits
    values = np.ones((2, 3), "float32"), np.full((2, 3), -1.0, "float32")
    assert float(again(*values)) == float(loss(*values))


def test_a_loss_that_reduces_by_itself():
    with pytest.raises(ValueError, match="give a loss of reduction='none'. Received: 'sum_over_batch_size'"):
        WeightedMean(keras.losses.MeanSquaredError())
