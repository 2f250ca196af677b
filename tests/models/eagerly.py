"""Decoding and fitting without tracing, where a test is about values."""

import contextlib

import keras
import pytest


@contextlib.contextmanager
def run_eagerly():
    """Let TensorFlow run compiled functions eagerly: to trace one takes longer than its few small steps."""
    if keras.backend.backend() != "tensorflow":
        yield
        return
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(False)


@pytest.fixture(params=["eager", pytest.param("compiled", marks=pytest.mark.slow)])
def either_way(request):
    """Models decode and fit eagerly or compiled."""
    with run_eagerly() if request.param == "eager" else contextlib.nullcontext():
        yield
