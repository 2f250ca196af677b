"""The side of a generating model on which its own output comes in again: its kind, its embedding, its read-out.

Not an architecture of its own: what language model, one-to-many and encoder-decoder share.
"""

from typing import Any

import keras
from keras import ops

from zoo.distributions.bernoulli import Bernoulli
from zoo.distributions.categorical import Categorical
from zoo.distributions.gaussian import Gaussian
from zoo.distributions.mixture import Mixture
from zoo.distributions.strokes import Strokes
from zoo.layers.readout import Readout
from zoo.lookup import lookup
from zoo.special_ids import FIRST, UNKNOWN

# What frames may be: name -> the output, of so many features and components.
OUTPUTS = {
    "bernoulli": lambda features, components: Bernoulli(features),
    "gaussian": lambda features, components: Gaussian(features),
    "mixture": Mixture,
    "strokes": lambda features, components: Strokes(components),
}


class Target:
    """Tokens of a vocabulary, or frames: of yes and no, of real numbers, of a pen's movements.

    Args:
        vocabulary_size: how many ids tokens have; for tokens.
        features: how many numbers a frame has; for frames.
        output: what they are, a name of `OUTPUTS`: "bernoulli" (yes and no), "gaussian" or "mixture" (real numbers),
            "strokes" (movements of a pen, of 3 features); see `zoo.distributions`.
        components: of a mixture or of strokes.
        embedding_size: width of a token's vector.
        dropout: rate on the vectors that come in.
        smoothing: label smoothing of tokens.
    Raises:
        ValueError: neither or both of vocabulary_size and features; a vocabulary of the special ids alone; an unknown
            output, or another than "bernoulli" for tokens; strokes of other than 3 features.
    """

    def __init__(
        self,
        vocabulary_size: int | None,
        features: int | None = None,
        *,
        output: str = "bernoulli",
        components: int = 10,
        embedding_size: int = 128,
        dropout: float = 0.0,
        smoothing: float = 0.0,
    ):
        lookup("output", output, OUTPUTS)
        if (vocabulary_size is None) == (features is None):
            raise ValueError(
                "A model emits either tokens (pass `vocabulary_size`) or frames (pass `features`). "
                f"Received: vocabulary_size={vocabulary_size}, features={features}"
            )
        if vocabulary_size is not None and vocabulary_size <= FIRST:
            raise ValueError(
                "A vocabulary has at least 5 ids: padding, unknown, start, end, and a token. "
                f"Received: vocabulary_size={vocabulary_size}"
            )
        if output != "bernoulli" and features is None:
            raise ValueError(f"An output is chosen for frames; tokens have their own. Received: output={output!r}")
        self.features = features
        self.distribution: Any = None
        if vocabulary_size is not None:
            self.distribution = Categorical(vocabulary_size, smoothing)
            self.embedding = keras.layers.Embedding(vocabulary_size, embedding_size, name="target_embedding")
        else:
            self.distribution = OUTPUTS[output](features, components)
            self.embedding = None
            if self.distribution.features != features:
                raise ValueError(
                    f"Frames of {output} have {self.distribution.features} features. Received: features={features}"
                )
        self.dropout = keras.layers.Dropout(dropout, name="target_dropout") if dropout else None

    def input(self):
        """The functional input "target"."""
        if self.features is None:
            return keras.Input((None,), dtype="int32", name="target")
        return keras.Input((None, self.features), dtype="float32", name="target")

    def embed(self, values):
        """Values to vectors: (B, T) -> (B, T, D), (B,) -> (B, D); frames as their output reads them.

        A token of the source alone (`zoo.data.vocabularies.copy_vocabulary`) is read as the unknown one.
        """
        if self.embedding is not None:
            values = ops.where(values < self.distribution.size, values, ops.ones_like(values) * UNKNOWN)
        vectors = self.distribution.as_input(values) if self.embedding is None else self.embedding(values)
        return vectors if self.dropout is None else self.dropout(vectors)

    def readout(self, tied: bool) -> Readout:
        """From hidden states to scores."""
        if tied and self.embedding is None:
            raise ValueError("There is no embedding to tie to: frames take tied=False.")
        return Readout(self.distribution.size, embedding=self.embedding if tied else None, name="readout")
