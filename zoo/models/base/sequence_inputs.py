"""The front that mapping models share: what comes in, as one sequence of vectors and its mask.

Not an architecture of its own: it creates the `keras.Input`s by the names that `zoo.data` fills.
"""

from dataclasses import dataclass

import keras

from zoo.layers.character_encoder import CharacterEncoder
from zoo.layers.clip_encoder import ClipEncoder
from zoo.layers.masks import FrameMask, TokenMask
from zoo.layers.standardize import Standardize
from zoo.layers.token_dropout import TokenDropout


@dataclass
class SequenceInputs:
    """inputs: one `keras.Input` or a dict of them; sequences (B, S, D); mask (B, S) True = real."""

    inputs: object
    sequences: object
    mask: object


def sequence_inputs(
    vocabulary_size: int | None,
    features: int | None,
    *,
    picture_shape: tuple[int, int, int] | None = None,
    backbone: str = "small",
    variable_length: bool = False,
    embedding_size: int = 128,
    character_vocabulary_size: int | None = None,
    character_units: int = 50,
    token_dropout: float = 0.0,
    dropout: float = 0.0,
) -> SequenceInputs:
    """Tokens if there is a vocabulary (with their characters if there is one of those), frames if there are features,
    and frames that are pictures if those have a shape.

    Raises:
        ValueError: not one of `vocabulary_size`, `features` and `picture_shape`; characters without tokens.
    """
    if [vocabulary_size, features, picture_shape].count(None) != 2:
        raise ValueError(
            "A model reads either tokens (pass `vocabulary_size`), frames of numbers (pass `features`) or frames that "
            "are pictures (pass `picture_shape`). "
            f"Received: vocabulary_size={vocabulary_size}, features={features}, picture_shape={picture_shape}"
        )
    if vocabulary_size is not None:
        front = _tokens(vocabulary_size, embedding_size, token_dropout)
        if character_vocabulary_size is not None:
            encoder = CharacterEncoder(
                character_vocabulary_size, character_units, dropout=dropout, name="character_encoder"
            )
            front = _with_spelling(front, encoder)
    else:
        if character_vocabulary_size is not None:
            raise ValueError("Characters spell tokens: `character_vocabulary_size` needs `vocabulary_size`.")
        front = (
            _frames(features, variable_length)
            if picture_shape is None
            else _clips(
                picture_shape, variable_length, ClipEncoder(embedding_size, backbone=backbone, name="clip_encoder")
            )
        )
    if dropout:
        front.sequences = keras.layers.Dropout(dropout, name="input_dropout")(front.sequences)
    return front


def _tokens(vocabulary_size, embedding_size, token_dropout) -> SequenceInputs:
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    retained = TokenDropout(token_dropout, name="token_dropout")(tokens) if token_dropout else tokens
    vectors = keras.layers.Embedding(vocabulary_size, embedding_size, name="embedding")(retained)
    return SequenceInputs(tokens, vectors, TokenMask(name="mask")(tokens))


def _with_spelling(front, encoder) -> SequenceInputs:
    characters = keras.Input((None, None), dtype="int32", name="characters")
    vectors = keras.layers.Concatenate(name="words_and_spelling")([front.sequences, encoder(characters)])
    return SequenceInputs({"tokens": front.inputs, "characters": characters}, vectors, front.mask)


def _frames(features, variable_length) -> SequenceInputs:
    frames = keras.Input((None, features), name="frames")
    standardized = Standardize(name="standardize")
    if not variable_length:
        return SequenceInputs(frames, standardized(frames), FrameMask(name="mask")(frames))
    lengths = keras.Input((), dtype="int32", name="lengths")
    mask = FrameMask(name="mask")(frames, lengths)
    return SequenceInputs({"frames": frames, "lengths": lengths}, standardized(frames, mask), mask)


def _clips(shape, variable_length, encoder) -> SequenceInputs:
    frames = keras.Input((None, *shape), name="frames")
    inputs = (
        {"frames": frames, "lengths": keras.Input((), dtype="int32", name="lengths")} if variable_length else frames
    )
    mask = FrameMask(name="mask")(frames, inputs["lengths"] if variable_length else None)
    return SequenceInputs(inputs, encoder(frames, mask), mask)
