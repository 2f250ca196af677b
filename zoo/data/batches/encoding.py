"""A column of examples to the arrays that a model reads, for training and for prediction alike.

What encodes a column decides how: a vocabulary makes ids of texts, labels the id of a name, a featurizer frames of
anything else; without any, numbers are frames or a vector.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zoo.data.featurizers.featurizer import Featurizer
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.special_ids import PAD

# The one input of numbers without steps.
VECTOR = "vector"


def encode_column(name: str, values: Sequence[Any], encoder: Any) -> list[np.ndarray]:
    """Encodes one input of every example.

    Args:
        name: of the input; numbers under "vector" have no steps.
        values: texts or lists of tokens, names of labels, what a featurizer makes frames of, or numbers.
        encoder: a vocabulary, labels or a featurizer; None for numbers.
    Shapes:
        texts (S,) int32, labels () int32, vectors (D,) float32 (a number is a vector of one), frames (S, D) or, of
        pictures, (S, H, W, C) float32; a list over the examples.
    Raises:
        ValueError: each names the example: a text without tokens, a label never seen in training, numbers that are not
            finite, or of another width than those of example 0.
    """
    column: list[np.ndarray] = []
    for number, value in enumerate(values):
        try:
            if isinstance(encoder, Featurizer):
                column.append(encoder.encode(value))
            elif isinstance(encoder, Labels):
                column.append(np.array(encoder.encode(value), "int32"))
            elif encoder is not None:
                column.append(_ids(name, value, encoder))
            else:
                column.append(_vector(name, value) if name == VECTOR else _frames(name, value))
            if encoder is None or isinstance(encoder, Featurizer):
                _check_width(name, column)
        except ValueError as error:
            raise ValueError(f"example {number}: {error}") from error
    return column


def encode(
    examples: Sequence[Any], vocabularies: Mapping[str, Any], *, word_length: int = 16
) -> dict[str, list[np.ndarray]]:
    """Encodes examples as the inputs of a model that maps, ready for `Batches`.

    Args:
        examples: texts, lists of tokens, frames, or what a featurizer makes frames of.
        vocabularies: with "tokens" the examples are texts; with "characters" too, every token is spelled as well, by
            its characters as written even where the tokens are lower case. Without "tokens" they are frames, of a
            featurizer named "frames" if there is one.
        word_length: characters a token is cut or padded to.
    Shapes:
        "tokens" (S,) and "characters" (S, word_length) int32, or "frames" (S, D) float32, a list over the examples.
    Raises:
        ValueError: as of `encode_column`.
    """
    if "tokens" not in vocabularies:
        return {"frames": encode_column("frames", examples, vocabularies.get("frames"))}
    tokens: Vocabulary = vocabularies["tokens"]
    inputs = {"tokens": encode_column("tokens", examples, tokens)}
    if "characters" in vocabularies:
        spelling = vocabularies["characters"]
        inputs["characters"] = [_spell(spelling, tokens.surface(example), word_length) for example in examples]
    return inputs


def _ids(name: str, value: Any, vocabulary: Any) -> np.ndarray:
    if not isinstance(value, str | list | tuple):
        raise ValueError(f"{name} must be a text or a list of tokens, received: {value!r:.60}.")
    ids = vocabulary.encode(value)
    if not len(ids):
        raise ValueError(f"{name} needs at least one token, received: {value!r}. Drop the example.")
    return ids


def _spell(vocabulary: Vocabulary, tokens: Sequence[str], word_length: int) -> np.ndarray:
    spelled = np.full((len(tokens), word_length), PAD, "int32")
    for row, token in zip(spelled, tokens, strict=True):
        characters = vocabulary.encode(token)[:word_length]
        row[: len(characters)] = characters
    return spelled


def _numbers(name: str, value: Any, expected: str) -> np.ndarray:
    try:
        return np.asarray(value, "float32")
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(
            f"{name} must be {expected}, received: {value!r:.60}. Texts need a vocabulary for {name!r}."
        ) from error


def _vector(name: str, value: Any) -> np.ndarray:
    vector = np.atleast_1d(_numbers(name, value, "a number or a list of numbers"))
    if vector.ndim != 1 or not vector.size or not np.isfinite(vector).all():
        raise ValueError(f"{name} must be a finite number or a list of them, received: {value!r:.60}.")
    return vector


def _frames(name: str, value: Any) -> np.ndarray:
    frames = _numbers(name, value, "a table of numbers (steps, features)")
    if frames.ndim < 2 or not frames.size:
        raise ValueError(f"{name} must be numbers (steps, features), at least one, received: shape {frames.shape}.")
    finite = np.isfinite(frames).all(axis=tuple(range(1, frames.ndim)))
    if not finite.all():
        first = finite.argmin()
        raise ValueError(
            f"{name} must be finite, received: frame {first} is {frames[first]!s:.100}. Fill or drop missing values."
        )
    return frames


def _check_width(name: str, column: Sequence[np.ndarray]) -> None:
    """Make sure that the last example has as many numbers (a step) as the first."""
    steps = int(name != VECTOR)
    first, last = (" x ".join(map(str, array.shape[steps:])) for array in (column[0], column[-1]))
    if first != last:
        raise ValueError(f"{name} must have the {first} numbers of example 0, received: {last}.")
