"""Early stopping, and the epoch whose weights a training keeps."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras

from zoo.training.metrics.direction import higher_is_better

# The first that is logged: nats are a mean over all that is real, Keras' loss one over batches.
TIE_BREAKERS = ("val_nats", "val_loss")


class EarlyStopping(keras.callbacks.EarlyStopping):
    """Keras' early stopping, with ties broken by the nats on the validation data, or else the loss.

    A metric of whole outputs stays at 0 for the first epochs of a hard task, while the loss falls: by the metric alone
    the first epoch would be kept and the training stopped. Of epochs that are equal in both the first is kept.

    Args:
        monitor: the metric; its name decides whether more of it is better.
        patience: epochs without a better one before training stops.
        verbose: 1 prints which epoch's weights are restored.
    """

    def __init__(self, monitor: str, *, patience: int, verbose: int = 0):
        mode = "max" if higher_is_better(monitor) else "min"
        super().__init__(monitor, patience=patience, mode=mode, restore_best_weights=True, verbose=verbose)
        self.best_tie_breaker = math.inf

    def on_epoch_end(self, epoch, logs=None):
        value, tie_breaker = (logs or {}).get(self.monitor), _tie_breaker(logs or {})
        if value is not None and value == self.best and tie_breaker < self.best_tie_breaker:
            self.best = math.inf if self.mode == "min" else -math.inf  # which an equal value improves on
        super().on_epoch_end(epoch, logs)
        if self.best_epoch == epoch:
            self.best_tie_breaker = tie_breaker


def best_epoch(history: Sequence[Mapping[str, Any]], monitor: str) -> Mapping[str, Any]:
    """Return the metrics of the epoch whose weights `EarlyStopping` keeps."""
    sign = 1 if higher_is_better(monitor) else -1
    return max(history, key=lambda row: (sign * float(row[monitor]), -_tie_breaker(row)))


def _tie_breaker(logs: Mapping[str, Any]) -> float:
    return next((float(logs[name]) for name in TIE_BREAKERS if name in logs), math.inf)
