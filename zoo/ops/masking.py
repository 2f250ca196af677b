"""Masks are explicit, and True means real. Padding stands on the right. A fully padded row gives zeros, never NaN."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from keras import ops
from keras.src.backend import set_keras_mask


def lengths_to_mask(lengths, size):
    """(B,) int -> (B, size) bool: True at the first `lengths` positions of each row."""
    return ops.expand_dims(lengths, -1) > ops.arange(size, dtype=lengths.dtype)


def mask_to_lengths(mask):
    """(B, S) bool -> (B,) int32: how many positions of each row are real."""
    return ops.sum(ops.cast(mask, "int32"), axis=1)


def weights_like(values: Any, *factors: Any) -> Any:
    """The product of weights and masks, each with the first axes of `values` (B, ...), in its shape; None is 1."""
    weights = ops.ones_like(values)
    for factor in factors:
        if factor is not None:
            factor = ops.cast(factor, weights.dtype)
            weights = weights * ops.reshape(factor, ops.shape(factor) + (1,) * (len(values.shape) - len(factor.shape)))
    return weights


@contextmanager
def keras_mask(values: Any, mask: Any) -> Iterator[None]:
    """Let a tensor carry Keras' own mask, which losses and metrics of Keras read, and take it off at the end."""
    set_keras_mask(values, mask)
    try:
        yield
    finally:
        set_keras_mask(values, None)


def zero_padding(values, mask):
    """(B, S, ...) -> the same with exact zeros on padding (also where padding holds NaN, unlike a product)."""
    mask = ops.reshape(mask, ops.shape(mask) + (1,) * (len(values.shape) - 2))
    return ops.where(mask, values, ops.zeros_like(values))


def masked_mean(values, mask):
    """Mean over the real positions. (B, S, D), (B, S) -> (B, D)."""
    count = ops.maximum(ops.expand_dims(mask_to_lengths(mask), -1), 1)
    return ops.sum(zero_padding(values, mask), axis=1) / ops.cast(count, values.dtype)


def masked_max(values, mask):
    """Maximum over the real positions. (B, S, D), (B, S) -> (B, D)."""
    lowest = ops.full_like(values, _lowest(values.dtype))
    most = ops.max(ops.where(ops.expand_dims(mask, -1), values, lowest), axis=1)
    return ops.where(ops.any(mask, axis=1, keepdims=True), most, ops.zeros_like(most))


def last_real(values, mask):
    """The value at the last real position. (B, S, D), (B, S) -> (B, D)."""
    last = ops.maximum(mask_to_lengths(mask) - 1, 0)
    taken = ops.squeeze(ops.take_along_axis(values, last[:, None, None], axis=1), axis=1)
    return ops.where(ops.any(mask, axis=1, keepdims=True), taken, ops.zeros_like(taken))


def reverse_real(values, mask):
    """Reverse the real steps of each row; padding stays on the right. (B, S, D), (B, S) -> (B, S, D)."""
    steps = ops.arange(ops.shape(values)[1], dtype="int32")
    lengths = ops.expand_dims(mask_to_lengths(mask), -1)
    positions = ops.where(mask, lengths - 1 - steps, steps)  # (B, S)
    return ops.take_along_axis(values, ops.expand_dims(positions, -1), axis=1)


def masked_softmax(scores, mask):
    """Softmax over the real positions of the last axis; exactly 0 on padding. (..., S), (..., S) -> (..., S)."""
    if scores.shape[-1] == 1:  # of one position Keras' softmax warns; it is all or, on padding, nothing
        return ops.where(mask, ops.ones_like(scores), ops.zeros_like(scores))
    scores = ops.where(mask, scores, ops.full_like(scores, _lowest(scores.dtype)))
    return ops.where(mask, ops.softmax(scores, axis=-1), ops.zeros_like(scores))


def _lowest(dtype):
    # Far below any real score, and still finite when two of them are added or subtracted.
    dtype = keras.backend.standardize_dtype(dtype)
    return -3e4 if dtype == "float16" else -1e30
