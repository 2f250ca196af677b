"""Base class of compositions: a node's state is one row of numbers, its vector first."""

import keras
from keras import ops


class Composition(keras.layers.Layer):
    """From the children of a node to the node.

    A subclass sets `arity` where only so many children will do, and writes `compose`; a leaf's state is its word's
    vector unless it overrides `leaf` and `leaf_size`.

    Args:
        units: width of a node's vector.
        embedding_size: width of a word's vector, `units` if None.
    Shapes:
        leaf(words (L, leaf_size)) -> states (L, state_size);
        compose(children (..., A, state_size)) -> states (..., state_size), where a missing child is all 0.
    Raises:
        ValueError: units < 1; an embedding_size other than units, where words and nodes are of one kind.
    """

    arity: int | None = 2

    def __init__(self, units: int, *, embedding_size: int | None = None, **kwargs):
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"`units` must be at least 1. Received: units={units}")
        self.units, self.embedding_size = units, embedding_size or units
        self.check_words()

    def check_words(self):
        if self.embedding_size != self.units:
            raise ValueError(
                "Words and phrases are vectors of one kind here: leave `embedding_size` out. "
                f"Received: units={self.units}, embedding_size={self.embedding_size}"
            )

    @property
    def leaf_size(self) -> int:
        """Numbers that a word's entry in the vocabulary has."""
        return self.embedding_size

    @property
    def state_size(self) -> int:
        """Numbers of a node."""
        return self.units

    def words_start(self, shape, dtype=None):
        """The words' entries before training."""
        return keras.random.uniform(shape, -0.05, 0.05, dtype=dtype)

    def leaf(self, words):
        return words

    def compose(self, children):
        raise NotImplementedError

    def call(self, children):
        return self.compose(children)

    def joined(self, children):
        """(..., 2, D) -> (..., 2 D): [a ; b]."""
        return ops.concatenate([children[..., 0, :], children[..., 1, :]], axis=-1)
