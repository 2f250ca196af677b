"""One rule of every model that brings its own loss: regularizers are added, a loss of `compile` is refused."""

import keras
import numpy as np
import pytest
from keras import ops

import zoo
from zoo.models.base.with_loss import WithLoss, mean_metric

pytestmark = pytest.mark.each_backend
INT = {"dtype": "int32"}
FRAMES = {"frames": np.ones((1, 3, 2), "float32"), "lengths": np.array([3], **INT)}
# Arguments, inputs, targets, and a layer with a matrix.
FORMS = {
    "crf_tagger": ({"vocabulary_size": 6, "outputs": 2}, np.array([[2, 3, 1]], **INT), [[0, 1, 1]], "embedding"),
    "ctc_recognizer": ({"features": 2, "outputs": 3}, FRAMES, [[1, 2]], "head"),
    "language_model": ({"vocabulary_size": 6}, {"target": np.array([[2, 4, 5]], **INT)}, [[4, 5, 3]], "readout"),
}
EACH = pytest.mark.parametrize("name", FORMS)


def built(name):
    arguments, x, y, layer = FORMS[name]
    model = zoo.build(name, units=2, layers=1, **arguments)
    return model, x, np.array(y, **INT), model.get_layer(layer)


def loss(model, x, y):
    x, y = keras.tree.map_structure(ops.convert_to_tensor, (x, y))
    return float(model.compute_loss(x, y, model(x)))


@EACH
def test_regularizers_and_add_loss_are_part_of_the_loss(name):
    model, x, y, layer = built(name)
    plain = loss(model, x, y)
    kernel = layer.trainable_weights[0]
    kernel.regularizer = keras.regularizers.L2(0.5)
    penalty = 0.5 * np.square(ops.convert_to_numpy(kernel)).sum()
    assert loss(model, x, y) == pytest.approx(plain + penalty, rel=1e-5)
    assert penalty > 1e-4


@EACH
def test_a_loss_beside_its_own_is_refused(name):
    model, *_ = built(name)
    with pytest.raises(ValueError, match="brings its own loss. Received: loss='mse'. Omit it"):
        model.compile("adam", "mse")


@EACH
def test_a_compiled_model_is_loaded_compiled(name, tmp_path):
    model, x, y, _ = built(name)
    model.compile(keras.optimizers.Adam(0.02), run_eagerly=True)
    model.train_on_batch(x, y)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.compiled and isinstance(loaded, WithLoss)
    for one, other in zip(loaded.optimizer.variables, model.optimizer.variables, strict=True):
        np.testing.assert_array_equal(ops.convert_to_numpy(one), ops.convert_to_numpy(other))


@pytest.mark.parametrize(
    ("name", "monitor", "better"),
    [
        ("language_model", "val_nats", "less"),
        ("language_model", "val_perplexity", "less"),
        ("language_model", "val_accuracy", "greater"),
        ("crf_tagger", "val_accuracy", "greater"),
        ("crf_tagger", "val_nats", "less"),
        ("ctc_recognizer", "val_loss", "less"),
        ("ctc_recognizer", "val_nats", "less"),
    ],
)
def test_callbacks_know_which_way_a_metric_is_better(name, monitor, better):
    model, x, y, _ = built(name)
    model.compile("sgd", run_eagerly=True)
    callbacks = [keras.callbacks.EarlyStopping(monitor), keras.callbacks.ReduceLROnPlateau(monitor)]
    model.fit(x, y, validation_data=(x, y), epochs=1, verbose=0, callbacks=callbacks)
    assert all(callback.monitor_op.__name__ == better for callback in callbacks)


def test_a_mean_has_the_direction_it_is_given():
    metric = mean_metric("error", "down")
    metric.update_state([1.0, 3.0])
    assert (metric.name, metric._direction, float(metric.result())) == ("error", "down", 2.0)


def test_a_model_without_a_loss_is_unfinished():
    with pytest.raises(NotImplementedError):
        WithLoss().data_loss(None, None, None, None, training=True)
