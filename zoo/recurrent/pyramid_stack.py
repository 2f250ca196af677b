import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.ops.masking import lengths_to_mask, mask_to_lengths, zero_padding
from zoo.recurrent.recurrent_stack import RecurrentStack


@keras.saving.register_keras_serializable(package="zoo")
class PyramidStack(Composite):
    """Recurrent layers that each see pairs of the steps below: every layer but the first halves the time.

        y^l_s = layer^l([y^{l-1}_{2s} ; y^{l-1}_{2s+1}])

    A last step without a partner is paired with zeros; a pair is real if its first step is.

    Args:
        cell, units, layers, bidirectional, dropout: as in `RecurrentStack`.
    Shapes:
        sequences (B, S, D), mask (B, S) -> outputs (B, ceil(S / 2^(layers-1)), width), their mask, and the last states
        as of `RecurrentStack`.
    Reference: Chan et al. 2016, arXiv:1508.01211 (Listen, Attend and Spell).
    """

    def __init__(
        self,
        cell: str = "lstm",
        units: int = 128,
        *,
        layers: int = 3,
        bidirectional: bool = True,
        dropout: float = 0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if layers < 1:
            raise ValueError(f"`layers` must be at least 1. Received: layers={layers}")
        options = {"bidirectional": bidirectional, "dropout": dropout, "dtype": self.dtype_policy}
        self.stacks = [RecurrentStack(cell, units, name=f"layer_{n}", **options) for n in range(layers)]

    def build(self, sequences_shape, mask_shape=None):
        *outer, features = sequences_shape
        for stack in self.stacks:
            stack.build((*outer, features))
            features = 2 * stack.width

    def call(self, sequences, mask, training=None):
        states = []
        for n, stack in enumerate(self.stacks):
            if n:
                sequences, mask = _pairs(zero_padding(sequences, mask), mask)
            sequences, (state,) = stack(sequences, mask, training=training)
            states.append(state)
        return sequences, mask, states


def _pairs(sequences, mask):
    batch, steps = ops.shape(sequences)[0], ops.shape(sequences)[1]
    even = ops.pad(sequences, [[0, 0], [0, 1], [0, 0]])[:, : (steps + 1) // 2 * 2]
    joined = ops.reshape(even, (batch, (steps + 1) // 2, 2 * sequences.shape[-1]))
    return joined, lengths_to_mask((mask_to_lengths(mask) + 1) // 2, (steps + 1) // 2)
