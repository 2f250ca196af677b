"""Gradients by lag against the closed form of a recurrence whose gradient is known."""

import keras
import numpy as np
import pytest
from keras import ops

from zoo.recurrent.recurrence import Recurrence
from zoo.training.gradients import gradient_by_lag, input_gradients


@pytest.mark.each_backend
def test_input_gradients_of_a_cubic():
    inputs = np.array([[1.0, -2.0], [0.5, 3.0]], "float32")
    np.testing.assert_allclose(input_gradients(lambda x: x**3, inputs), 3 * inputs**2, rtol=1e-6)


class Decay(keras.layers.Layer):
    """y_T = sum_lag 0.5^lag x_{T-lag}: each step back halves the gradient."""

    def call(self, sequences):
        steps = sequences.shape[1]
        weights = ops.convert_to_tensor(np.array([[0.5 ** (t - s) if s <= t else 0.0 for s in range(steps)]
                                                  for t in range(steps)], "float32"))  # fmt: skip
        return ops.einsum("ts,bsd->btd", weights, sequences)


def test_a_halving_memory_halves_at_every_lag():
    norms = gradient_by_lag(Decay(), np.random.default_rng(0).normal(size=(2, 8, 3)).astype("float32"))
    np.testing.assert_allclose(norms, 0.5 ** np.arange(8), rtol=1e-5)


def test_an_identity_start_neither_vanishes_nor_explodes():
    frames = np.random.default_rng(0).random((4, 50, 2)).astype("float32")
    norms = gradient_by_lag(Recurrence("irnn", 16), frames)
    np.testing.assert_allclose(norms, norms[0], rtol=0.2)
