import keras
import numpy as np
import pytest

from zoo.training.callbacks.early_stopping import EarlyStopping, best_epoch


def run(history, monitor, patience):
    """The epoch whose weights are kept, and the last one, of a training that logs these metrics."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.stop_training = False
    stopping = EarlyStopping(monitor, patience=patience)
    stopping.set_model(model)
    stopping.on_train_begin()
    last = 0
    for epoch, logs in enumerate(history):
        model.set_weights([np.array([[float(epoch)]])])
        last = epoch
        stopping.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    stopping.on_train_end()
    return int(model.get_weights()[0][0, 0]), last


def rows(monitor, values, losses):
    return [{monitor: value, "val_loss": loss} for value, loss in zip(values, losses, strict=True)]


@pytest.mark.parametrize(
    ("monitor", "values", "losses", "kept", "last"),
    [
        ("val_exact", [0, 0, 0, 0, 0.1, 0.1], [5, 4, 3, 2, 1, 2], 4, 5),  # it improves in the loss alone
        ("val_exact", [0.5, 0.5, 0.5, 0.5, 0.6], [1, 1, 2, 3, 0], 0, 2),  # equal in both: the first
        ("val_word_error", [1, 1, 1, 0.9], [5, 4, 6, 7], 3, 3),
        ("val_loss", [3, 2, 2, 2], [3, 2, 2, 2], 1, 3),
        ("val_exact", [0.2, 0.1, 0.1], [5, 1, 0], 0, 2),  # the metric comes first
    ],
)
def test_ties_are_broken_by_the_validation_loss(monitor, values, losses, kept, last):
    history = rows(monitor, values, losses)
    assert run(history, monitor, patience=2) == (kept, last)
    assert best_epoch(history[: last + 1], monitor) is history[kept]


def test_nats_break_ties_before_the_loss():
    """Keras' loss is a mean over batches, filling included; the nats are one over all that is real."""
    history = [{"val_exact": 0.0, "val_loss": loss, "val_nats": nats} for loss, nats in ((1, 3), (2, 1), (0, 2))]
    assert run(history, "val_exact", patience=5) == (1, 2)
    assert best_epoch(history, "val_exact") is history[1]


def test_without_a_validation_loss_the_first_of_equals_is_kept():
    history = [{"val_exact": value} for value in (0.0, 0.5, 0.5)]
    assert run(history, "val_exact", patience=5) == (1, 2)
    assert best_epoch(history, "val_exact") is history[1]


def test_it_says_which_epoch_is_kept(capsys):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    data = np.zeros((2, 1)), np.zeros((2, 1))
    stopping = EarlyStopping("val_loss", patience=1, verbose=1)
    model.fit(*data, validation_data=data, epochs=2, verbose=0, callbacks=[stopping])
    assert "Restoring model weights from the end of the best epoch: 1." in capsys.readouterr().out
