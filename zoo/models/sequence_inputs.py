"""The front that mapping models share: what comes in, as one sequence of vectors and its mask.

Not an architecture of its own: it creates the `keras.Input`s by the names that `zoo.data` fills.
"""

from dataclasses import dataclass

import keras

from zoo.layers.character_encoder import CharacterEncoder
from zoo.layers.mask import FrameMask, TokenMask
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
    variable_length: bool = False,
    embedding_size: int = 128,
    character_vocabulary_size: int | None = None,
    character_units: int = 50,
    token_dropout: float = 0.0,
    dropout: float = 0.0,
) -> SequenceInputs:
    """Tokens if there is a vocabulary (with their characters if there is one of those), frames if there are features.

    Raises:
        ValueError: neither or both of `vocabulary_size` and `features`; characters without tokens.
    """
    if (vocabulary_size is None) == (features is None):
        raise ValueError(
            "A model reads either tokens (pass `vocabulary_size`) or frames of numbers (pass `features`). "
            f"Received: vocabulary_size={vocabulary_size}, features={features}"
        )
    if features is None:
        front = _tokens(vocabulary_size, embedding_size, token_dropout)
        if character_vocabulary_size is not None:
            encoder = CharacterEncoder(
                character_vocabulary_size, character_units, dropout=dropout, name="character_encoder"
            )
            front = _with_spelling(front, encoder)
    else:
        if character_vocabulary_size is not None:
            raise ValueError("Characters spell tokens: `character_vocabulary_size` needs `vocabulary_size`.")
        front = _frames(features, variable_length)
    if dropout:
        front.sequences = keras.layers.Dropout(dropout, name="input_dropout")(front.sequences)
    return front


def _tokens(vocabulary_size, embedding_size, token_dropout) -> SequenceInputs:
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    kept = TokenDropout(token_dropout, name="token_dropout")(tokens) if token_dropout else tokens
    vectors = keras.layers.Embedding(vocabulary_size, embedding_size, name="embedding")(kept)
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
