"""Padding and class weights in `fit`, `evaluate` and `train_on_batch`, against a stock model and NumPy in float64."""

import keras
import numpy as np
import pytest
from keras.src.backend import get_keras_mask

import zoo
from tests.models.eagerly import run_eagerly
from zoo.data.batches.padded import Batches
from zoo.models.base.class_weights import class_sample_weights
from zoo.models.base.mapping_model import MappingModel, PerStepModel
from zoo.training.losses import WeightedMean
from zoo.training.metrics.step_accuracy import StepAccuracy

TOKENS = np.array([[3, 1, 7, 2], [5, 6, 0, 0], [4, 0, 0, 0]], "int32")
REAL = TOKENS > 0
TAGS = np.array([[0, 2, 1, 1], [2, 2, 0, 0], [1, 0, 0, 0]], "int32")
BY_STEP = [tags[real] for tags, real in zip(TAGS, REAL, strict=True)]
FRAMES = {"frames": np.random.default_rng(0).normal(size=(3, 4, 2)).astype("float32"), "lengths": REAL.sum(1)}
CROSS_ENTROPY = "sparse_categorical_crossentropy"
# Name, arguments, inputs of those that say one thing a step.
FORMS = {
    "many_to_many": ("many_to_many", {"vocabulary_size": 8, "embedding_size": 3}, TOKENS),
    "many_to_many of spelled words": (
        "many_to_many",
        {"vocabulary_size": 8, "embedding_size": 3, "character_vocabulary_size": 5, "character_units": 2},
        {"tokens": TOKENS, "characters": np.where(REAL[..., None], [1, 2], 0).astype("int32")},
    ),
    "many_to_many of frames": ("many_to_many", {"features": 2, "variable_length": True}, FRAMES),
    "turing_machine": (
        "turing_machine",
        {"vocabulary_size": 8, "embedding_size": 3, "slots": 4, "slot_size": 2, "activation": "softmax"},
        TOKENS,
    ),
    "transformer_encoder": ("transformer_encoder", {"vocabulary_size": 8, "per_step": True, "heads": 2}, TOKENS),
}
LOSSES = {
    "string": CROSS_ENTROPY,
    "mean_with_sample_weight": keras.losses.SparseCategoricalCrossentropy(reduction="mean_with_sample_weight"),
    "weighted mean": WeightedMean(keras.losses.SparseCategoricalCrossentropy(reduction="none")),
}


@pytest.fixture(autouse=True)
def _eagerly():
    with run_eagerly():
        yield


def built(form, **more):
    """A model whose answers differ from step to step."""
    name, arguments, inputs = FORMS[form]
    model = zoo.build(name, units=4, outputs=3, **arguments, **more)
    for number, weight in enumerate(model.trainable_weights):
        weight.assign(np.random.default_rng(number).normal(size=weight.shape, scale=0.8))
    return model, inputs


def expected_figures(model, inputs, weights):
    """Mean loss and accuracy of the steps by their weights, by NumPy."""
    measured = np.asarray(model.predict(inputs, verbose=0), "float64")
    nats = -np.log(np.take_along_axis(measured, TAGS[..., None], -1)[..., 0])
    right = measured.argmax(-1) == TAGS
    return {"loss": (nats * weights).sum() / weights.sum(), "accuracy": (right * weights).sum() / weights.sum()}


