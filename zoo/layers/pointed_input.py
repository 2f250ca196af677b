import keras
from keras import ops

from zoo.layers.unmasked import Unmasked
from zoo.special_ids import FIRST


@keras.saving.register_keras_serializable(package="zoo")
class PointedInput(Unmasked):
    """Embeds the previous pointer: the source vector at the last emitted position; before the first, a learned start.

        v_t = x_{y_{t-1}},     v_1 = a learned vector

    Shapes:
        tokens (B,) or (B, T) of ids, position p being 4 + p, and vectors (B, S, D) -> (B, D) or (B, T, D).
    Reference: Vinyals et al. 2015, arXiv:1506.03134.
    """

    def build(self, tokens_shape, vectors_shape):
        self.first = self.add_weight(shape=(vectors_shape[-1],), initializer="glorot_uniform", name="first")

    def call(self, tokens, vectors):
        single = len(tokens.shape) == 1
        tokens = ops.expand_dims(tokens, -1) if single else tokens
        positions = ops.clip(tokens - FIRST, 0, ops.shape(vectors)[1] - 1)
        picked = ops.take_along_axis(vectors, ops.expand_dims(positions, -1), axis=1)
        fed = ops.where(ops.expand_dims(tokens >= FIRST, -1), picked, ops.cast(self.first, vectors.dtype))
        return ops.squeeze(fed, 1) if single else fed

    def compute_output_shape(self, tokens_shape, vectors_shape):
        return (*tokens_shape, vectors_shape[-1])
