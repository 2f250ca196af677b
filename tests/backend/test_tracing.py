import logging

import numpy as np
import pytest

import zoo
from zoo.backend.tracing import quiet_retracing
from zoo.models.base.autoregressive_model import AutoregressiveModel


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


@pytest.mark.tensorflow
def test_a_step_is_traced_once(monkeypatch):
    """TensorFlow traces a step again that makes weights, as Keras' own does those of the optimizer."""
    traced, loss = [], AutoregressiveModel.compute_loss
    monkeypatch.setattr(
        AutoregressiveModel, "compute_loss", lambda *given, **named: traced.append(1) or loss(*given, **named)
    )
    model = zoo.build("language_model", vocabulary_size=5, units=2)
    model.compile("adam", run_eagerly=False)
    tokens = np.ones((2, 3), int)
    model.train_on_batch({"target": tokens}, tokens, np.ones((2, 3)))
    assert len(traced) == 1
    assert len(model.optimizer.variables) > 2 * len(model.trainable_variables)
