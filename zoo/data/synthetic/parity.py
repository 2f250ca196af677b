"""Parity: say at every step whether the ones so far are odd."""

import numpy as np


def generate(
    count: int, *, length: int = 40, minimum_length: int | None = None, seed: int = 0
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Draw bit strings and the parity of each prefix.

        p_t = p_{t-1} xor x_t,   p_0 = 0,   x_t ~ Bernoulli(1/2)

    Baseline: half of the steps are 1, and no model of a fixed window of bits does better than chance once the prefix is
    longer than its window. One bit of state solves it.

    Args:
        count: examples.
        length: steps T of the longest example.
        minimum_length: lengths are drawn uniformly from [minimum_length, length]; all have `length` if None.
        seed: of the draws.
    Shapes:
        frames (T, 1) float32 of zeros and ones, target (T,) int32.
    Raises:
        ValueError: not 1 <= minimum_length <= length.
    """
    shortest = length if minimum_length is None else minimum_length
    if not 1 <= shortest <= length:
        raise ValueError(
            "A bit string has a bit: 1 <= minimum_length <= length. "
            f"Received: minimum_length={minimum_length}, length={length}. Pass longer lengths."
        )
    rng = np.random.default_rng(seed)
    lengths = rng.integers(shortest, length + 1, size=count)
    bits = rng.integers(0, 2, (count, length), "int32")
    parities = np.cumsum(bits, axis=1, dtype="int32") % 2
    frames = bits[..., None].astype("float32")
    return [(frames[row, :steps], parities[row, :steps]) for row, steps in enumerate(lengths)]
