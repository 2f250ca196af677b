"""Repeat a sequence of bits a given number of times, and then emit an end mark."""

import numpy as np

from zoo.data.synthetic.algorithms.sequences import check, empty, random_bits

BITS = 8
FEATURES, OUTPUTS = BITS + 1, BITS + 1
SIZES = (1, 10)
REPEATS = (1, 10)
# Of a number drawn uniformly from REPEATS.
MEAN, DEVIATION = 5.5, 8.25**0.5


def draw(
    size: int, rows: int, random: np.random.Generator, *, repeats: tuple[int, int] = REPEATS
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draws sequences of random bits, and asks for them R times, one after the other, and for an end. With L = `size`:

        step      0 .. L - 1         L                       L + 1 .. L + R L   L + R L + 1
        input     bits, channel 0-7  (R - m) / s, channel 8  0                  0
        target    0                  0                       bits, R times      1 in channel 8
        weight    0                  0                       1                  1

    m and s are the mean and the standard deviation of 1 .. 10, whatever is drawn here: a number has one meaning. R is
    the same for a whole batch. Baseline: guessing costs 9 (R L + 1) bits a sequence.

    Args:
        size: steps L of the sequences, at least 1.
        rows: of the batch.
        random: source of the draws.
        repeats: the fewest and the most of R, drawn uniformly with all in between.
    Shapes:
        inputs (B, L + R L + 2, 9), targets (B, L + R L + 2, 9), weights (B, L + R L + 2), all float32.
    Raises:
        ValueError: a size, rows or repeats below 1, or repeats out of order.
    Reference: Graves et al. 2014, section 4.2 (arXiv:1410.5401).
    """
    check(size, rows)
    if not 1 <= repeats[0] <= repeats[1]:
        raise ValueError(f"Repeats are 1 <= fewest <= most. Received: repeats={repeats}.")
    times = int(random.integers(repeats[0], repeats[1] + 1))
    inputs, targets, weights = empty(rows, size + times * size + 2, FEATURES, OUTPUTS)
    bits = random_bits((rows, size, BITS), random)
    inputs[:, :size, :BITS] = bits
    inputs[:, size, BITS] = (times - MEAN) / DEVIATION
    targets[:, size + 1 : -1, :BITS] = np.tile(bits, (1, times, 1))
    targets[:, -1, BITS] = 1
    weights[:, size + 1 :] = 1
    return inputs, targets, weights
