"""Gradients on whichever backend runs, and by finite differences in float64."""

from collections.abc import Callable, Sequence

import keras
import numpy as np


def gradients(function: Callable, *arrays: np.ndarray) -> tuple[float, list[np.ndarray]]:
    """The value of `function(*tensors)`, a scalar, and its gradient by each of the arrays."""
    tensors = [keras.ops.convert_to_tensor(array) for array in arrays]
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(tensors)
            value = function(*tensors)
        found = tape.gradient(value, tensors, unconnected_gradients="zero")
    elif backend == "jax":
        import jax

        value, found = jax.jit(jax.value_and_grad(lambda values: function(*values)))(tensors)
    else:
        import torch

        tensors = [tensor.detach().requires_grad_() for tensor in tensors]
        value = function(*tensors)
        found = torch.autograd.grad(value, tensors, allow_unused=True, materialize_grads=True)
    return float(keras.ops.convert_to_numpy(value)), [keras.ops.convert_to_numpy(gradient) for gradient in found]


def weight_gradients(loss: Callable, variables: Sequence[keras.Variable]) -> tuple[float, dict[str, np.ndarray]]:
    """The value of `loss()`, a scalar, and its gradient by each variable, under the variables' paths."""
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            value = loss()
        found = tape.gradient(value, [variable.value for variable in variables], unconnected_gradients="zero")
        found = [tf.convert_to_tensor(gradient) for gradient in found]  # an embedding's come as slices
    elif backend == "jax":
        import jax

        changed: dict[int, keras.Variable] = {}

        class Scope(keras.StatelessScope):
            def add_update(self, update):
                changed[id(update[0])] = update[0]
                super().add_update(update)

        def pure(values):
            with Scope(state_mapping=list(zip(variables, values, strict=True))) as scope:
                value = loss()
            return value, [scope.get_current_value(variable) for variable in changed.values()]

        compute = jax.jit(jax.value_and_grad(pure, has_aux=True))
        (value, state), found = compute([variable.value for variable in variables])
        for variable, new in zip(changed.values(), state, strict=True):  # metrics and counters, as elsewhere
            variable.assign(new)
    else:
        import torch

        value = loss()
        values = [variable.value for variable in variables]
        found = torch.autograd.grad(value, values, allow_unused=True, materialize_grads=True)
    names = [variable.path for variable in variables]
    return float(keras.ops.convert_to_numpy(value)), dict(
        zip(names, map(keras.ops.convert_to_numpy, found), strict=True)
    )


def weighed(tensor, weights: np.ndarray):
    """sum_i w_i x_i, a scalar that depends on every entry: torch multiplies no tensor by an array."""
    return keras.ops.sum(keras.ops.multiply(tensor, weights))


def finite_differences(function: Callable, array: np.ndarray, step: float = 1e-6) -> np.ndarray:
    """The gradient of `function(array)`, a scalar of NumPy, by central differences in float64."""
    array = np.array(array, "float64")
    gradient = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        value = array[place]
        array[place] = value + step
        above = function(array)
        array[place] = value - step
        gradient[place] = (above - function(array)) / (2 * step)
        array[place] = value
    return gradient
