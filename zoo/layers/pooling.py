"""From a sequence to one vector: what a many-to-one model does with its outputs."""

import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.ops.masking import last_real, masked_max, masked_mean, masked_softmax


@keras.saving.register_keras_serializable(package="zoo")
class LastPooling(keras.layers.Layer):
    """The output of each direction after the whole sequence: forward at the last real step, backward at the first.

    Args:
        bidirectional: the second half of the features was read backward.
    Shapes:
        sequences (B, S, D), mask (B, S) -> (B, D); zeros where a row has no real step.
    """

    def __init__(self, *, bidirectional: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.bidirectional = bidirectional

    def call(self, sequences, mask):
        last = last_real(sequences, mask)
        if not self.bidirectional:
            return last
        half = sequences.shape[-1] // 2
        return ops.concatenate([last[:, :half], sequences[:, 0, half:]], axis=-1)


@keras.saving.register_keras_serializable(package="zoo")
class MeanPooling(keras.layers.Layer):
    """The mean over real steps. sequences (B, S, D), mask (B, S) -> (B, D)."""

    def call(self, sequences, mask):
        return masked_mean(sequences, mask)


@keras.saving.register_keras_serializable(package="zoo")
class MaxPooling(keras.layers.Layer):
    """The maximum of each feature over real steps. sequences (B, S, D), mask (B, S) -> (B, D)."""

    def call(self, sequences, mask):
        return masked_max(sequences, mask)


@keras.saving.register_keras_serializable(package="zoo")
class AttentionPooling(Composite):
    """A mean weighted by how much each step matters.

        u_s = tanh(W h_s + b),   a = softmax_s(v^T u_s),   c = sum_s a_s h_s          (Yang et al. 2016, eq. 5-7)

    Args:
        units: width of the comparison u.
    Shapes:
        sequences (B, S, D), mask (B, S) -> context (B, D). `alignment(sequences, mask)` (B, S) sums to 1 over real
        steps and is exactly 0 on padding.
    Raises:
        ValueError: units < 1.
    Reference: Hierarchical Attention Networks, NAACL 2016.
    """

    def __init__(self, units: int = 128, **kwargs):
        super().__init__(**kwargs)
        self.compare = keras.layers.Dense(units, activation="tanh", dtype=self.dtype_policy, name="compare")
        self.score = keras.layers.Dense(1, use_bias=False, dtype=self.dtype_policy, name="score")

    def build(self, sequences_shape):
        self.compare.build(sequences_shape)
        self.score.build((*sequences_shape[:-1], self.compare.units))

    def alignment(self, sequences, mask):
        scores = ops.squeeze(self.score(self.compare(sequences)), -1)
        return masked_softmax(ops.cast(scores, "float32"), mask)

    def call(self, sequences, mask):
        alignment = ops.cast(self.alignment(sequences, mask), sequences.dtype)
        return ops.einsum("bs,bsd->bd", alignment, sequences)


POOLINGS: dict[str, type[keras.layers.Layer]] = {
    "last": LastPooling,
    "mean": MeanPooling,
    "max": MaxPooling,
    "attention": AttentionPooling,
}