def stock_model(model):
    """The same network of stock layers, with the same weights; its embedding makes Keras' own mask."""
    stock = keras.Sequential(
        [
            keras.layers.Embedding(8, 3, mask_zero=True),
            keras.layers.LSTM(4, return_sequences=True),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    stock.build((None, None))
    stock.set_weights(model.get_weights())
    return stock


@pytest.mark.each_backend
@pytest.mark.parametrize("loss", LOSSES)
def test_padding_counts_as_in_a_stock_model_with_a_mask(loss):
    """In the loss, in metrics and in what is learned, of plain arrays."""
    model, _ = built("many_to_many", bidirectional=False)
    stock, measured = stock_model(model), []
    for one in (model, stock):
        one.compile(keras.optimizers.SGD(0.5), LOSSES[loss], metrics=["accuracy"], weighted_metrics=[CROSS_ENTROPY])
        figures = one.evaluate(TOKENS, TAGS, verbose=0, return_dict=True)
        one.fit(TOKENS, TAGS, epochs=2, shuffle=False, verbose=0)
        measured.append((figures, one.get_weights()))
    (figures, weights), (others, stock_weights) = measured
    assert figures == pytest.approx(others, rel=1e-5)
    for array, other in zip(weights, stock_weights, strict=True):
        np.testing.assert_allclose(array, other, atol=1e-5)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("loss", LOSSES)
def test_plain_arrays_are_measured_on_real_steps(form, loss):
    model, inputs = built(form)
    model.compile("sgd", LOSSES[loss], metrics=["accuracy"])
    expected = expected_figures(model, inputs, REAL)
    assert model.evaluate(inputs, TAGS, verbose=0, return_dict=True) == pytest.approx(expected, rel=1e-4)
    assert expected["loss"] != pytest.approx(expected_figures(model, inputs, np.ones(REAL.shape))["loss"], rel=1e-3)


@pytest.mark.parametrize("weighted", [False, True])
def test_more_padding_changes_nothing(weighted):
    model, _ = built("many_to_many")
    model.compile("sgd", CROSS_ENTROPY, metrics=[StepAccuracy()])
    measured = []
    for more in (0, 3):
        tokens, tags, real = (np.pad(array, [(0, 1), (0, more)]) for array in (TOKENS, TAGS, REAL))
        weights = real.astype("float32") if weighted else None
        measured.append(model.evaluate(tokens, tags, sample_weight=weights, verbose=0, return_dict=True))
    assert measured[0] == pytest.approx(measured[1], rel=1e-5)


def test_one_weight_an_example_counts_its_steps():
    model, _ = built("many_to_many")
    by_row = np.array([0.5, 2.0, 1.0], "float32")
    expected = expected_figures(model, TOKENS, REAL * by_row[:, None])
    for loss in ("mean_with_sample_weight", "weighted mean"):
        model.compile("sgd", LOSSES[loss], weighted_metrics=[StepAccuracy()])
        measured = model.evaluate(TOKENS, TAGS, sample_weight=by_row, verbose=0, return_dict=True)
        assert measured == pytest.approx(expected, rel=1e-4)


def test_predictions_carry_no_mask_before_or_after():
    model, _ = built("many_to_many")
    model.compile("sgd", CROSS_ENTROPY)
    x, y = keras.ops.convert_to_tensor(TOKENS), keras.ops.convert_to_tensor(TAGS)
    predictions = model(x)
    model.compute_loss(x, y, predictions)
    model.compute_metrics(x, y, predictions)
    assert get_keras_mask(predictions) is None


@pytest.mark.parametrize("name", ["many_to_one", "many_to_many"])
def test_a_model_is_saved_and_cloned_as_what_it_is(name, tmp_path):
    model = zoo.build(name, vocabulary_size=8, units=2, outputs=3)
    model.compile("sgd", CROSS_ENTROPY)
    model.save(tmp_path / "model.keras")
    kind = {"many_to_one": MappingModel, "many_to_many": PerStepModel}[name]
    for copy in (keras.saving.load_model(tmp_path / "model.keras"), keras.models.clone_model(model), model):
        assert type(copy) is kind
        assert copy.name == name
    inner = keras.Input((None,), dtype="int32")
    assert keras.Model(inner, model(inner)).predict(TOKENS, verbose=0).shape[0] == 3


CLASS_WEIGHT = {0: 0.5, 1: 2.0, 2: 3.0}


def batches(**options):
    return Batches({"tokens": [row[row > 0] for row in TOKENS]}, batch_size=2, buckets=2, **options)


def learned(model, weights_of, *, count):
    """The weights after a step of plain gradient descent a batch, their losses weighed by NumPy."""
    model.compile(keras.optimizers.SGD(0.5), LOSSES["weighted mean"])
    for index in range(count):
        model.train_on_batch(*weights_of(index))
    return model.get_weights()


@pytest.mark.each_backend
@pytest.mark.parametrize(("name", "targets"), [("many_to_one", [2, 0, 1]), ("many_to_many", BY_STEP)])
def test_class_weights_multiply_those_of_batches(name, targets):
    """And leave validation as it is."""
    model = zoo.build(name, vocabulary_size=8, embedding_size=3, units=4, outputs=3)
    start, data = model.get_weights(), batches(targets=targets, aligned=name == "many_to_many")

    def by_hand(index):
        x, y, own = data[index]
        table = np.array([CLASS_WEIGHT[number] for number in range(3)], "float32")
        return x, y, own * table[y]

    expected = learned(model, by_hand, count=len(data))
    model.set_weights(start)
    model.compile(keras.optimizers.SGD(0.5), LOSSES["weighted mean"], weighted_metrics=[StepAccuracy()])
    history = model.fit(data, class_weight=CLASS_WEIGHT, validation_data=data, shuffle=False, verbose=0).history
    for one, other in zip(model.get_weights(), expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    assert any(np.abs(one - other).max() > 1e-3 for one, other in zip(expected, start, strict=True))
    unweighted = model.evaluate(data, verbose=0, return_dict=True)
    assert history["val_loss"][0] == pytest.approx(unweighted["loss"], rel=1e-5)
    assert history["val_accuracy"][0] == pytest.approx(unweighted["accuracy"], rel=1e-5)


def test_class_weights_of_arrays_hold_for_every_step():
    """Keras would take the last axis of tags (B, S) for one-hot classes."""
    model, _ = built("many_to_many")
    start = model.get_weights()
    weights = class_sample_weights(TAGS, CLASS_WEIGHT, np.ones(TAGS.shape))
    expected = learned(model, lambda index: (TOKENS, TAGS, weights), count=1)
    for train in ("fit", "train_on_batch"):
        model.set_weights(start)
        model.compile(keras.optimizers.SGD(0.5), LOSSES["weighted mean"])
        options = {"verbose": 0, "shuffle": False} if train == "fit" else {}
        getattr(model, train)(TOKENS, TAGS, class_weight=CLASS_WEIGHT, **options)
        for one, other in zip(model.get_weights(), expected, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-6)


def test_class_weights_of_steps_cannot_split_validation_off():
    model, _ = built("many_to_many")
    model.compile("sgd", CROSS_ENTROPY)
    with pytest.raises(ValueError, match="validation_split=0.5. Pass validation_data"):
        model.fit(TOKENS, TAGS, class_weight=CLASS_WEIGHT, validation_split=0.5, verbose=0)


def test_a_tagger_with_its_own_loss_takes_class_weights():
    model = zoo.build("crf_tagger", vocabulary_size=8, units=2, outputs=3)
    start, data = model.get_weights(), batches(targets=BY_STEP, aligned=True)
    measured = []
    for class_weight in (CLASS_WEIGHT, None, dict.fromkeys(range(3), 2.0)):
        model.set_weights(start)
        model.compile(keras.optimizers.SGD(0.5))
        model.fit(data, class_weight=class_weight, shuffle=False, verbose=0)
        measured.append(model.get_weights())
    weighted, plain, equal = measured
    assert max(np.abs(one - other).max() for one, other in zip(weighted, plain, strict=True)) > 1e-3
    for one, other in zip(equal, plain, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_stock_class_weights_still_reach_keras():
    model = zoo.build("many_to_one", vocabulary_size=8, units=2, outputs=3)
    model.compile("sgd", CROSS_ENTROPY)
    loss = model.fit(TOKENS, np.array([2, 0, 1]), class_weight=dict.fromkeys(range(3), 0.0), verbose=0).history["loss"]
    assert loss == [0.0]


def test_a_model_is_drawn_as_a_graph_of_its_layers():
    """What `keras.utils.plot_model` draws, with the extra [plot-model]."""
    drawn = keras.utils.model_to_dot(zoo.build("many_to_one", vocabulary_size=8, units=2)).to_string()
    assert "embedding" in drawn and "head" in drawn
