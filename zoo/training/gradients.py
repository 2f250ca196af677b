"""Gradients by lag: the influence of the beginning of a sequence on its end."""

from collections.abc import Callable

import keras
import numpy as np
from keras import ops


def input_gradients(function: Callable, inputs: np.ndarray) -> np.ndarray:
    """The derivative of the sum of `function(inputs)` by `inputs`, on any backend that differentiates.

    Raises:
        NotImplementedError: the backend (NumPy, OpenVINO) has no gradients.
    """
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        inputs = tf.convert_to_tensor(inputs)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            total = tf.reduce_sum(function(inputs))
        return tape.gradient(total, inputs).numpy()
    if backend == "jax":
        import jax

        return np.asarray(jax.jit(jax.grad(lambda x: ops.sum(function(x))))(np.asarray(inputs)))
    if backend == "torch":
        inputs = ops.convert_to_tensor(inputs).detach().requires_grad_(True)
        ops.sum(function(inputs)).backward()
        return inputs.grad.cpu().numpy()
    raise NotImplementedError(f"Gradients need TensorFlow, JAX or torch as Keras' backend. Received: {backend}")


def gradient_by_lag(layer: keras.layers.Layer, sequences: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Return the norm of the gradient of the last output by the input `lag` steps before it.

        g_lag = mean over the batch of || d (v . y_T) / d x_{T - lag} ||,    v a random direction of length 1

    Args:
        layer: (B, T, D) -> outputs (B, T, U), or such outputs followed by states: `Recurrence`, `RecurrentStack`.
        sequences: real inputs, without padding.
        seed: of the direction.
    Shapes:
        sequences (B, T, D) -> (T,), lag 0 first.
    """

    def projected(sequences):
        outputs = layer(sequences)
        last = (outputs[0] if isinstance(outputs, tuple | list) else outputs)[:, -1]
        direction = np.random.default_rng(seed).normal(size=last.shape[-1])
        return ops.matmul(last, ops.convert_to_tensor(direction / np.linalg.norm(direction), last.dtype))

    norms = np.linalg.norm(input_gradients(projected, sequences), axis=-1)
    return norms.mean(axis=0)[::-1]
