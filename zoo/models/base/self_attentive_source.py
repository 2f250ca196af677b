"""The side of a Transformer that reads a source: from ids or frames to a memory of vectors and its mask.

Not an architecture of its own: the encoder of `transformer`.
"""

from typing import Any

import keras
from keras import ops

from zoo.layers.masks import FrameMask, TokenMask
from zoo.layers.transformer_stack import TransformerStack


class SelfAttentiveSource:
    """A source of tokens or frames under blocks of attention.

    Args:
        vocabulary_size, features: ids of tokens, or numbers in a frame.
        units: width of its output, and of a token's vector.
        blocks: other arguments of the `TransformerStack`.
    Raises:
        ValueError: neither or both of vocabulary_size and features.
    """

    reduction = 1

    def __init__(self, vocabulary_size: int | None, features: int | None, *, units: int, blocks: dict[str, Any]):
        if (vocabulary_size is None) == (features is None):
            raise ValueError(
                "A source is either tokens (pass `source_vocabulary_size`) or frames (pass `source_features`). "
                f"Received: source_vocabulary_size={vocabulary_size}, source_features={features}"
            )
        self.embedding, self.mask = None, TokenMask(name="source_mask")
        if features is None:
            self.inputs = {"source": keras.Input((None,), dtype="int32", name="source")}
            self.embedding = keras.layers.Embedding(vocabulary_size, units, name="source_embedding")
        else:
            self.inputs = {
                "source": keras.Input((None, features), name="source"),
                "source_lengths": keras.Input((), dtype="int32", name="source_lengths"),
            }
            self.mask = FrameMask(name="source_mask")
        self.stack = TransformerStack(units, tokens=features is None, name="encoder", **blocks)

    def read(self, inputs: dict) -> tuple:
        """-> memory (B, S, units), mask (B, S)."""
        source = inputs["source"]
        if self.embedding is not None:
            mask = self.mask(source)
            return self.stack(self.embedding(source), mask), mask
        mask = self.mask(source, inputs["source_lengths"])
        # Whatever stands in padding would come into the gradients of a projection.
        source = ops.where(ops.expand_dims(mask, -1), source, ops.zeros_like(source))
        return self.stack(source, mask), mask
