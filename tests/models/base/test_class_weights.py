"""Weights of classes against scikit-learn's and plain loops."""

import keras
import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from zoo.data.batches.padded import Batches
from zoo.models.base.class_weights import ClassWeighted, balanced_class_weights, class_sample_weights

WEIGHTS = {0: 0.5, 2: 3.0}


@pytest.mark.parametrize(
    "targets",
    [
        [0, 0, 2, 0, 2, 5],
        np.array([0, 0, 2, 0, 2, 5]),
        [np.array([0, 0, 2]), np.array([0]), np.array([2, 5])],
        [np.array([[0.0], [0.0], [2.0]]), np.array([[0.0], [2.0], [5.0]])],
        [np.array([0, -1, 0, 2]), np.array([0, 2, 5, -1])],
    ],
)
def test_balanced_weights_are_those_of_scikit_learn(targets):
    classes = [0, 0, 2, 0, 2, 5]
    expected = compute_class_weight("balanced", classes=np.unique(classes), y=classes)
    weights = balanced_class_weights(targets)
    assert weights == dict(zip([0, 2, 5], expected.tolist(), strict=True))
    assert sum(weights[one] for one in classes) == pytest.approx(len(classes))


def test_a_weight_is_that_of_the_class_times_its_own():
    targets, own = np.array([[2, 0, 1], [0, 2, 0]]), np.array([[1.0, 1.0, 2.0], [0.5, 1.0, 0.0]], "float32")
    expected = [[3.0, 0.5, 2.0], [0.25, 3.0, 0.0]]
    for same in (targets, targets[..., None].astype("float32"), np.eye(3)[targets]):
        weights = class_sample_weights(same, WEIGHTS, own)
        np.testing.assert_allclose(weights, expected)
        assert weights.dtype == "float32"
    np.testing.assert_allclose(class_sample_weights(targets[0], WEIGHTS, np.ones(3)), [3.0, 0.5, 1.0])


def test_padding_of_one_hot_targets_may_hold_zeros():
    targets = np.array([[1.0, 0.0], [0.0, 0.0]])
    np.testing.assert_allclose(class_sample_weights(targets, {0: 4.0}, np.array([1.0, 0.0])), [4.0, 0.0])


@pytest.mark.parametrize(
    ("targets", "class_weight", "own", "message"),
    [
        ([0.5, 1.0], WEIGHTS, [1.0, 1.0], r"need classes, numbered from 0. Received: targets such as \[0.5, 1.0\]"),
        (["a", "b"], WEIGHTS, [1.0, 1.0], "Encode names by a vocabulary"),
        ([[1, 1], [0, 1]], WEIGHTS, [1.0, 1.0], r"several hold at once here. Received: targets of shape \(2, 2\)"),
        ([0, 1, 1], WEIGHTS, [1.0, 1.0], r"one class for each weight. Received: targets of shape \(3,\)"),
        ([0, 1], {0: -1.0}, [1.0, 1.0], "class_weight is a dict of numbers, at least 0"),
        ([0, 1], {"neg": 1.0}, [1.0, 1.0], "Received: {'neg': 1.0}"),
        ([0, 1], "balanced", [1.0, 1.0], r"balanced_class_weights\(targets\) makes one"),
    ],
)
def test_what_has_no_class_is_an_error(targets, class_weight, own, message):
    with pytest.raises(ValueError, match=message):
        class_sample_weights(np.array(targets), class_weight, np.array(own))


@pytest.mark.parametrize("targets", [[], [np.array([-1, -1])]])
def test_no_targets_have_no_balance(targets):
    with pytest.raises(ValueError, match="at least one target with a class. Received: none"):
        balanced_class_weights(targets)


def test_any_keras_model_takes_weighted_batches():
    """Keras refuses class_weight beside weights; these batches bring both."""
    inputs = {"frames": [np.full((2, 1), value, "float32") for value in (1.0, 2.0, 3.0)]}
    batches = Batches(inputs, [0, 2, 2], batch_size=2, shuffle=True)
    weighted = ClassWeighted(batches, WEIGHTS)
    assert weighted.num_batches == len(batches) == 2
    for index in range(2):
        (inputs, targets, own), (same, again, weights) = batches[index], weighted[index]
        np.testing.assert_array_equal(inputs, same)
        np.testing.assert_array_equal(targets, again)
        np.testing.assert_array_equal(weights, own * np.where(targets == 0, 0.5, 3.0))
    model = keras.Sequential([keras.Input((2, 1)), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
    with pytest.raises(ValueError, match="at the same time"):
        model.fit(batches, class_weight=WEIGHTS, shuffle=False, verbose=0)
    epoch = batches.epoch
    model.fit(weighted, shuffle=False, verbose=0)
    assert batches.epoch > epoch
