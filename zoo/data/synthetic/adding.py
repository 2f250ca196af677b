"""The adding problem: remember two numbers among many and add them."""

import numpy as np


def generate(
    count: int, *, length: int = 100, minimum_length: int | None = None, seed: int = 0
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Draw examples of the adding problem.

        target = x_i + x_j,   x ~ U[0, 1],   i drawn from the first half, j from the second

    Channel 0 holds the numbers, channel 1 a 1 at steps i and j and 0 elsewhere. Baseline: the mean (1) as the answer to
    everything has an expected squared error of Var(x_i + x_j) = 1/6 = 0.1667.

    Args:
        count: examples.
        length: steps T of the longest example.
        minimum_length: lengths are drawn uniformly from [minimum_length, length]; all have `length` if None.
        seed: of the draws.
    Shapes:
        frames (T, 2) float32, target (1,) float32.
    Raises:
        ValueError: not 2 <= minimum_length <= length.
    Reference: Hochreiter and Schmidhuber 1997; in this form Le et al. 2015 (arXiv:1504.00941), with a marker a half as
        Arjovsky et al. 2016 (arXiv:1511.06464).
    """
    shortest = length if minimum_length is None else minimum_length
    if not 2 <= shortest <= length:
        raise ValueError(
            "Each half needs a step for its marker: 2 <= minimum_length <= length. "
            f"Received: minimum_length={minimum_length}, length={length}. Pass longer lengths."
        )
    rng = np.random.default_rng(seed)
    lengths = rng.integers(shortest, length + 1, size=count)
    halves = lengths // 2
    frames = np.zeros((count, length, 2), "float32")
    frames[..., 0] = rng.random((count, length), "float32")
    rows = np.arange(count)
    first, second = rng.integers(0, halves), rng.integers(halves, lengths)
    frames[rows, first, 1] = frames[rows, second, 1] = 1
    sums = frames[rows, first, :1] + frames[rows, second, :1]
    return [(example[:steps], target) for example, steps, target in zip(frames, lengths, sums, strict=True)]
