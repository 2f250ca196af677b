"""Word alignments, as people and aligners write them, to what attention is taught."""

from collections.abc import Mapping
from typing import Any

import numpy as np


def target_alignment(example: Mapping[str, Any], number: int, shape: tuple[int, int]) -> np.ndarray:
    """Where each target token should look, from the "links" of an example.

    Args:
        example: with pairs (source place, target place) from 0, or a text "0-0 1-2" as word aligners write it. Without
            links, nothing is wanted.
        number: of the example, for errors.
        shape: (T, S), the end included in T.
    Shapes:
        (T, S) float32; a linked target's weight is shared by its places, one without links has zeros.
    Raises:
        ValueError: links that are none, or a place that is not there.
    """
    links = example.get("links", ())
    wanted = np.zeros(shape, "float32")
    try:
        pairs = [link.split("-") for link in links.split()] if isinstance(links, str) else links
        for source, target in ((int(source), int(target)) for source, target in pairs):
            if not (0 <= source < shape[1] and 0 <= target < shape[0] - 1):
                raise ValueError(f"places lie below {shape[1]} (source) and {shape[0] - 1} (target)")
            wanted[target, source] = 1.0
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(
            f'example {number}: links are pairs of a source and a target place, from 0, or a text "0-0 1-2", '
            f"received: {links!r:.60} ({error})."
        ) from error
    return wanted / np.maximum(wanted.sum(axis=1, keepdims=True), 1.0)
