from typing import Any

import keras
from keras import ops

from zoo.backend.replicas import all_reduce_sum
from zoo.distributions.categorical import Categorical
from zoo.models.base.autoregressive_model import AutoregressiveModel
from zoo.models.base.with_loss import WithLoss


class TrainingObjective(WithLoss, keras.Model):
    """Wraps an autoregressive model with another training objective than teacher forcing; shares its weights.

        objective = ScheduledSampling(model, InverseSigmoid(2000))
        objective.compile("adam")
        objective.fit(batches, ...)       # trains `model`; generate with it and save it

    `fit`, callbacks and checkpoints see an ordinary model; validation and `evaluate` use the model's own loss of the
    targets. `updates`, a weight, counts the training steps, so that a schedule continues from a checkpoint.

    A subclass defines `training_loss`, and as `monitor` the logged metric to watch, if it is not the loss.

    Args:
        model: a `zoo.models.base.autoregressive_model.AutoregressiveModel` that emits tokens.
    Raises:
        ValueError: another model.
    """

    monitor: str | None = None

    def __init__(self, model: keras.Model, *, name: str | None = None):
        if not isinstance(model, AutoregressiveModel) or not isinstance(model.distribution, Categorical):
            raise ValueError(
                f"{type(self).__name__} feeds a model its own tokens: it needs an autoregressive model of tokens, such "
                f"as language_model or encoder_decoder. Received: {model.name}"
            )
        super().__init__(name=name, dtype=model.dtype_policy)
        self.model = model
        # Training may log other metrics than validation: not every objective computes the likelihood of the targets.
        self.validation_metrics: list[keras.metrics.Metric] = [*model.nll_metrics, *model.accuracy_metrics]
        self.training_metrics = self.validation_metrics
        self.updates = self.add_weight(shape=(), dtype="int32", initializer="zeros", trainable=False, name="updates")
        self.built = True

    def training_loss(self, inputs: dict, targets, sample_weight) -> Any:
        """Return the loss of one batch without regularizers. Layers are in training mode only if called with
        training=True.
        """
        raise NotImplementedError

    def compile(self, optimizer=None, loss=None, **options):
        """Compile as the model; without an optimizer, with a new one that has the configuration of the model's."""
        if loss is not None or options.get("metrics") or options.get("weighted_metrics"):
            raise ValueError("A training objective has its own loss and metrics: compile(optimizer) is enough.")
        if optimizer is None:
            optimizer = getattr(self.model, "optimizer", None)
            if optimizer is None:
                raise ValueError("The model was not compiled: pass an optimizer, such as compile('adam').")
            optimizer = getattr(optimizer, "inner_optimizer", optimizer)
            optimizer = type(optimizer).from_config(optimizer.get_config())
        super().compile(optimizer, **options)

    def call(self, inputs, training=False):
        # In training everything is computed in the loss, which has the targets.
        return {"rows": inputs["target"][:, 0]} if training else self.model(inputs)

    def data_loss(self, x, y, y_pred, sample_weight, training):
        self._logged = self.training_metrics if training else self.validation_metrics
        if not training:
            return self.model.data_loss(x, y, y_pred, sample_weight, training=False)
        loss = self.training_loss(x, y, sample_weight)
        self.updates.assign(self.updates + 1)
        return loss, all_reduce_sum(self.model.weigh(y, sample_weight))

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        return self.get_metrics_result()

    def get_metrics_result(self):
        return {"loss": self._loss_tracker.result()} | {metric.name: metric.result() for metric in self._logged}

    @property
    def metrics(self):
        # Without those of the model, whose loss would replace this one.
        others = [metric for metric in self.training_metrics if metric not in self.validation_metrics]
        return ([self._loss_tracker] if self.compiled else []) + self.validation_metrics + others

    def save(self, *arguments, **options):
        """Raise ValueError: the weights are those of the model."""
        raise ValueError("A training objective is for training only: save its model, `objective.model`.")


def repeat(inputs: dict, copies: int, target) -> dict:
    """Repeat each row of every input but the target, which has been repeated already."""
    others = {name: tensor for name, tensor in inputs.items() if name != "target"}
    if copies > 1:
        others = {name: ops.repeat(tensor, copies, axis=0) for name, tensor in others.items()}
    return {**others, "target": target}
