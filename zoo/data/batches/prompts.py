"""Prefixes of outputs as arrays."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from zoo.data.batches.teacher_forcing import BEFORE_FRAMES
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.special_ids import PAD, START

NO_FRAME = -1.0


def encode_prefixes(prefixes: Sequence[Any], vocabulary: Vocabulary | None) -> np.ndarray:
    """Encodes what outputs begin with, as the input "target" of a decoder that continues it.

    Args:
        prefixes: texts or lists of tokens, "" for none; without a vocabulary frames (P, D), (0, D) for none.
        vocabulary: of the targets; None for frames.
    Shapes:
        (B, 1 + P) int32, column 0 START, padded with 0; or (B, 1 + P, D) float32, frame 0 zeros, padded with -1, where
        P is the longest.
    Raises:
        ValueError: no prefixes, or frames of different widths.
    """
    if not len(prefixes):
        raise ValueError('there must be a prefix for every output ("" for none), received: no prefixes.')
    if vocabulary is not None:
        encoded = [vocabulary.encode(text) for text in prefixes]
        ids = np.full((len(encoded), 1 + max(map(len, encoded))), PAD, "int32")
        ids[:, 0] = START
        for row, tokens in zip(ids, encoded, strict=True):
            row[1 : 1 + len(tokens)] = tokens
        return ids
    frames = [np.asarray(example, "float32") for example in prefixes]
    if any(array.ndim != 2 or array.shape[1:] != frames[0].shape[1:] for array in frames):
        raise ValueError(
            "prefixes without a vocabulary must be frames (steps, features) of one width, "
            f"received: shapes {sorted({array.shape for array in frames})}. An empty one is (0, features)."
        )
    padded = np.full((len(frames), 1 + max(map(len, frames)), frames[0].shape[1]), NO_FRAME, "float32")
    padded[:, 0] = BEFORE_FRAMES
    for row, array in zip(padded, frames, strict=True):
        row[1 : 1 + len(array)] = array
    return padded
