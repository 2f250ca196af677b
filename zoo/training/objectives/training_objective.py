from typing import Any

import keras
from keras import ops

from zoo.backend.replicas import all_reduce_sum
from zoo.distributions.categorical import Categorical
from zoo.models.base.with_loss import WithLoss


class TrainingObjective(WithLoss, keras.Model):
    """A way to train a generating model other than by the truth alone: a Keras model around it that shares its weights.

        regime = ScheduledSampling(model, InverseSigmoid(2000))
        regime.compile("adam")
        regime.fit(batches, ...)          # `model` is trained; generate with it and save it

    `fit`, callbacks and checkpoints see an ordinary model; validation and `evaluate` are the model's own, by the truth.
    `updates`, a weight, counts the training steps, so a schedule goes on where a checkpoint left it.

    A subclass gives `training_loss`, and as `monitor` the logged figure that tells how well it goes, if not the loss.

    Args:
        model: of tokens, keeping the contract of `zoo.models.base.autoregressive_model.AutoregressiveModel`.
    Raises:
        ValueError: a model that says no tokens or cannot step.
    """

    monitor: str | None = None

    def __init__(self, model: keras.Model, *, name: str | None = None):
        if not hasattr(model, "step") or not isinstance(model.distribution, Categorical):
            raise ValueError(
                f"{type(self).__name__} feeds a model its own tokens: it needs a model that generates tokens, such as "
                f"language_model or encoder_decoder. Received: {model.name}"
            )
        super().__init__(name=name, dtype=model.dtype_policy)
        self.model = model
        # What is told of training and of validation: a regime may not know the likelihood of the truth while it trains.
        self.figures: list[keras.metrics.Metric] = [*model.nll_metrics, *model.accuracy_metrics]
        self.training_figures = self.figures
        self.updates = self.add_weight(shape=(), dtype="int32", initializer="zeros", trainable=False, name="updates")
        self.built = True

    def training_loss(self, inputs: dict, targets, sample_weight) -> Any:
        """Return the loss of one batch without regularizers. Layers inside are in training only if called so."""
        raise NotImplementedError

    def compile(self, optimizer=None, loss=None, **options):
        """As of the model inside; without an optimizer, with a new one of the kind the model was compiled with."""
        if loss is not None or options.get("metrics") or options.get("weighted_metrics"):
            raise ValueError("A regime brings its own loss and figures: compile(optimizer) is enough.")
        if optimizer is None:
            own = getattr(self.model, "optimizer", None)
            if own is None:
                raise ValueError("The model was not compiled: give the regime an optimizer, such as compile('adam').")
            own = getattr(own, "inner_optimizer", own)
            optimizer = type(own).from_config(own.get_config())
        super().compile(optimizer, **options)

    def call(self, inputs, training=False):
        # In training everything is computed in the loss, which knows the targets.
        return {"rows": inputs["target"][:, 0]} if training else self.model(inputs)

    def data_loss(self, x, y, y_pred, sample_weight, training):
        self._told = self.training_figures if training else self.figures
        if not training:
            return self.model.data_loss(x, y, y_pred, sample_weight, training=False)
        loss = self.training_loss(x, y, sample_weight)
        self.updates.assign(self.updates + 1)
        return loss, all_reduce_sum(self.model.weigh(y, sample_weight))

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        return self.get_metrics_result()

    def get_metrics_result(self):
        return {"loss": self._loss_tracker.result()} | {figure.name: figure.result() for figure in self._told}

    @property
    def metrics(self):
        # Not those of the model inside, whose own loss would stand in the place of this one.
        own = [figure for figure in self.training_figures if figure not in self.figures]
        return ([self._loss_tracker] if self.compiled else []) + self.figures + own

    def save(self, *arguments, **options):
        """Refused: the weights are the model's."""
        raise ValueError("A regime is for training only: save the model inside, `regime.model`.")


def repeat(inputs: dict, copies: int, target) -> dict:
    """Each row of every input so many times in a row, with a target that has as many rows already."""
    others = {name: tensor for name, tensor in inputs.items() if name != "target"}
    if copies > 1:
        others = {name: ops.repeat(tensor, copies, axis=0) for name, tensor in others.items()}
    return {**others, "target": target}
