"""Strings to write backwards: the plainest task that needs everything that was read before the first answer."""

import string

import numpy as np


def generate(count: int, *, length: int = 12, minimum_length: int = 4, seed: int = 0) -> list[dict[str, str]]:
    """Draw strings of lower-case letters and the same backwards.

    A model that keeps its source in one vector has to hold the whole string in it; with attention it can look the
    letters up, the last first. Baselines: a copy of the source is hardly ever right and has about 0.09 of its letters
    in place (those in the middle); to guess every letter costs ln 26 = 3.26 nats.

    Args:
        count: examples.
        length: letters of the longest string.
        minimum_length: of the shortest; lengths are drawn uniformly between the two.
        seed: of the draws.
    Shapes:
        {"source": letters, "target": the letters backwards}.
    Raises:
        ValueError: not 1 <= minimum_length <= length.
    """
    if not 1 <= minimum_length <= length:
        raise ValueError(
            f"Lengths are 1 <= minimum_length <= length. Received: minimum_length={minimum_length}, length={length}."
        )
    rng = np.random.default_rng(seed)
    alphabet = np.array(list(string.ascii_lowercase))
    lengths = rng.integers(minimum_length, length + 1, count)
    sources = ["".join(alphabet[rng.integers(0, len(alphabet), size)]) for size in lengths]
    return [{"source": source, "target": source[::-1]} for source in sources]
