"""The loop of generation: as `scan`, but it feeds on itself and stops when there is no more to do."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops


def while_scan(step: Callable, carry: Any, length: int, going: Callable) -> tuple[Any, Any]:
    """Run `step` while `going` is true, at most `length` times, and stack its outputs.

        carry_{t+1}, y_t = step(carry_t, t)        t = 0, 1, ... while t < length and going(carry_t)

    Cost grows with the steps taken: nothing that was stacked is copied again. Not to be differentiated: JAX cannot.

    Args:
        step: `step(carry, t) -> (carry, y)`; keeps the structure, shapes and dtypes of the carry. t is int32.
        carry: nested tensors.
        length: at most this many steps, known in advance.
        going: `going(carry) -> bool` scalar, true of the first carry.

    Returns:
        The last carry, and `ys`: the structure of `y`, each with a new first axis `length`, zeros where no step was
        taken.
    """
    return {"tensorflow": _unfold_tensorflow, "jax": _unfold_jax}.get(keras.backend.backend(), _unfold_eagerly)(
        step, carry, length, going
    )


def _unfold_jax(step, carry, length, going):
    import jax

    start = ops.convert_to_tensor(0, "int32")
    spec = jax.eval_shape(step, carry, start)[1]
    buffers = keras.tree.map_structure(lambda y: ops.zeros((length, *y.shape), y.dtype), spec)

    def body(t, carry, buffers):
        carry, y = step(carry, t)
        # XLA writes in place: the buffer is not used again.
        written = keras.tree.map_structure(
            lambda buffer, value: ops.slice_update(buffer, (t, *[0] * len(value.shape)), value[None]), buffers, y
        )
        return t + 1, carry, written

    _, carry, ys = ops.while_loop(
        lambda t, carry, _: ops.logical_and(t < length, going(carry)), body, (start, carry, buffers)
    )
    return carry, ys


def _unfold_eagerly(step, carry, length, going):
    outputs = []
    while len(outputs) < length and (not outputs or going(carry)):
        carry, y = step(carry, ops.convert_to_tensor(len(outputs), "int32"))
        outputs.append(y)

    def stack(*values):
        return ops.stack([*values, *[ops.zeros_like(values[0])] * (length - len(values))])

    return carry, keras.tree.map_structure(stack, *outputs)


def _unfold_tensorflow(step, carry, length, going):
    import tensorflow as tf

    nest = tf.nest
    carry = nest.map_structure(tf.convert_to_tensor, carry)

    def run(carry, t):
        new, y = step(carry, t)
        # `step` may lose sight of a known batch size; the loop must not.
        return nest.map_structure(lambda n, c: tf.ensure_shape(n, c.shape), new, carry), y

    # The first step is always taken. It gives the shapes of y, so that room for all can be made of zeros: XLA knows no
    # room that grows, and what is never written has no shape of its own where the batch size is unknown.
    carry, first = run(carry, tf.constant(0))

    def room(y):
        zeros = tf.zeros(tf.concat([[length], tf.shape(y)], 0), y.dtype)
        return tf.TensorArray(y.dtype, size=length, element_shape=y.shape).unstack(zeros).write(0, y)

    def body(t, carry, writes):
        carry, y = run(carry, t)
        return t + 1, carry, nest.map_structure(lambda array, value: array.write(t, value), writes, y)

    _, carry, writes = tf.while_loop(
        lambda t, carry, _: tf.logical_and(t < length, going(carry)),
        body,
        (tf.constant(1), carry, nest.map_structure(room, first)),
        shape_invariants=(
            tf.TensorShape([]),
            nest.map_structure(lambda c: c.shape, carry),
            nest.map_structure(lambda _: tf.TensorShape(None), first),
        ),
    )
    return carry, nest.map_structure(lambda array, y: tf.ensure_shape(array.stack(), [length, *y.shape]), writes, first)
