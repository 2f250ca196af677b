"""Averaged weights: the mean of the last epochs instead of the last epoch."""

import keras
import numpy as np


class AveragedWeights(keras.callbacks.Callback):
    """Shows everyone but the training itself the mean of the weights at the ends of the last epochs.

    Validation, early stopping, the checkpoint's metrics and the model that `fit` leaves all have the mean; the next
    epoch trains on from its own weights. Moving statistics (of batch normalisation) are averaged as weights are.

        callbacks = [AveragedWeights(5), keras.callbacks.EarlyStopping(restore_best_weights=True)]

    Unlike `keras.callbacks.SwapEMAWeights` it can be resumed: what the training goes on from is state that
    `zoo.training.callbacks.checkpoint.Checkpoint` keeps, and no epoch is special for being the last. It stands before
    all callbacks that look at the model at the end of an epoch.

    Args:
        epochs: how many are averaged; while fewer are done, all of them. The host holds that many copies of the
            weights, and so does a checkpoint.
    Attributes:
        window: the weights of those epochs, one epoch after the other, the newest last.
    Raises:
        ValueError: epochs < 1.
    """

    def __init__(self, epochs: int = 5):
        super().__init__()
        if epochs < 1:
            raise ValueError(f"AveragedWeights needs at least 1 epoch to average. Received: epochs={epochs}.")
        self.epochs = epochs
        self.window: list[np.ndarray] = []
        self._training = False

    def on_train_begin(self, logs=None):
        self.window, self._training = [], False

    def on_epoch_begin(self, epoch, logs=None):
        if self.window:
            self.model.set_weights(self.window[-len(self.model.weights) :])
        self._training = True

    def on_test_begin(self, logs=None):
        self._average()

    def on_epoch_end(self, epoch, logs=None):
        self._average()  # of a training without validation

    def _average(self):
        if not self._training:
            return
        self._training = False
        count = len(self.model.weights)
        self.window = [*self.window, *self.model.get_weights()][-self.epochs * count :]
        self.model.set_weights([_mean(self.window[index::count]) for index in range(count)])


def _mean(arrays):
    # Whole numbers are counters and tables, whose mean would mean nothing.
    newest = arrays[-1]
    return np.mean(arrays, axis=0, dtype="float64").astype(newest.dtype) if newest.dtype.kind == "f" else newest
