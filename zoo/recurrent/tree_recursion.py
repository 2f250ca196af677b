import keras
from keras import ops

from zoo.cells.tree import COMPOSITIONS
from zoo.layers.composite import Composite
from zoo.lookup import lookup
from zoo.ops.tree_scan import bottom_up_scan


@keras.saving.register_keras_serializable(package="zoo")
class TreeRecursion(Composite):
    """One composition, run up trees of any shape, all trees of a batch at once.

        node = compose(its children), from the leaves to the root

    Args:
        composition: a name of `zoo.cells.tree.COMPOSITIONS`.
        vocabulary_size: of words, 0 is padding.
        units: width of a node's vector.
        embedding_size: width of a word's vector, `units` if None.
        dropout: rate on the words' entries.
    Shapes:
        tokens (L,) int, the words of all trees; children (R, N, A) int, the rows of the buffer that every lane of every
        round reads, see `zoo.ops.tree_scan.bottom_up_scan`; node_rows (B, n) int, rows of the buffer -> (B, n, units),
        exactly 0 where the row is 0.
    Raises:
        ValueError: an unknown composition, with the closest names; more children than it can take.
    """

    def __init__(
        self,
        composition: str = "tree_lstm",
        vocabulary_size: int = 10_000,
        units: int = 128,
        *,
        embedding_size: int | None = None,
        dropout: float = 0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.composition = lookup("composition", composition, COMPOSITIONS)(
            units, embedding_size=embedding_size, dtype=self.dtype_policy, name=composition
        )
        self.units = units
        self.embedding = keras.layers.Embedding(
            vocabulary_size,
            self.composition.leaf_size,
            embeddings_initializer=self.composition.words_start,
            dtype=self.dtype_policy,
            name="embedding",
        )
        self.dropout = keras.layers.Dropout(dropout, dtype=self.dtype_policy, name="dropout")

    def build(self, tokens_shape, children_shape, node_rows_shape):
        arity = self.composition.arity
        if arity is not None and children_shape[-1] not in (None, arity):
            raise ValueError(
                f"{self.composition.name} makes a node of {arity} children: binarise the trees, or choose "
                f"child_sum_tree_lstm. Received: children of shape {children_shape}"
            )
        self.embedding.build(tokens_shape)
        self.composition.build((*children_shape, self.composition.state_size))

    def call(self, tokens, children, node_rows, training=None):
        words = self.dropout(self.embedding(tokens), training=training)
        buffer = bottom_up_scan(self.composition.leaf(words), children, self.composition.compose)
        return ops.take(buffer[:, : self.units], node_rows, axis=0)
