"""The one time loop of this library."""

from collections.abc import Callable
from typing import Any

import keras


def scan(step: Callable, carry: Any, xs: Any, reverse: bool = False) -> tuple[Any, Any]:
    """Run `step` over the first axis of `xs` and stack its outputs.

        carry_t, y_t = step(carry_{t-1}, x_t)          t = 0 .. T-1  (T-1 .. 0 with `reverse`)

    Whatever does not change over time (weights, an encoder's memory, its projection) is captured by the closure
    of `step` and never carried. Random numbers are drawn before the loop and passed in `xs`.

    Args:
        step: `step(carry, x) -> (carry, y)`; keeps the structure, shapes and dtypes of the carry.
        carry: nested tensors (dicts, tuples, lists), the state before the first step.
        xs: nested tensors with equal first axis T, which may be unknown until the graph runs.
        reverse: start from the last entry; `ys` stays in the order of `xs`.

    Returns:
        The last carry, and `ys`: the structure of `y`, each with a new first axis T.

    Raises:
        ValueError: `xs` holds no tensor, or first axes differ.
        TypeError: `step` changes the structure or a dtype of the carry (TensorFlow; other backends raise their own).
    """
    flat = keras.tree.flatten(xs)
    if not flat or any(x is None for x in flat):
        raise ValueError(f"scan runs over the first axis of `xs`, and `xs` holds no tensor. Received: xs={xs!r}")
    known = {x.shape[0] for x in flat} - {None}
    if len(known) > 1:
        raise ValueError(
            f"All of `xs` must have the same first axis (time first: transpose batches). "
            f"Received shapes {[tuple(x.shape) for x in flat]}"
        )
    if keras.backend.backend() == "tensorflow":
        return _scan_tensorflow(step, carry, xs, reverse)
    return keras.ops.scan(step, carry, xs, reverse=reverse)


def _scan_tensorflow(step, carry, xs, reverse):
    # keras.ops.scan needs ys of the carry's structure on TensorFlow; a while loop over TensorArrays does not.
    import tensorflow as tf

    nest = tf.nest
    xs = nest.map_structure(tf.convert_to_tensor, xs)
    carry = nest.map_structure(tf.convert_to_tensor, carry)
    first = nest.flatten(xs)[0]
    length = first.shape[0] if first.shape[0] is not None else tf.shape(first)[0]

    # One pass in a graph that is thrown away gives the structure of y before the loop has run.
    with tf.__internal__.FuncGraph("scan_step").as_default():
        entry = nest.map_structure(lambda x: tf.compat.v1.placeholder(x.dtype, x.shape[1:]), xs)
        made = step(nest.map_structure(lambda c: tf.compat.v1.placeholder(c.dtype, c.shape), carry), entry)
        carry_spec, y_spec = nest.map_structure(lambda y: tf.TensorSpec.from_tensor(tf.convert_to_tensor(y)), made)
    _check_carry(nest, carry, carry_spec)

    reads = nest.map_structure(lambda x: tf.TensorArray(x.dtype, size=length).unstack(x), xs)
    writes = nest.map_structure(lambda y: tf.TensorArray(y.dtype, size=length, element_shape=y.shape), y_spec)

    def body(t, carry, writes):
        at = length - 1 - t if reverse else t
        new, y = step(carry, nest.map_structure(lambda array: array.read(at), reads))
        # `step` may lose sight of a known batch size; the loop must not.
        new = nest.map_structure(lambda n, c: tf.ensure_shape(n, c.shape), new, carry)
        return t + 1, new, nest.map_structure(lambda array, value: array.write(at, value), writes, y)

    _, carry, writes = tf.while_loop(
        lambda t, *_: t < length,
        body,
        (tf.constant(0), carry, writes),
        maximum_iterations=length,  # XLA differentiates bounded loops only
        shape_invariants=(
            tf.TensorShape([]),
            nest.map_structure(lambda c: c.shape, carry),
            nest.map_structure(lambda _: tf.TensorShape(None), writes),
        ),
    )

    def stack(array, spec):
        ys = array.stack()
        return tf.ensure_shape(ys, [first.shape[0], *spec.shape]) if spec.shape.rank is not None else ys

    return carry, nest.map_structure(stack, writes, y_spec)


def _check_carry(nest, carry, new):
    try:
        nest.assert_same_structure(carry, new)
    except (ValueError, TypeError) as error:
        raise TypeError(f"scan: `step` must return a carry of the structure it was given: {error}") from error
    for old, spec in zip(nest.flatten(carry), nest.flatten(new), strict=True):
        if old.dtype != spec.dtype:
            raise TypeError(
                f"scan: `step` must keep the dtypes of the carry. Received {spec.dtype.name} for {old.dtype.name}; "
                f"cast inside `step` (mixed precision: start the carry in the layer's compute_dtype)."
            )
