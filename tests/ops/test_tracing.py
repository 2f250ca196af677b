import logging

from zoo.ops.tracing import quiet_retracing


def test_only_the_warning_of_retracing_is_kept_back_and_only_within(caplog):
    logger = logging.getLogger("tensorflow")
    propagates, logger.propagate = logger.propagate, True
    try:
        with caplog.at_level(logging.WARNING, "tensorflow"):
            with quiet_retracing():
                logger.warning("5 out of the last 5 calls triggered tf.function retracing.")
                logger.warning("something else")
            logger.warning("6 out of the last 6 calls triggered tf.function retracing.")
    finally:
        logger.propagate = propagates
    assert [record.getMessage()[:9] for record in caplog.records] == ["something", "6 out of "]
