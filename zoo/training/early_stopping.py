"""Which epoch's weights a training keeps."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras

from zoo.training.figures import rising

TIE_BREAKER = "val_loss"


class EarlyStopping(keras.callbacks.EarlyStopping):
    """Keras' early stopping, with ties broken by the validation loss.

    A metric of whole outputs stays at 0 for the first epochs of a hard task, while the loss falls: by the metric alone
    the first epoch would be kept and the training stopped. Of epochs that are equal in both the first is kept.

    Args:
        monitor: the metric; its name tells whether more of it is better.
        patience: epochs without a better one before training stops.
        verbose: 1 prints which epoch's weights are restored.
    """

    def __init__(self, monitor: str, *, patience: int, verbose: int = 0):
        mode = "max" if rising(monitor) else "min"
        super().__init__(monitor, patience=patience, mode=mode, restore_best_weights=True, verbose=verbose)
        self.best_tie_breaker = math.inf

    def on_epoch_end(self, epoch, logs=None):
        value, tie_breaker = ((logs or {}).get(name) for name in (self.monitor, TIE_BREAKER))
        if value is not None and value == self.best and tie_breaker is not None and tie_breaker < self.best_tie_breaker:
            self.best = math.inf if self.mode == "min" else -math.inf  # which an equal value improves on
        super().on_epoch_end(epoch, logs)
        if self.best_epoch == epoch and tie_breaker is not None:
            self.best_tie_breaker = float(tie_breaker)


def best_epoch(history: Sequence[Mapping[str, Any]], monitor: str) -> Mapping[str, Any]:
    """Return the metrics of the epoch whose weights `EarlyStopping` keeps."""
    sign = 1 if rising(monitor) else -1
    return max(history, key=lambda row: (sign * float(row[monitor]), -float(row.get(TIE_BREAKER, 0.0))))
