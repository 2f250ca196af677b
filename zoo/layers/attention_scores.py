"""Attention scores between a query and every position of a memory, by name in `SCORES`.

A score has two halves. `prepare` is done once for a memory, before the loop; `score` is done at every step:

    prepare(memory (B, S, D)) -> keys (B, S, ...)
    score(query (B, Q) or (B, T, Q), keys, previous) -> scores (B, S) or (B, T, S), unnormalised and unmasked

`previous` is the state of a score that `uses_previous_alignment`: the last alignment, or the sum of all, by its
`update`. With `same_width` query and memory must have one width; `zoo.layers.attention` then projects the memory where
they differ.
"""

import math

import keras
from keras import ops


class AttentionScore(keras.layers.Layer):
    """Base class of attention scores: weights are built for the widths of query and memory.

    Args:
        units: width of the comparison, for the matches that have one.
    Raises:
        ValueError: units < 1.
    """

    same_width = False
    uses_previous_alignment = False

    def __init__(self, units: int = 128, **kwargs):
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"`units` must be at least 1. Received: units={units}")
        self.units = units

    def build(self, query_shape, memory_shape):
        """The weights; a match of plain products has none."""

    def prepare(self, memory):
        return memory

    def score(self, query, keys, previous=None):
        raise NotImplementedError

    def update(self, previous, alignment):
        """Return `previous` of the next step: (B, S)."""
        return alignment

    def call(self, query, memory):
        return self.score(query, self.prepare(memory))


@keras.saving.register_keras_serializable(package="zoo")
class DotScore(AttentionScore):
    """e_ts = h_t . m_s                                      (Luong et al. 2015, arXiv:1508.04025, dot)"""

    same_width = True

    def score(self, query, keys, previous=None):
        return ops.einsum("bd,bsd->bs" if len(query.shape) == 2 else "btd,bsd->bts", query, keys)


@keras.saving.register_keras_serializable(package="zoo")
class ScaledDotScore(DotScore):
    """e_ts = h_t . m_s / sqrt(D)                            (Vaswani et al. 2017, arXiv:1706.03762)"""

    def score(self, query, keys, previous=None):
        return super().score(query, keys) / math.sqrt(keys.shape[-1])


@keras.saving.register_keras_serializable(package="zoo")
class CosineScore(DotScore):
    """e_ts = beta h_t . m_s / (|h_t| |m_s|)                 (Graves et al. 2014, arXiv:1410.5401, content addressing)

    The key strength beta is one learned number, which starts at 4: a cosine alone lies in [-1, 1], and no softmax of
    that is sharp. Differs: there, the controller emits beta at every step.
    """

    def build(self, query_shape, memory_shape):
        self.strength = self.add_weight(shape=(), initializer=keras.initializers.Constant(4.0), name="strength")

    def prepare(self, memory):
        return _unit(memory)

    def score(self, query, keys, previous=None):
        return self.strength * super().score(_unit(query), keys)


@keras.saving.register_keras_serializable(package="zoo")
class GeneralScore(DotScore):
    """e_ts = h_t . (W m_s)                                  (Luong et al. 2015, arXiv:1508.04025, general)"""

    same_width = False

    def build(self, query_shape, memory_shape):
        shape = (memory_shape[-1], query_shape[-1])
        self.kernel = self.add_weight(shape=shape, initializer="glorot_uniform", name="kernel")

    def prepare(self, memory):
        return ops.matmul(memory, self.kernel)


