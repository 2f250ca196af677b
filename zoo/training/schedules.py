"""Learning rates that change with the step: by name, and the two that Keras lacks."""

import keras
from keras import ops

from zoo.lookup import lookup


@keras.saving.register_keras_serializable(package="zoo")
class InverseSquareRoot(keras.optimizers.schedules.LearningRateSchedule):
    """Rises linearly, then falls with the root of the step.

        rate(n) = learning_rate * min(n / warmup_steps, sqrt(warmup_steps / n))    for the n-th update, from 1

    Args:
        learning_rate: the highest, reached at the end of the warm-up.
        warmup_steps: updates until then, at least 1.
    Raises:
        ValueError: warmup_steps < 1.
    Reference: Vaswani et al. 2017, arXiv:1706.03762, 5.3, with learning_rate = (units * warmup_steps) ** -0.5.
    """

    def __init__(self, learning_rate: float, warmup_steps: int):
        _at_least_one("inverse_square_root", "warmup_steps", warmup_steps)
        self.learning_rate, self.warmup_steps = float(learning_rate), int(warmup_steps)

    def __call__(self, step):
        number = ops.cast(step, "float32") + 1.0
        warmup = float(self.warmup_steps)
        return self.learning_rate * ops.minimum(number / warmup, ops.sqrt(warmup / number))

    def get_config(self):
        return {"learning_rate": self.learning_rate, "warmup_steps": self.warmup_steps}


@keras.saving.register_keras_serializable(package="zoo")
class LinearDecay(keras.optimizers.schedules.LearningRateSchedule):
    """Rises linearly, then falls linearly to 0, where it stays.

        rate(n) = learning_rate * min(n / warmup_steps, max(0, 1 - (n - 1 - warmup_steps) / decay_steps))

    for the n-th update, from 1. Without a warm-up the first update has the whole learning rate.

    Args:
        learning_rate: the highest.
        warmup_steps: updates until then; 0 is none.
        decay_steps: updates from then to 0, at least 1.
    Raises:
        ValueError: decay_steps < 1.
    """

    def __init__(self, learning_rate: float, warmup_steps: int, decay_steps: int):
        _at_least_one("linear", "decay_steps", decay_steps)
        self.learning_rate = float(learning_rate)
        self.warmup_steps, self.decay_steps = int(warmup_steps), int(decay_steps)

    def __call__(self, step):
        step = ops.cast(step, "float32")
        fall = ops.clip(1.0 - (step - float(self.warmup_steps)) / float(self.decay_steps), 0.0, 1.0)
        return self.learning_rate * ops.minimum((step + 1.0) / float(max(self.warmup_steps, 1)), fall)

    def get_config(self):
        return {
            "learning_rate": self.learning_rate,
            "warmup_steps": self.warmup_steps,
            "decay_steps": self.decay_steps,
        }


def _constant(learning_rate: float, warmup_steps: int, decay_steps: int):
    if not warmup_steps:
        return learning_rate
    return keras.optimizers.schedules.PolynomialDecay(
        learning_rate / warmup_steps, max(warmup_steps - 1, 1), end_learning_rate=learning_rate
    )


def _inverse_square_root(learning_rate: float, warmup_steps: int, decay_steps: int):
    return InverseSquareRoot(learning_rate, warmup_steps)


def _cosine(learning_rate: float, warmup_steps: int, decay_steps: int):
    _at_least_one("cosine", "decay_steps", decay_steps)
    if not warmup_steps:
        return keras.optimizers.schedules.CosineDecay(learning_rate, decay_steps)
    # The first update is not at 0, as in the other schedules.
    return keras.optimizers.schedules.CosineDecay(
        learning_rate / warmup_steps,
        decay_steps,
        warmup_target=float(learning_rate),
        warmup_steps=max(warmup_steps - 1, 1),
    )


SCHEDULES = {
    "constant": _constant,
    "inverse_square_root": _inverse_square_root,
    "cosine": _cosine,
    "linear": LinearDecay,
}


def schedule(
    name: str, learning_rate: float, *, warmup_steps: int = 0, decay_steps: int = 0
) -> float | keras.optimizers.schedules.LearningRateSchedule:
    """Return a learning-rate schedule by name.

    Args:
        name: constant, inverse_square_root, cosine or linear.
        learning_rate: the highest.
        warmup_steps: updates in which it rises linearly; 0 is none, which inverse_square_root cannot do.
        decay_steps: updates after those in which cosine and linear fall to 0; of no meaning to the others.
    Returns:
        A schedule; for "constant" without a warm-up the number itself, which callbacks may change.
    Raises:
        ValueError: an unknown name, or steps that the schedule cannot do with.
    """
    make = lookup("schedule", name, SCHEDULES)
    if learning_rate <= 0 or warmup_steps < 0:
        raise ValueError(
            "learning_rate must be positive and warmup_steps not negative. "
            f"Received: {learning_rate} and {warmup_steps}."
        )
    return make(float(learning_rate), warmup_steps, decay_steps)


def _at_least_one(name, argument, value):
    if value < 1:
        raise ValueError(f"The schedule {name!r} needs {argument} >= 1. Received: {value}.")
