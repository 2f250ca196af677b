"""Counts of tracing, and warnings of backends about it that are expected."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import keras


def build_optimizer(model: keras.Model) -> None:
    """Makes a compiled model's optimizer its weights, if it has none, before a step is traced.

    TensorFlow traces a step that makes weights twice: half of the time of a first step.
    """
    if not model.optimizer.built:
        with model.distribute_strategy.scope() if hasattr(model, "distribute_strategy") else nullcontext():
            model.optimizer.build(model.trainable_variables)


@contextmanager
def quiet_retracing() -> Iterator[None]:
    """Keeps back TensorFlow's warning of retracing: lengths come in a few buckets on purpose, one trace for each."""
    logger = logging.getLogger("tensorflow")

    def unexpected(record: logging.LogRecord) -> bool:
        return "triggered tf.function retracing" not in record.getMessage()

    logger.addFilter(unexpected)
    try:
        yield
    finally:
        logger.removeFilter(unexpected)
