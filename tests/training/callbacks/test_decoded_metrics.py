"""Figures of decoded outputs in the logs, where early stopping and a resumed training find them."""

import keras
import numpy as np
import pytest

from zoo.data.batches.padded import Batches
from zoo.training.callbacks.checkpoint import Checkpoint
from zoo.training.callbacks.decoded_metrics import DecodedMetrics
from zoo.training.metrics import classification

FRAMES = [np.eye(4, dtype="float32")[[n % 4]] for n in range(16)]
NAMES = ["north", "east", "south", "west"]
REFERENCES = [NAMES[n] for n in (0, 1, 2, 3)]


def decode(model):
    scores = model.predict(np.eye(4, dtype="float32")[:, None], verbose=0)
    return [NAMES[place] for place in scores.argmax(-1)]


@pytest.fixture
def fit(tmp_path):
    train = Batches({"frames": FRAMES}, [n % 4 for n in range(16)], batch_size=4, shuffle=True)

    def run(epochs, callbacks, folder=None):
        keras.utils.set_random_seed(4)
        wrong = keras.initializers.Identity(gain=-1.0)
        layers = [keras.layers.Flatten(), keras.layers.Dense(4, "softmax", kernel_initializer=wrong)]
        model = keras.Sequential([keras.Input((1, 4)), *layers])
        model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy")
        (tmp_path / str(folder)).mkdir(exist_ok=True)
        last = [Checkpoint(tmp_path / folder / "checkpoint.npz", train, callbacks)] if folder else []
        done = train.epoch = last[0].epoch if last else 0
        callbacks = [*callbacks, *last]
        logged = model.fit(
            train, shuffle=False, callbacks=callbacks, initial_epoch=done, epochs=epochs, verbose=0
        ).history
        return model, last[0].history if last else logged

    return run


@pytest.mark.each_backend
def test_the_figures_are_those_of_the_model_at_that_epoch(fit):
    own = []
    first = DecodedMetrics(decode, REFERENCES, {"exact": classification.accuracy, "count": lambda said, _: len(said)})
    note = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: own.append(decode(first.model)))
    _, history = fit(8, [first, note])
    expected = [sum(map(str.__eq__, said, REFERENCES)) / 4 for said in own]
    assert history["val_exact"] == expected
    assert history["val_count"] == [4.0] * 8
    assert expected[0] < expected[-1] == 1.0  # it learnt something


def test_skipped_epochs_keep_the_last_figures(fit):
    calls = []

    def count(said, expected):
        calls.append(said)
        return len(calls)

    _, history = fit(7, [DecodedMetrics(decode, REFERENCES, {"calls": count}, every=3, prefix="decoded_")])
    assert history["decoded_calls"] == [1, 1, 1, 2, 2, 2, 3]


def test_early_stopping_watches_them(fit):
    rising = iter([1.0, 5.0, 2.0, 3.0, 4.0, 6.0])
    stopping = keras.callbacks.EarlyStopping("val_made", mode="max", patience=2, restore_best_weights=True)
    seen = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: weights.append(stopping.model.get_weights()))
    weights = []
    made = DecodedMetrics(decode, REFERENCES, {"made": lambda *_: next(rising)})
    model, history = fit(6, [made, seen, stopping])
    assert history["val_made"] == [1.0, 5.0, 2.0, 3.0]
    for one, other in zip(model.get_weights(), weights[1], strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.each_backend
def test_a_resumed_training_remembers_them(fit):
    def callbacks():
        figure = {"share": lambda said, _: sum(map(len, said)) / 7}
        return [
            DecodedMetrics(decode, REFERENCES, figure, every=3),
            keras.callbacks.EarlyStopping("val_share", mode="max", patience=9, restore_best_weights=True),
        ]

    whole, history = fit(6, callbacks(), "whole")
    fit(2, callbacks(), "parts")
    resumed, parts = fit(6, callbacks(), "parts")  # epoch 3 is one of those that are skipped
    assert parts == history
    for one, other in zip(resumed.variables, whole.variables, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("every", "figures"), [(0, {"a": len}), (1, {})])
def test_nothing_to_log(every, figures):
    with pytest.raises(ValueError, match=rf"every >= 1 and at least one metric\. Received: every={every}"):
        DecodedMetrics(decode, REFERENCES, figures, every=every)


def test_outputs_that_do_not_pair_up_and_names_that_are_taken(fit):
    with pytest.raises(ValueError, match=r"Received: 3 outputs, 4 references\."):
        fit(1, [DecodedMetrics(lambda model: [1, 2, 3], REFERENCES, {"a": classification.accuracy})])
    with pytest.raises(ValueError, match="Received: loss, which is logged already"):
        fit(1, [DecodedMetrics(decode, REFERENCES, {"loss": classification.accuracy}, prefix="")])
