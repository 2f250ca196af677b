from typing import Any

import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.layers.pooling import POOLINGS
from zoo.lookup import lookup
from zoo.ops.masking import last_real, lengths_to_mask, zero_padding
from zoo.recurrent.recurrent_stack import RecurrentStack

MEMORY_LEVELS = {
    "utterances": "the context after each utterance",
    "words": "every word, with the context after its utterance",
}


@keras.saving.register_keras_serializable(package="zoo")
class DialogueEncoder(Composite):
    """A dialogue in two levels: words to utterances, utterances to the context so far.

        h_u1 .. h_uW = bidirectional(e(x_u1) .. e(x_uW)),     v_u = pooling(h_u)
        c_1 .. c_U   = forward([v_1 ; p_1] .. [v_U ; p_U]),   p_u the turn: two take turns, counted from the last
        memory       = c_1 .. c_U,  or of words [h_11 ; c_1] .. [h_UW ; c_U]
        code         = c_U

    An utterance without words, in the middle or at the end, is no position to look at; those at the end are no step of
    the context.

    Args:
        vocabulary_size: how many ids words have.
        cell: a name of `zoo.cells.CELLS`.
        units: width of the context, and of the two directions of the words together.
        layers: of each level.
        memory_level: what the memory holds, a name of `MEMORY_LEVELS`.
        pooling: from words to an utterance, a name of `zoo.layers.pooling.POOLINGS`.
        embedding_size: width of a word's vector.
        dropout: rate on words' vectors and on each layer's output.
    Shapes:
        words (B, U, W) int -> memory (B, U, units) or (B, U * W, 2 units), its mask, code (B, units).
    Raises:
        ValueError: an unknown name, with the closest; odd units.
    Reference: Serban et al. 2016, arXiv:1507.04808; Yang et al. 2016, Hierarchical Attention Networks (pooling by
        attention).
    """

    def __init__(
        self,
        vocabulary_size: int,
        *,
        cell: str = "gru",
        units: int = 256,
        layers: int = 1,
        memory_level: str = "utterances",
        pooling: str = "last",
        embedding_size: int = 128,
        dropout: float = 0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        lookup("memory_level", memory_level, MEMORY_LEVELS)
        pooling_class = lookup("pooling", pooling, POOLINGS)
        if units % 2:
            raise ValueError(f"The two directions of words share `units`, which must be even. Received: units={units}")
        own: dict[str, Any] = {"dtype": self.dtype_policy}
        options: dict[str, Any] = {"layers": layers, "dropout": dropout, **own}
        self.memory_level = memory_level
        self.embedding = keras.layers.Embedding(vocabulary_size, embedding_size, name="source_embedding", **own)
        self.dropout = keras.layers.Dropout(dropout, name="dropout", **own) if dropout else None
        self.words = RecurrentStack(cell, units // 2, bidirectional=True, name="words", **options)
        more: dict[str, dict[str, Any]] = {"last": {"bidirectional": True}, "attention": {"units": units}}
        self.pooling = pooling_class(name="pooling", **more.get(pooling, {}), **own)
        self.context = RecurrentStack(cell, units, name="context", **options)
        self.units = units

    def build(self, words_shape):
        width = self.embedding.output_dim
        self.embedding.build((None, None))
        self.turns = self.add_weight(shape=(2, width), initializer="uniform", name="turns")
        self.words.build((None, None, width))
        self.pooling.build((None, None, self.units))
        self.context.build((None, None, self.units + width))

    def call(self, words, training=None):
        batch, utterances, length = (ops.shape(words)[axis] for axis in range(3))
        flat = ops.reshape(words, (-1, length))
        real = ops.not_equal(flat, 0)
        vectors = self.embedding(flat)
        if self.dropout is not None:
            vectors = self.dropout(vectors, training=training)
        read, _ = self.words(vectors, real, training=training)
        pooled = ops.reshape(self.pooling(read, real), (batch, utterances, self.units))

        is_utterance = ops.any(ops.not_equal(words, 0), axis=-1)
        positions = ops.arange(utterances, dtype="int32")
        count = ops.max(ops.where(is_utterance, positions + 1, ops.zeros_like(positions)), axis=1, initial=0)
        turns = ops.maximum(ops.expand_dims(count, -1) - 1 - positions, 0) % 2
        speaking = ops.cast(ops.take(self.turns, turns, axis=0), self.compute_dtype)
        steps = ops.concatenate([pooled, speaking], axis=-1)
        mask = lengths_to_mask(count, utterances)
        context, _ = self.context(steps, mask, training=training)
        code = last_real(context, mask)
        if self.memory_level == "utterances":
            return zero_padding(context, is_utterance), is_utterance, code
        after = ops.broadcast_to(ops.expand_dims(context, 2), (batch, utterances, length, self.units))
        each = ops.concatenate([ops.reshape(read, (batch, utterances, length, self.units)), after], axis=-1)
        real = ops.reshape(real, (batch, -1))
        return zero_padding(ops.reshape(each, (batch, -1, 2 * self.units)), real), real, code

    def compute_output_shape(self, words_shape):
        batch, utterances, length = words_shape
        if self.memory_level == "utterances":
            return (batch, utterances, self.units), (batch, utterances), (batch, self.units)
        positions = None if None in (utterances, length) else utterances * length
        return (batch, positions, 2 * self.units), (batch, positions), (batch, self.units)

    def compute_output_spec(self, words, training=None):
        memory, mask, code = self.compute_output_shape(words.shape)
        return (
            keras.KerasTensor(memory, dtype=self.compute_dtype),
            keras.KerasTensor(mask, dtype="bool"),
            keras.KerasTensor(code, dtype=self.compute_dtype),
        )
