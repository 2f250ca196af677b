"""Output the vectors of highest priority in the order of their priorities."""

import numpy as np

from zoo.data.synthetic.algorithms.sequences import check, empty, random_bits

BITS = 8
FEATURES, OUTPUTS = BITS + 2, BITS
SIZES = (20, 20)


def draw(size: int, rows: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draws vectors of random bits with a priority each, and asks for the first of them in the order of falling
    priority. With N = `size` and M = 4/5 N, rounded:

        step      0 .. N - 1                              N               N + 1 .. N + M
        input     bits, channel 0-7; priority, channel 8  1 in channel 9  0
        target    0                                       0               bits of the M vectors of highest priority
        weight    0                                       0               1

    Priorities are uniform in [-1, 1]. Baseline: guessing costs 8 M bits a sequence, 128 of 20 vectors.

    Args:
        size: vectors N, at least 1.
        rows: of the batch.
        random: source of the draws.
    Shapes:
        inputs (B, N + 1 + M, 10), targets (B, N + 1 + M, 8), weights (B, N + 1 + M), all float32.
    Raises:
        ValueError: a size or rows below 1.
    Reference: Graves et al. 2014, section 4.5 (arXiv:1410.5401), 16 of 20.
    """
    check(size, rows)
    retained = round(4 * size / 5)
    inputs, targets, weights = empty(rows, size + 1 + retained, FEATURES, OUTPUTS)
    bits = random_bits((rows, size, BITS), random)
    # As they are read, so that rounding to float32 cannot change their order.
    priorities = random.uniform(-1, 1, (rows, size)).astype("float32")
    order = np.argsort(-priorities, axis=1, kind="stable")[:, :retained]
    inputs[:, :size, :BITS] = bits
    inputs[:, :size, BITS] = priorities
    inputs[:, size, BITS + 1] = 1
    targets[:, size + 1 :] = np.take_along_axis(bits, order[..., None], axis=1)
    weights[:, size + 1 :] = 1
    return inputs, targets, weights
