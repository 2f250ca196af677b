"""From the words of a sentence to one vector: how much of each word's vector goes into it."""

import keras
from keras import ops


def bag(tokens, units: int):
    """Every word alike, wherever it stands: 1, and 0 on padding. (..., W) int -> (..., W, 1)."""
    return ops.expand_dims(ops.cast(ops.not_equal(tokens, 0), keras.config.floatx()), -1)


def position(tokens, units: int):
    """Weights of the words by their positions at the scale of the authors' code: twice those of `position_as_printed`.

        l_jk = 2 ((1 - j / J) - (k / d) (1 - 2 j / J))

    The values lie in [0, 2], around the 1 of `bag`: sentences are as large as those of a bag of words. Their code
    computes 1 + 4 (k - (d + 1) / 2) (j - (J + 1) / 2) / (d J), which is this but for terms of 1 / d and 1 / J, with the
    longest sentence's length for J; here J is the number of the sentence's own words.

    Reference: Sukhbaatar et al. 2015, arXiv:1503.08895, section 4.1, and the code published with it.
    """
    return 2 * position_as_printed(tokens, units)


def position_as_printed(tokens, units: int):
    """Weights of the words by their positions, as the paper prints them: in [0, 1].

        l_jk = (1 - j / J) - (k / d) (1 - 2 j / J)          j = 1 .. J words, k = 1 .. d features

    J is the number of the sentence's own words. (..., W) int -> (..., W, units), 0 on padding.

    Reference: Sukhbaatar et al. 2015, arXiv:1503.08895, section 4.1.
    """
    dtype = keras.config.floatx()
    real = ops.cast(ops.not_equal(tokens, 0), dtype)
    words = ops.maximum(ops.sum(real, axis=-1, keepdims=True), 1)
    share = ops.expand_dims(ops.cumsum(real, axis=-1) / words, -1)
    feature = ops.arange(1, units + 1, dtype=dtype) / units
    return ((1 - share) - feature * (1 - 2 * share)) * ops.expand_dims(real, -1)


ENCODINGS = {"bag": bag, "position": position, "position_as_printed": position_as_printed}
