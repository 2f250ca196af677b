import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.ops.masking import masked_softmax


@keras.saving.register_keras_serializable(package="zoo")
class MultiHeadAttention(Composite):
    """Multi-head attention whose keys and values can be cached.

        a_h = softmax(x W_h^Q (m W_h^K)^T / sqrt(units / heads)) over the positions of the mask
        y   = [a_1 m W_1^V ; .. ; a_H m W_H^V] W^O

    The matrices are those of a `keras.layers.MultiHeadAttention`, which also splits the heads. Attention is computed
    here: keys and values can be cached from step to step, a fully masked row reads zeros instead of a mean of padding,
    and the alignment is returned.

    Args:
        units: width of the queries and of the result.
        heads: how many; they share the units.
    Shapes:
        project_memory(memory (B, S, M)) -> cache {"keys", "values"} (B, S, H, units / H);
        attend(query (B, T, units), cache, mask (B or 1, T or 1, S)) -> (B, T, units), alignment (B, T, S), the mean of
        the heads, float32: sums to 1, exactly 0 where the mask is False.
    Raises:
        ValueError: heads that do not divide units.
    Reference: Vaswani et al. 2017, arXiv:1706.03762, 3.2.
    """

    def __init__(self, units: int, heads: int, **kwargs):
        super().__init__(**kwargs)
        if heads < 1 or units % heads:
            raise ValueError(f"`heads` must divide `units`. Received: heads={heads}, units={units}")
        self.units, self.heads = units, heads
        # Glorot's for a matrix of units x units: Keras takes the axis of heads for one of a convolution.
        limit = (3.0 / units) ** 0.5
        self.projections = keras.layers.MultiHeadAttention(
            heads,
            units // heads,
            use_bias=False,  # as in the paper; a key's would change nothing
            output_shape=units,
            kernel_initializer=keras.initializers.RandomUniform(-limit, limit),
            dtype=self.dtype_policy,
            name="projections",
        )

    def build(self, query_shape, memory_shape):
        self.projections.build(query_shape, memory_shape)

    def project_memory(self, memory) -> dict:
        return {"keys": self.projections.key_dense(memory), "values": self.projections.value_dense(memory)}

    def attend(self, query, cache: dict, mask):
        # Scaled before the product, which half precision might not hold.
        query = self.projections.query_dense(query) * (self.units // self.heads) ** -0.5  # (B, T, H, units / H)
        scores = ops.einsum("bthd,bshd->bhts", query, cache["keys"])
        alignment = masked_softmax(scores, ops.expand_dims(mask, 1))  # (B, H, T, S)
        context = ops.einsum("bhts,bshd->bthd", alignment, cache["values"])
        return self.projections.output_dense(context), ops.mean(ops.cast(alignment, "float32"), axis=1)

    def call(self, query, memory, mask):
        return self.attend(query, self.project_memory(memory), mask)
