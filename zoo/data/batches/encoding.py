"""Examples to the arrays a model reads: one function for training and for prediction, so that both see the same."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.special_ids import PAD


def encode(
    examples: Sequence[str | Sequence[str] | np.ndarray],
    vocabularies: Mapping[str, Any],
    *,
    word_length: int = 16,
) -> dict[str, list[np.ndarray]]:
    """Encodes examples as the inputs of a model, ready for `Batches`.

    Args:
        examples: strings, lists of tokens, or arrays of frames.
        vocabularies: with "tokens" the examples are texts; with "characters" too, every token is spelled as well, by
            its characters as written even where the tokens are lower case. Without "tokens" they are frames; with a
            sense named "frames" (`zoo.data.featurizers.featurizer`) what it makes frames of: paths, samples.
        word_length: characters a token is cut or padded to.
    Shapes:
        "tokens" (S,) and "characters" (S, word_length) int32, or "frames" (S, D) float32, a list over the examples.
    Raises:
        TypeError: an example that is no text, where there are "tokens".
        ValueError: an example without tokens or frames, or frames that are not finite numbers of one width D.
    """
    if "tokens" not in vocabularies:
        sense = vocabularies.get("frames")
        frames = [_frames(_sensed(sense, example, number), number) for number, example in enumerate(examples)]
        for number, array in enumerate(frames):
            if array.shape[1:] != frames[0].shape[1:]:
                raise ValueError(
                    f"all frames must have the same number of features, received: {_by(frames[0])} in example 0 "
                    f"and {_by(array)} in example {number}."
                )
        return {"frames": frames}
    surfaces = [_surface(vocabularies["tokens"], example, number) for number, example in enumerate(examples)]
    inputs = {"tokens": [vocabularies["tokens"].encode(tokens) for tokens in surfaces]}
    if "characters" in vocabularies:
        inputs["characters"] = [_spell(vocabularies["characters"], tokens, word_length) for tokens in surfaces]
    return inputs


def _surface(vocabulary: Vocabulary, example: Any, number: int) -> list[str]:
    if not isinstance(example, str | list | tuple):
        raise TypeError(f"example {number} must be a string or a list of tokens, received: {type(example).__name__}.")
    tokens = vocabulary.surface(example)
    if not tokens:
        raise ValueError(f"every example needs at least one token, received: example {number} is {example!r}. Drop it.")
    return tokens


def _spell(vocabulary: Vocabulary, tokens: Sequence[str], word_length: int) -> np.ndarray:
    spelled = np.full((len(tokens), word_length), PAD, "int32")
    for row, token in zip(spelled, tokens, strict=True):
        characters = vocabulary.encode(token)[:word_length]
        row[: len(characters)] = characters
    return spelled


def _by(frames: np.ndarray) -> str:
    return " x ".join(map(str, frames.shape[1:]))


def _sensed(sense: Any, example: Any, number: int) -> Any:
    """Return the features of an example by a featurizer; without one the example itself."""
    try:
        return example if sense is None else sense.encode(example)
    except ValueError as error:
        raise ValueError(f"example {number}: {error}") from error


def _frames(example: Any, number: int) -> np.ndarray:
    """Returns an example as (S, D) or, of pictures, (S, H, W, C) float32 of finite numbers."""
    try:
        frames = np.asarray(example, "float32")
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(
            f"example {number} must be frames, a table of numbers (steps, features), received: {example!r:.40}. "
            'Texts need a vocabulary named "tokens".'
        ) from error
    if frames.ndim < 2 or not frames.size:
        raise ValueError(
            f"example {number} must be frames of shape (steps, features) with at least one of each, "
            f"received: shape {frames.shape}."
        )
    finite = np.isfinite(frames).all(axis=tuple(range(1, frames.ndim)))
    if not finite.all():
        raise ValueError(
            f"frames must be finite, received: example {number}, frame {finite.argmin()} is {frames[finite.argmin()]}. "
            "Fill or drop missing values."
        )
    return frames
