"""Copy a sequence of bits."""

import numpy as np

from zoo.data.synthetic.algorithms.sequences import check, empty, random_bits

BITS = 8
FEATURES, OUTPUTS = BITS + 1, BITS
SIZES = (1, 20)


def draw(size: int, rows: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draws sequences of random bits, and asks for them in the same order after a delimiter. With L = `size`:

        step      0 .. L - 1         L               L + 1 .. 2 L
        input     bits, channel 0-7  1 in channel 8  0
        target    0                  0               the bits again
        weight    0                  0               1

    Baseline: guessing costs 8 L bits a sequence.

    Args:
        size: steps L of the sequences, at least 1.
        rows: of the batch.
        random: source of the draws.
    Shapes:
        inputs (B, 2 L + 1, 9), targets (B, 2 L + 1, 8), weights (B, 2 L + 1), all float32.
    Raises:
        ValueError: a size or rows below 1.
    Reference: Graves et al. 2014, section 4.1 (arXiv:1410.5401).
    """
    check(size, rows)
    inputs, targets, weights = empty(rows, 2 * size + 1, FEATURES, OUTPUTS)
    inputs[:, :size, :BITS] = targets[:, size + 1 :] = random_bits((rows, size, BITS), random)
    inputs[:, size, BITS] = 1
    weights[:, size + 1 :] = 1
    return inputs, targets, weights
