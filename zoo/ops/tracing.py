"""What a backend says about tracing that is expected here."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


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
