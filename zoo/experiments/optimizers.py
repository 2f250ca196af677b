"""The losses and optimizers that recipes share: of one answer, of one tag a step, of what generates."""

import keras

from zoo.training.losses import WeightedMean
from zoo.training.metrics.step_accuracy import StepAccuracy
from zoo.training.metrics.step_cross_entropy import StepCrossEntropy
from zoo.training.schedules import schedule as make_schedule


def compile_classifier(
    model: keras.Model,
    learning_rate: float,
    *,
    weight_decay: float = 0.0,
    schedule: str = "constant",
    warmup_steps: int = 0,
    decay_steps: int = 0,
) -> keras.Model:
    """Compile a model that ends in probabilities: cross-entropy, accuracy and nats over what is real, clipped AdamW.

    `jit_compile` stays at Keras' "auto" on purpose: on a CPU XLA compiles each batch shape for seconds and gains less
    than that in runs this short; on a GPU "auto" is off beside cuDNN layers and on for every other cell.

    Args:
        model: of softmax probabilities (B, C) or (B, S, C), for targets that are class ids; padding has weight 0.
        learning_rate: of AdamW.
        weight_decay: of AdamW, decoupled from the gradient; 0 is Adam.
        schedule, warmup_steps, decay_steps: as of `compile_generator`.
    """
    rate = make_schedule(schedule, learning_rate, warmup_steps=warmup_steps, decay_steps=decay_steps)
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=weight_decay, global_clipnorm=1.0),
        WeightedMean(keras.losses.SparseCategoricalCrossentropy(reduction="none")),
        weighted_metrics=[StepAccuracy(), StepCrossEntropy()],
    )
    return model


def compile_generator(
    model: keras.Model,
    learning_rate: float,
    *,
    schedule: str = "constant",
    warmup_steps: int = 0,
    decay_steps: int = 0,
    weight_decay: float = 0.0,
    clipnorm: float = 1.0,
    jit_compile: bool | str = "auto",
) -> keras.Model:
    """Compiles a model that brings its own loss and metrics: clipped AdamW, with a schedule.

    Args:
        model: with a `compute_loss` of its own.
        learning_rate: of AdamW, the highest of the schedule.
        schedule: constant, inverse_square_root, cosine or linear; `reduce_on_plateau` is a callback beside "constant".
        warmup_steps: steps in which the learning rate rises to its highest.
        decay_steps: steps after those in which cosine and linear fall to 0.
        weight_decay: of AdamW, decoupled from the gradient; 0 is Adam.
        clipnorm: the largest norm of the gradient of all weights together; 0 is no clipping.
        jit_compile: of `compile`; "auto" is right for runs this short, see `compile_classifier`.
    Raises:
        ValueError: an unknown schedule, or steps that it cannot do with.
    """
    if schedule == "plateau":
        raise ValueError(
            "Falling on a plateau is a callback, not a schedule of steps: compile with schedule='constant' and "
            "warmup_steps=0, and pass reduce_on_plateau(model, ...) to `fit`. Received: schedule='plateau'."
        )
    rate = make_schedule(schedule, learning_rate, warmup_steps=warmup_steps, decay_steps=decay_steps)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=weight_decay, global_clipnorm=clipnorm or None)
    model.compile(optimizer, jit_compile=jit_compile)
    return model


def reduce_on_plateau(
    model: keras.Model, monitor: str, *, mode: str = "min", factor: float = 0.5, patience: int = 1
) -> keras.callbacks.ReduceLROnPlateau:
    """The callback that lowers the learning rate when `monitor` has not improved for `patience` epochs.

    Raises:
        ValueError: the model was compiled with a schedule, which a callback cannot change.
    """
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    if isinstance(optimizer.get_config()["learning_rate"], dict):
        raise ValueError(
            "ReduceLROnPlateau needs a plain learning rate, and the model was compiled with a schedule. Choose one: "
            "schedule='constant' with warmup_steps=0, or no reduce_on_plateau."
        )
    return keras.callbacks.ReduceLROnPlateau(monitor, mode=mode, factor=factor, patience=patience)


def smaller_steps(model: keras.Model, monitor: str, *, patience: int = 1) -> list:
    """`reduce_on_plateau`, in a list; an empty one for a model whose steps a schedule makes smaller already."""
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    if isinstance(optimizer.get_config()["learning_rate"], dict):
        return []
    return [reduce_on_plateau(model, monitor, patience=patience)]
