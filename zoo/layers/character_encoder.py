import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.ops.masking import masked_max, zero_padding


@keras.saving.register_keras_serializable(package="zoo")
class CharacterEncoder(Composite):
    """A vector for each word from how it is spelled: a convolution over its characters, and the maximum of each filter.

        w_s = max_c ( F * [e(k_{s,1}), ..., e(k_{s,C})] )_c                         (Ma & Hovy 2016, section 2.1)

    Args:
        vocabulary_size: how many characters, the specials counted in.
        units: how many filters, the width of the result.
        embedding_size: width of a character's vector.
        window: characters a filter sees.
        dropout: rate on the characters' vectors.
    Shapes:
        characters (B, S, C) int, 0 = padding -> (B, S, units); zeros for a word without characters.
    Raises:
        ValueError: units or window < 1 (from the convolution).
    Reference: arXiv:1603.01354.
    """

    def __init__(
        self,
        vocabulary_size: int,
        units: int = 50,
        *,
        embedding_size: int = 30,
        window: int = 3,
        dropout: float = 0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        policy = {"dtype": self.dtype_policy}
        self.units = units
        self.embedding = keras.layers.Embedding(vocabulary_size, embedding_size, name="embedding", **policy)
        self.dropout = keras.layers.Dropout(dropout, name="dropout", **policy)
        self.convolution = keras.layers.Conv1D(units, window, padding="same", name="convolution", **policy)

    def build(self, characters_shape):
        self.embedding.build(characters_shape)
        self.convolution.build((None, characters_shape[-1], self.embedding.output_dim))

    def call(self, characters, training=None):
        batch, steps, length = ops.shape(characters)
        words = ops.reshape(characters, (batch * steps, length))
        mask = ops.not_equal(words, 0)
        # An embedding of padding would reach the last characters through the filters' windows.
        vectors = zero_padding(self.dropout(self.embedding(words), training=training), mask)
        spelled = masked_max(self.convolution(vectors), mask)
        return ops.reshape(spelled, (batch, steps, self.units))

    def compute_output_shape(self, characters_shape):
        return (*characters_shape[:2], self.units)