@keras.saving.register_keras_serializable(package="zoo")
class AdditiveScore(AttentionScore):
    """e_ts = v^T tanh(W h_t + U m_s)                        (Bahdanau et al. 2015, arXiv:1409.0473, A.1.2; no biases)

    Over T x S pairs of width U the tanh is most of the work and of what training keeps; on JAX it is computed again
    for the gradient instead (628 -> 413 ms a training step of 100 x 100, 1389 -> 756 MB).
    """

    def build(self, query_shape, memory_shape):
        self.query_kernel = self.add_weight(
            shape=(query_shape[-1], self.units), initializer="glorot_uniform", name="query_kernel"
        )
        self.memory_kernel = self.add_weight(
            shape=(memory_shape[-1], self.units), initializer="glorot_uniform", name="memory_kernel"
        )
        self.vector = self.add_weight(shape=(self.units, 1), initializer="glorot_uniform", name="vector")

    def prepare(self, memory):
        return ops.matmul(memory, self.memory_kernel)

    def score(self, query, keys, previous=None):
        compared = ops.expand_dims(ops.matmul(query, self.query_kernel), -2)  # (B, 1, U) or (B, T, 1, U)
        if len(query.shape) == 3:
            keys = ops.expand_dims(keys, 1)
        return self._reduce(compared, keys)

    def _reduce(self, compared, keys):
        def reduce(compared, keys, vector):
            return ops.squeeze(ops.matmul(ops.tanh(compared + keys), vector), -1)

        if keras.backend.backend() == "jax":
            import jax

            reduce = jax.checkpoint(reduce)
        return reduce(compared, keys, ops.convert_to_tensor(self.vector))


@keras.saving.register_keras_serializable(package="zoo")
class LocationScore(AdditiveScore):
    """e_ts = v^T tanh(W h_t + U m_s + F f_ts),  f_t = C * a_{t-1}      (Chorowski et al. 2015, arXiv:1506.07503)

    The alignment a_{t-1} of the step before, convolved with the filters C, locates the attention before; it needs the
    steps one by one. Without a step before (`previous=None`) it is additive.

    Args:
        units: width of the comparison.
        filters: how many shapes C looks for.
        width: positions that a filter sees.
    """

    uses_previous_alignment = True

    def __init__(self, units: int = 128, *, filters: int = 8, width: int = 15, **kwargs):
        super().__init__(units, **kwargs)
        self.filters, self.width = filters, width

    def build(self, query_shape, memory_shape):
        super().build(query_shape, memory_shape)
        self.location_filters = self.add_weight(
            shape=(self.width, 1, self.filters), initializer="glorot_uniform", name="location_filters"
        )
        self.location_kernel = self.add_weight(
            shape=(self.filters, self.units), initializer="glorot_uniform", name="location_kernel"
        )

    def score(self, query, keys, previous=None):
        if previous is None:
            return super().score(query, keys)
        located = ops.conv(ops.expand_dims(previous, -1), self.location_filters, padding="same")  # (B, S, filters)
        return super().score(query, keys + ops.matmul(located, self.location_kernel))


@keras.saving.register_keras_serializable(package="zoo")
class CoverageScore(AdditiveScore):
    """e_ts = v^T tanh(W h_t + U m_s + w c_ts),  c_t = sum_{t' < t} a_t'         (See et al. 2017, arXiv:1704.04368, 11)

    The coverage c_t is the attention that every position has received; it starts at 0. Without a step before it is
    additive.
    """

    uses_previous_alignment = True

    def build(self, query_shape, memory_shape):
        super().build(query_shape, memory_shape)
        self.coverage_kernel = self.add_weight(
            shape=(1, self.units), initializer="glorot_uniform", name="coverage_kernel"
        )

    def score(self, query, keys, previous=None):
        if previous is None:
            return super().score(query, keys)
        return super().score(query, keys + ops.expand_dims(previous, -1) * self.coverage_kernel)

    def update(self, previous, alignment):
        return previous + alignment


def _unit(vectors):
    """v / |v|, and 0 of nothing, with a gradient of 0 there: on JAX that of `keras.ops.normalize` is no number."""
    wide = ops.cast(vectors, "float32")
    square = ops.sum(ops.square(wide), axis=-1, keepdims=True)
    return ops.cast(wide * ops.rsqrt(ops.maximum(square, 1e-12)), vectors.dtype)


SCORES = {
    "dot": DotScore,
    "scaled_dot": ScaledDotScore,
    "cosine": CosineScore,
    "general": GeneralScore,
    "additive": AdditiveScore,
    "location": LocationScore,
    "coverage": CoverageScore,
}
