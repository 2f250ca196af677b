"""Masks of real steps as explicit tensors."""

import keras
from keras import ops

from zoo.ops.masking import lengths_to_mask


@keras.saving.register_keras_serializable(package="zoo")
class TokenMask(keras.layers.Layer):
    """Every token but padding, id 0, is real. (B, S) int -> (B, S) bool."""

    def call(self, tokens):
        return ops.not_equal(tokens, 0)


@keras.saving.register_keras_serializable(package="zoo")
class FrameMask(keras.layers.Layer):
    """The first `lengths` frames of each row are real, or all of them. (B, S, D), (B,) int or None -> (B, S) bool."""

    def call(self, frames, lengths=None):
        batch, steps = ops.shape(frames)[:2]
        if lengths is None:
            return ops.ones((batch, steps), dtype="bool")
        return lengths_to_mask(lengths, steps)
