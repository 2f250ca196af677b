"""Compilation of recipes' models: clipped AdamW with a schedule over the training, and the loss of the outputs."""

from collections.abc import Callable
from typing import Any

import keras

from zoo.lookup import lookup
from zoo.models.base.mapping_model import MappingModel, PerStepModel
from zoo.training import schedules
from zoo.training.losses import WeightedMean
from zoo.training.metrics.step_accuracy import StepAccuracy, StepBinaryAccuracy
from zoo.training.metrics.step_cross_entropy import StepBinaryCrossEntropy, StepCrossEntropy

# Schedules that count updates from the epochs of the training; "plateau" is a callback beside a constant rate.
SCHEDULES = ("constant", "plateau", "cosine", "linear", "inverse_square_root", "halving")

# Activation of a mapping model's outputs -> its loss and metrics.
LOSSES: dict[str | None, tuple[Callable[..., keras.losses.Loss], tuple[Callable[[], keras.metrics.Metric], ...]]] = {
    "softmax": (keras.losses.SparseCategoricalCrossentropy, (StepAccuracy, StepCrossEntropy)),
    "sigmoid": (keras.losses.BinaryCrossentropy, (StepBinaryAccuracy, StepBinaryCrossEntropy)),
    None: (keras.losses.MeanSquaredError, (lambda: keras.metrics.MeanSquaredError(name="mse"),)),
}


def compile_model(
    model: keras.Model,
    *,
    epochs: int,
    steps_per_epoch: int,
    activation: str | None = "softmax",
    learning_rate: float = 1e-3,
    schedule: str = "constant",
    warmup_steps: int = 0,
    constant_epochs: int = 0,
    halving_epochs: int = 10,
    weight_decay: float = 0.0,
    clipnorm: float = 1.0,
    jit_compile: bool = False,
) -> keras.Model:
    """Compile a model with AdamW, clipped by the norm of the whole gradient, and the loss that belongs to its outputs.

    A model that brings its own loss keeps it. For a model that maps the activation decides: softmax, cross-entropy over
    class ids; sigmoid, binary cross-entropy; none, squared error. Padding has weight 0.

    Args:
        model: to be compiled.
        epochs: of the whole training.
        steps_per_epoch: updates of an epoch.
        activation: of the model's outputs.
        learning_rate: of AdamW, the highest of the schedule.
        schedule: constant, plateau (halves when validation has not improved), cosine or linear (fall to 0 at the end of
            the training), inverse_square_root (after a warm-up) or halving (halves every `halving_epochs`).
        warmup_steps: updates in which the learning rate rises to its highest.
        constant_epochs: epochs before the first halving begins to count (schedule halving).
        halving_epochs: epochs after which the learning rate halves, again and again (schedule halving).
        weight_decay: of AdamW, decoupled from the gradient; 0 is Adam.
        clipnorm: the largest norm of the gradient of all weights together; 0: no clipping.
        jit_compile: compile a step with XLA, which takes long for every shape of a batch; otherwise Keras decides.
    Raises:
        ValueError: an unknown schedule, or steps that it cannot do with.
    """
    rate = _schedule(schedule, learning_rate, warmup_steps, constant_epochs, halving_epochs, epochs, steps_per_epoch)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=weight_decay, global_clipnorm=clipnorm or None)
    # Keras' "auto" is off on a CPU, where XLA compiles each batch shape for seconds and gains less than that in short
    # runs; on a GPU it is off beside cuDNN layers and on for every other cell.
    options: dict[str, Any] = {"jit_compile": jit_compile or "auto"}
    if isinstance(model, MappingModel | PerStepModel):
        loss, metrics = LOSSES[activation]
        options |= {"loss": WeightedMean(loss(reduction="none")), "weighted_metrics": [make() for make in metrics]}
    model.compile(optimizer, **options)
    return model


def plateau_callbacks(
    schedule: str,
    monitor: str,
    steps_per_epoch: int,
    *,
    plateau_monitor: str | None = None,
    plateau_patience: int = 1,
    plateau_steps: int = 0,
) -> list[keras.callbacks.Callback]:
    """Return the callback that halves the learning rate when validation has not improved; none for other schedules.

    Args:
        schedule: of `compile_model`.
        monitor: the metric of early stopping.
        steps_per_epoch: updates of an epoch.
        plateau_monitor: the metric that must fall (schedule plateau); none: that of early stopping.
        plateau_patience: epochs without an improvement after which the learning rate halves (schedule plateau).
        plateau_steps: updates that these epochs have at least (schedule plateau).
    """
    if schedule != "plateau":
        return []
    patience = max(plateau_patience, -(-plateau_steps // steps_per_epoch))
    return [keras.callbacks.ReduceLROnPlateau(plateau_monitor or monitor, mode="min", factor=0.5, patience=patience)]


def _schedule(name, learning_rate, warmup_steps, constant_epochs, halving_epochs, epochs, steps_per_epoch) -> Any:
    lookup("schedule", name, dict.fromkeys(SCHEDULES))
    if name == "halving":
        first, each = constant_epochs * steps_per_epoch, halving_epochs * steps_per_epoch
        count = max(1, -(-(epochs * steps_per_epoch - first) // each))
        boundaries = [first + number * each for number in range(1, count + 1)]
        rates = [learning_rate / 2**number for number in range(count + 1)]
        return keras.optimizers.schedules.PiecewiseConstantDecay(boundaries, rates)
    if name == "plateau":
        if warmup_steps:
            raise ValueError(
                "The schedule plateau lowers a plain learning rate, which has no warm-up. Received: warmup_steps="
                f"{warmup_steps}. Choose another schedule, or omit warmup_steps."
            )
        name = "constant"
    decay_steps = max(1, epochs * steps_per_epoch - warmup_steps)
    return schedules.schedule(name, learning_rate, warmup_steps=warmup_steps, decay_steps=decay_steps)
