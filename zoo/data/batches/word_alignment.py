"""Word alignments of examples as targets of attention."""

from collections.abc import Mapping
from typing import Any

import numpy as np


def target_alignment(example: Mapping[str, Any], number: int, shape: tuple[int, int]) -> np.ndarray:
    """Return the positions that each target token should attend to, by the "word_alignment" of an example.

    Args:
        example: with pairs (source position, target position) from 0, or a text "0-0 1-2" as word aligners write it.
            Without them there is no target.
        number: of the example, for errors.
        shape: (T, S), the end included in T.
    Shapes:
        (T, S) float32; an aligned target's weight is divided among its positions, others have zeros.
    Raises:
        ValueError: no such pairs, or a position outside of the texts.
    """
    aligned = example.get("word_alignment", ())
    alignment = np.zeros(shape, "float32")
    try:
        pairs = [pair.split("-") for pair in aligned.split()] if isinstance(aligned, str) else aligned
        for source, target in ((int(source), int(target)) for source, target in pairs):
            if not (0 <= source < shape[1] and 0 <= target < shape[0] - 1):
                raise ValueError(f"positions lie below {shape[1]} (source) and {shape[0] - 1} (target)")
            alignment[target, source] = 1.0
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(
            f"example {number}: a word alignment has pairs of a source and a target position, from 0, or is a text "
            f'"0-0 1-2", received: {aligned!r:.60} ({error}).'
        ) from error
    return alignment / np.maximum(alignment.sum(axis=1, keepdims=True), 1.0)
