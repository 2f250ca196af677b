"""Pretrained word vectors to begin with: the argument `vectors` of every recipe whose model embeds words.

A recipe names, for each model that takes them, the vocabulary of the words and the layer that embeds them:

    VECTORS = {"recurrent": WordVectors("tokens", "embedding")}
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from zoo.data.readers import vectors as vector_files
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.special_ids import FIRST


@dataclass(frozen=True)
class WordVectors:
    """The embedding of a model that pretrained word vectors initialize.

    Args:
        vocabulary: name of the vocabulary of words.
        embeddings: name of the embedding layer, or a function from the model to its tables, each (V, D); of a wider
            table the first D columns are initialized.
        width: the argument of the model that is the width of word vectors; it is then that of the file.
    """

    vocabulary: str
    embeddings: str | Callable[[keras.Model], Sequence[Any]]
    width: str = "embedding_size"

    def assign(self, model: keras.Model, matrix: np.ndarray) -> None:
        """Initialize the model's embeddings with a matrix (V, D); all of them are trained."""
        for table in self._tables(model):
            values = np.array(keras.ops.convert_to_numpy(table))
            values[:, : matrix.shape[1]] = matrix
            table.assign(values)

    def _tables(self, model: keras.Model) -> Sequence[Any]:
        if isinstance(self.embeddings, str):
            return [model.get_layer(self.embeddings).embeddings]
        return self.embeddings(model)


def read_word_vectors(vocabulary: Any, *, vectors: str | None = None) -> np.ndarray:
    """Return the matrix (V, D) of a vocabulary's words, and print how many of them have a vector.

    A word that the file lacks begins with a random vector, as `zoo.data.readers.vectors.read` draws it.

    Args:
        vocabulary: of words.
        vectors: a text file of pretrained word vectors (GloVe, word2vec) to begin with; their width becomes the
            model's.
    Raises:
        ValueError: no vocabulary of words. DataError: a file that holds no vectors.
    """
    level = vocabulary.level if isinstance(vocabulary, Vocabulary) else None
    if level != "word" or vectors is None:
        raise ValueError(
            "Word vectors are of the tokens of a vocabulary of words. Received: "
            f"{'a training without one' if level is None else f'a vocabulary of level {level}'}. Train on words "
            "(where there is a choice, --level word), or omit --vectors."
        )
    matrix, share = vector_files.read(Path(vectors).expanduser(), vocabulary)
    words, width = len(vocabulary) - FIRST, matrix.shape[1]
    print(f"{vectors}: {round(share * words)} of the vocabulary's {words} words have a vector, of {width} numbers.")
    return matrix
