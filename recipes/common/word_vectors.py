"""Pretrained word vectors to begin with: the argument `--vectors` of every recipe whose model embeds words.

A recipe names the vocabulary of the words and the layer that embeds them:

    @word_vectors.initialized("tokens", "embedding")
    def model(splits, *, embedding_size=200, ...):
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from zoo.data.readers import vectors as vector_files
from zoo.data.splits import Splits
from zoo.data.vocabularies.vocabulary import Vocabulary

VECTORS = inspect.Parameter("vectors", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=str | None)
DESCRIPTION = "vectors: a text file of pretrained word vectors (GloVe, word2vec) to begin with; its width is {width}."


def initialized(
    vocabulary: str,
    embeddings: str | Callable[[keras.Model], Sequence[Any]],
    *,
    width: str | Callable[[Mapping[str, Any]], str] = "embedding_size",
) -> Callable:
    """Decorate a recipe's `model` with the argument `vectors`: its embeddings of words begin with those of a file.

    The width of the model's word vectors is then that of the file. A word that the file lacks begins with a random
    vector, as `zoo.data.readers.vectors.read` draws it. All of them are trained.

    Args:
        vocabulary: name of the vocabulary of words.
        embeddings: name of the embedding layer, or a function from the model to its tables, each (V, D); of a wider
            table the first D columns begin with the vectors.
        width: the argument of `model` that is the width of word vectors, or a function from all arguments to its name.
    Raises:
        ValueError: by the decorated `model`, if there are `vectors` and no vocabulary of words.
        DataError: a file that holds no vectors.
    """

    def decorate(build: Callable[..., keras.Model]) -> Callable[..., keras.Model]:
        parameters = inspect.signature(build).parameters
        defaults = {name: each.default for name, each in parameters.items() if each.kind is each.KEYWORD_ONLY}

        def model(splits: Splits, *, vectors: str | None = None, **arguments: Any) -> keras.Model:
            if vectors is None:
                return build(splits, **arguments)
            matrix = _read(vectors, splits.vocabularies.get(vocabulary))
            name = width if isinstance(width, str) else width(defaults | arguments)
            built = build(splits, **{**arguments, name: matrix.shape[1]})
            for table in _tables(built, embeddings):
                values = np.array(keras.ops.convert_to_numpy(table))
                values[:, : matrix.shape[1]] = matrix
                table.assign(values)
            return built

        model.__signature__ = inspect.Signature([*parameters.values(), VECTORS])  # type: ignore[attr-defined]
        line = DESCRIPTION.format(width=width if isinstance(width, str) else "that of a word")
        model.__doc__ = (inspect.getdoc(build) or "").replace("Args:\n", f"Args:\n    {line}\n", 1)
        return model

    return decorate


def _read(path: str, vocabulary: Any) -> np.ndarray:
    """Return the matrix (V, D) of a vocabulary's words, and print how many of them have a vector."""
    level = vocabulary.level if isinstance(vocabulary, Vocabulary) else None
    if level != "word":
        raise ValueError(
            "Word vectors are of the tokens of a vocabulary of words. Received: "
            f"{'a training without one' if level is None else f'a vocabulary of level {level}'}. Train on words "
            "(where there is a choice, --level word), or omit --vectors."
        )
    matrix, share = vector_files.read(Path(path).expanduser(), vocabulary)
    words, width = len(vocabulary) - len(Vocabulary.SPECIALS), matrix.shape[1]
    print(f"{path}: {round(share * words)} of the vocabulary's {words} words have a vector, of {width} numbers.")
    return matrix


def _tables(model: keras.Model, embeddings: str | Callable[[keras.Model], Sequence[Any]]) -> Sequence[Any]:
    return [model.get_layer(embeddings).embeddings] if isinstance(embeddings, str) else embeddings(model)
