from typing import Any

import keras
from keras.src.trainers.compile_utils import MetricsList
from keras.src.utils.tracking import no_automatic_dependency_tracking

from zoo.backend.replicas import num_replicas
from zoo.backend.tracing import build_optimizer
from zoo.models.base.required_targets import require_targets


class WithLoss:
    """Mixin of models that bring their own loss, `data_loss`; it stands before `keras.Model` among the bases.

        loss = data_loss(x, y, y_pred) + sum of regularizers and of what layers gave to `add_loss`

    `compile` takes an optimizer and no loss, and a loaded model is compiled as the saved one was. The logged loss is
    the mean over all that is real, however it is batched. (A mixin, because Keras replaces the bases of a functional
    model's class, and those of a shared base class with them.)
    """

    def data_loss(self, x, y, y_pred, sample_weight, training: bool) -> tuple[Any, Any]:
        """Return the mean loss of one batch without regularizers, and its weight: what the mean was divided by."""
        raise NotImplementedError

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True) -> Any:
        require_targets(self.name, y)  # type: ignore[attr-defined]
        loss, weight = self.data_loss(x, y, y_pred, sample_weight, training)
        loss = loss + sum(keras.ops.sum(extra) for extra in self.losses) / num_replicas()  # type: ignore[attr-defined]
        if isinstance(self._loss_tracker, LossMean):
            # A replica's loss is its part of the whole batch's; the sums of all replicas give the mean.
            self._loss_tracker.add(loss * num_replicas(), weight / num_replicas())
        return loss

    @no_automatic_dependency_tracking
    def compile(self, optimizer: Any = "rmsprop", loss: Any = None, **options: Any) -> None:
        """Compile as `keras.Model` does, with the model's own loss.

        Raises:
            ValueError: a loss is passed.
        """
        if loss is not None:
            raise ValueError(
                f"The model brings its own loss. Received: loss={loss!r}. Omit it: compile(optimizer) is enough. "
                "Regularizers and add_loss of layers are added to it."
            )
        super().compile(optimizer, **options)  # type: ignore[misc]
        self._loss_tracker = LossMean(name="loss")

    def compile_from_config(self, config: dict[str, Any]) -> None:
        # Keras leaves a loaded model uncompiled whose `compile` is overridden; this one takes what Keras' own takes.
        self.compile(**keras.saving.deserialize_keras_object(config))
        build_optimizer(self)  # type: ignore[arg-type]

    def make_train_function(self, force: bool = False) -> Any:
        build_optimizer(self)  # type: ignore[arg-type]
        return super().make_train_function(force)  # type: ignore[misc]


def mean_metric(name: str, direction: str) -> keras.metrics.Mean:
    """Return a mean that is better the lower ("down") or the higher ("up"), see `Monitored`."""
    metric = keras.metrics.Mean(name=name)
    metric._direction = direction
    return metric


class LossMean(keras.metrics.Mean):
    """Mean loss, each batch with the weight that `WithLoss.compute_loss` adds; Keras would weigh it by its rows."""

    def add(self, loss: Any, weight: Any) -> None:
        super().update_state(loss, sample_weight=weight)

    def update_state(self, values, sample_weight=None) -> None:
        """Ignore Keras' update, which comes after `add`."""


class Monitored(MetricsList):
    """Names a model's own metrics to callbacks, which then monitor them without a `mode`. An attribute of the model.

    Keras 3.15 looks for a metric's direction only among those of `compile`, which come in lists of this kind. The list
    has no state and no result: the model's metrics have.
    """

    variables: list = []  # noqa: RUF012 (a property of the base class)

    def reset_state(self) -> None:
        pass

    def result(self) -> dict:
        return {}
