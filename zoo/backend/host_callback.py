"""Plain Python in the middle of a compiled step."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops


def host_callback(function: Callable[..., np.ndarray], shape: Sequence[Any], *tensors: Any):
    """Calls a function of NumPy arrays and gives back its floats as a constant: no gradient passes.

    On TensorFlow this does not compile with XLA. On JAX the function may be called again with the same arrays: it must
    answer alike.

    Args:
        function: of arrays to a float32 array of this shape.
        shape: of the answer; may hold tensors on TensorFlow.
        tensors: what it is given.
    """
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        answer = tf.numpy_function(function, tensors, tf.float32, stateful=False)
        return tf.reshape(tf.stop_gradient(answer), shape)
    if backend == "jax":
        import jax

        spec = jax.ShapeDtypeStruct(tuple(shape), "float32")
        values = map(jax.lax.stop_gradient, tensors)
        answer = jax.pure_callback(lambda *arrays: function(*map(np.asarray, arrays)), spec, *values)
        return jax.lax.stop_gradient(answer)
    return ops.convert_to_tensor(function(*map(ops.convert_to_numpy, tensors)), "float32")
