"""The side of a model that reads a source: from ids or frames to a memory of vectors, its mask, and one summary.

Not an architecture of its own: the encoder of `encoder_decoder` and of models like it.
"""

from typing import Any

import keras
from keras import ops

from zoo.layers.masks import FrameMask, TokenMask
from zoo.layers.unmasked import Unmasked
from zoo.lookup import lookup
from zoo.ops.masking import reverse_real
from zoo.recurrent.pyramid_stack import PyramidStack
from zoo.recurrent.recurrent_stack import RecurrentStack

ENCODERS = {
    "bidirectional": "both ways; the directions share the units",
    "forward": "from the first step to the last",
    "backward": "from the last real step to the first: the source reversed",
    "pyramid": "both ways; each layer but the first halves the time",
}


class Source:
    """A source of tokens or frames under a recurrent encoder.

    Args:
        vocabulary_size, features: ids of tokens, or numbers in a frame.
        encoder: a name of `ENCODERS`.
        cell, units, layers, residual, dropout: of the stack; `units` is the width of its output.
        embedding_size: width of a token's vector; of a frame's, which is projected to it. None: frames as they are.
    Raises:
        ValueError: neither or both of vocabulary_size and features; an unknown encoder; odd units for two directions;
            a residual pyramid.
    """

    def __init__(
        self,
        vocabulary_size: int | None,
        features: int | None = None,
        *,
        encoder: str,
        cell: str,
        units: int,
        layers: int,
        embedding_size: int | None,
        residual: bool,
        dropout: float,
    ):
        if (vocabulary_size is None) == (features is None):
            raise ValueError(
                "A source is either tokens (pass `source_vocabulary_size`) or frames (pass `source_features`). "
                f"Received: source_vocabulary_size={vocabulary_size}, source_features={features}"
            )
        lookup("encoder", encoder, ENCODERS)
        both = encoder in ("bidirectional", "pyramid")
        if both and units % 2:
            raise ValueError(f"Two directions share `units`, which must be even. Received: units={units}")
        if features is None:
            self.inputs = {"source": keras.Input((None,), dtype="int32", name="source")}
            self.embedding = keras.layers.Embedding(vocabulary_size, embedding_size, name="source_embedding")
            self.mask = TokenMask(name="source_mask")
        else:
            self.inputs = {
                "source": keras.Input((None, features), name="source"),
                "source_lengths": keras.Input((), dtype="int32", name="source_lengths"),
            }
            self.embedding, self.mask = None, FrameMask(name="source_mask")
            if embedding_size is not None:
                self.embedding = keras.layers.Dense(embedding_size, name="source_embedding")
        self.dropout = keras.layers.Dropout(dropout, name="source_dropout") if dropout else None
        self.reverse = Reverse(name="source_reversed") if encoder == "backward" else None
        self.pyramid = encoder == "pyramid"
        self.reduction = 2 ** (layers - 1) if self.pyramid else 1
        options: dict[str, Any] = {"layers": layers, "dropout": dropout, "bidirectional": both, "name": "encoder"}
        width = units // 2 if both else units
        if self.pyramid:
            if residual:
                raise ValueError("Layers of a pyramid differ in length and cannot be residual: choose residual=False.")
            self.stack = PyramidStack(cell, width, **options)
        else:
            self.stack = RecurrentStack(cell, width, residual=residual, **options)
        self.summary = keras.layers.Concatenate(name="summary")

    def read(self, inputs: dict) -> tuple:
        """-> memory (B, S, units), mask (B, S), summary (B, all last states of the top layer, joined)."""
        return self.encode(*self.embed(inputs))

    def embed(self, inputs: dict) -> tuple:
        """-> vectors (B, S, D), mask (B, S)."""
        source = inputs["source"]
        if "source_lengths" in self.inputs:
            mask = self.mask(source, inputs["source_lengths"])
            # Whatever stands in padding would come into the gradients of a projection.
            source = ops.where(ops.expand_dims(mask, -1), source, ops.zeros_like(source))
        else:
            mask = self.mask(source)
        vectors = source if self.embedding is None else self.embedding(source)
        return vectors if self.dropout is None else self.dropout(vectors), mask

    def encode(self, vectors, mask) -> tuple:
        """Return the result of `read` for vectors."""
        if self.reverse is not None:
            vectors = self.reverse(vectors, mask)
        if self.pyramid:
            memory, mask, states = self.stack(vectors, mask)
        else:
            memory, states = self.stack(vectors, mask)
        last = [tensor for direction in states[-1] for tensor in direction]
        return memory, mask, self.summary(last) if len(last) > 1 else last[0]


@keras.saving.register_keras_serializable(package="zoo")
class Reverse(Unmasked):
    """Turns the real steps of each row around; padding stays on the right. (B, S, D), (B, S) -> (B, S, D).

    Reference: Sutskever et al. 2014, arXiv:1409.3215, section 3.3.
    """

    def call(self, sequences, mask):
        return reverse_real(sequences, mask)
