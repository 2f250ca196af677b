"""From the words of a sentence to one vector: how much of each word's vector goes into it."""

import keras
from keras import ops


def bag(tokens, units: int):
    """Every word alike, wherever it stands: 1, and 0 on padding. (..., W) int -> (..., W, 1)."""
    return ops.expand_dims(ops.cast(ops.not_equal(tokens, 0), keras.config.floatx()), -1)


def position(tokens, units: int):
    """Another mixture of features for every place, so that the order of words counts.

        l_jk = (1 - j / J) - (k / d) (1 - 2 j / J)          j = 1 .. J words, k = 1 .. d features

    J is the number of the sentence's own words. (..., W) int -> (..., W, units), 0 on padding.

    Reference: Sukhbaatar et al. 2015, section 4.1. Their code has the longest sentence's length for J.
    """
    dtype = keras.config.floatx()
    real = ops.cast(ops.not_equal(tokens, 0), dtype)
    words = ops.maximum(ops.sum(real, axis=-1, keepdims=True), 1)
    share = ops.expand_dims(ops.cumsum(real, axis=-1) / words, -1)
    feature = ops.arange(1, units + 1, dtype=dtype) / units
    return ((1 - share) - feature * (1 - 2 * share)) * ops.expand_dims(real, -1)


ENCODINGS = {"bag": bag, "position": position}
