"""The mean that everyone sees, against weights noted by hand, with early stopping and across a kill."""

import keras
import numpy as np
import pytest

from zoo.data.batches.padded import Batches
from zoo.training.callbacks.averaged_weights import AveragedWeights
from zoo.training.callbacks.checkpoint import Checkpoint


class Note(keras.callbacks.Callback):
    """Before AveragedWeights: the weights that the epoch ended with. After it: those that others see."""

    def __init__(self):
        super().__init__()
        self.ends, self.begins = [], []

    def on_epoch_begin(self, epoch, logs=None):
        self.begins.append(self.model.get_weights())

    def on_test_begin(self, logs=None):
        self.ends.append(self.model.get_weights())

    def on_epoch_end(self, epoch, logs=None):
        if len(self.ends) == epoch:  # no validation
            self.ends.append(self.model.get_weights())


@pytest.fixture
def fit(random, tmp_path):
    frames = [random.normal(size=(3, 2)).astype("float32") for _ in range(24)]
    train = Batches({"frames": frames}, [frame.sum() for frame in frames], batch_size=4, shuffle=True, seed=1)
    valid = Batches({"frames": frames[:8]}, [frame.mean() for frame in frames[:8]], batch_size=4)

    def run(epochs, callbacks, folder=None, validation=valid, optimizer=None):
        keras.utils.set_random_seed(4)
        layers = [keras.layers.Flatten(), keras.layers.Dense(3, "tanh"), keras.layers.Dropout(0.5)]
        model = keras.Sequential([keras.Input((3, 2)), *layers, keras.layers.Dense(1)])
        model.compile(optimizer or keras.optimizers.Adam(0.05), "mse")
        (tmp_path / str(folder)).mkdir(exist_ok=True)
        last = [Checkpoint(tmp_path / folder / "checkpoint.npz", train, callbacks)] if folder else []
        done = train.epoch = last[0].epoch if last else 0
        history = model.fit(
            train,
            validation_data=validation,
            shuffle=False,
            callbacks=[*callbacks, *last],
            initial_epoch=done,
            epochs=done if last and last[0].stopped else epochs,
            verbose=0,
        )
        return model, last[0].history if last else history.history

    run.valid = valid
    return run


@pytest.mark.each_backend
@pytest.mark.parametrize("validated", [True, False])
def test_others_see_the_mean_and_training_goes_on_from_its_own(fit, validated):
    before, after = Note(), Note()
    model, history = fit(5, [before, AveragedWeights(3), after], validation=fit.valid if validated else None)
    for epoch in range(5):
        noted = before.ends[max(0, epoch - 2) : epoch + 1]
        for place, seen in enumerate(after.ends[epoch]):
            np.testing.assert_allclose(seen, np.mean([weights[place] for weights in noted], axis=0), rtol=2e-6)
    for own, following in zip(before.ends, after.begins[1:], strict=False):
        for one, other in zip(own, following, strict=True):
            np.testing.assert_array_equal(one, other)
    for left, seen in zip(model.get_weights(), after.ends[-1], strict=True):
        np.testing.assert_array_equal(left, seen)
    if validated:  # the last figure is the mean's
        assert model.evaluate(fit.valid, verbose=0) == pytest.approx(history["val_loss"][-1], rel=1e-5)


@pytest.mark.slow
@pytest.mark.each_backend
def test_the_training_itself_is_that_without_averaging(fit):
    plain, averaged = Note(), Note()
    fit(4, [plain])
    fit(4, [averaged, AveragedWeights(2)])
    for one, other in zip(plain.ends[-1], averaged.ends[-1], strict=True):
        np.testing.assert_array_equal(one, other)


def early(folder, fit, epochs, averaging):
    stopping = keras.callbacks.EarlyStopping("val_loss", patience=2, restore_best_weights=True)
    optimizer = None
    if averaging is keras.callbacks.SwapEMAWeights:
        averager = averaging(swap_on_epoch=True)
        optimizer = keras.optimizers.Adam(0.05, use_ema=True, ema_momentum=0.8)
    else:
        averager = averaging(3)
    return fit(epochs, [averager, stopping], folder, optimizer=optimizer)


@pytest.mark.each_backend
def test_a_resumed_training_ends_as_one_never_interrupted(fit):
    whole, history = early("whole", fit, 6, AveragedWeights)
    for epochs in (1, 3, 6):
        resumed, parts = early("parts", fit, epochs, AveragedWeights)
    assert parts == history
    for one, other in zip(resumed.variables, whole.variables, strict=True):
        np.testing.assert_array_equal(one, other)
    for one, other in zip(resumed.optimizer.variables, whole.optimizer.variables, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.each_backend
def test_the_restored_epoch_is_the_best_mean(fit):
    model, history = early("a", fit, 40, AveragedWeights)
    figures = [epoch["val_loss"] for epoch in history]
    assert len(figures) < 40  # it did stop
    assert model.evaluate(fit.valid, verbose=0) == pytest.approx(min(figures), rel=1e-5)
    again, _ = early("a", fit, 40, AveragedWeights)  # resumed after its end
    assert again.evaluate(fit.valid, verbose=0) == pytest.approx(min(figures), rel=1e-5)


@pytest.mark.slow
def test_keras_own_averaging_cannot_be_resumed(fit):
    """Why this one exists: which of its two sets of weights the model holds is in no state that could be kept."""
    _, history = early("whole", fit, 4, keras.callbacks.SwapEMAWeights)
    early("parts", fit, 2, keras.callbacks.SwapEMAWeights)
    _, parts = early("parts", fit, 4, keras.callbacks.SwapEMAWeights)
    assert parts[:2] == history[:2]
    assert parts[2]["loss"] != pytest.approx(history[2]["loss"], rel=1e-3)


def test_nothing_to_average():
    with pytest.raises(ValueError, match=r"at least 1 epoch to average\. Received: epochs=0"):
        AveragedWeights(0)
