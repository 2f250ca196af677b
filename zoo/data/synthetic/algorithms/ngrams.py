"""Learn the statistics of a source of bits while reading it."""

import numpy as np

from zoo.data.synthetic.algorithms.sequences import check, empty

CONTEXT = 5
FEATURES, OUTPUTS = 1, 1
SIZES = (200, 200)


def draw(
    size: int, rows: int, random: np.random.Generator, *, context: int = CONTEXT
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draws sequences of bits, each from a source of its own, and asks for every bit after the ones before it.

        p(x_t = 1 | x_(t-5) .. x_(t-1) = c) = p_c,   p_c ~ Beta(1/2, 1/2),   32 numbers a sequence;
        the first 5 bits are 1 with probability 1/2

    The input of a step is the bit before, 0 before the first; the target is the bit. Baselines of 200 bits: guessing
    costs 200 bits a sequence, the best that is possible (`bayes_bits`) 133.1 on the average.

    Args:
        size: bits of the sequences, at least 1.
        rows: of the batch.
        random: source of the draws.
        context: bits that the next one depends on.
    Shapes:
        inputs (B, size, 1), targets (B, size, 1), weights (B, size) of 1, all float32.
    Raises:
        ValueError: a size or rows below 1.
    Reference: Graves et al. 2014, section 4.4 (arXiv:1410.5401), which begins with the first bit as an input.
    """
    check(size, rows)
    inputs, targets, weights = empty(rows, size, FEATURES, OUTPUTS)
    table = random.beta(0.5, 0.5, (rows, 2**context))
    uniform = random.random((rows, size))
    before = np.zeros(rows, int)
    for step in range(size):
        likely = table[np.arange(rows), before] if step >= context else 0.5
        bits = uniform[:, step] < likely
        targets[:, step, 0] = bits
        before = _remember(before, bits, context)
    inputs[:, 1:] = targets[:, :-1]
    weights[:] = 1
    return inputs, targets, weights


def bayes(targets: np.ndarray, *, context: int = CONTEXT) -> np.ndarray:
    """Returns the probability of a 1 at every step, as the best predictor that knows the task but no table gives it.

        p(x_t = 1 | N_0, N_1) = (N_1 + 1/2) / (N_0 + N_1 + 1)

    after N_0 zeros and N_1 ones in the same context so far; 1/2 where the context is not complete.

    Shapes:
        targets (B, T, 1) of 0 and 1 -> (B, T, 1) float64.
    """
    bits = np.asarray(targets)[..., 0].astype(int)
    rows, size = bits.shape
    counts = np.zeros((rows, 2**context, 2))
    probabilities = np.full((rows, size), 0.5)
    before, everyone = np.zeros(rows, int), np.arange(rows)
    for step in range(size):
        if step >= context:
            counts_before = counts[everyone, before]
            probabilities[:, step] = (counts_before[:, 1] + 0.5) / (counts_before.sum(axis=1) + 1)
            counts[everyone, before, bits[:, step]] += 1
        before = _remember(before, bits[:, step], context)
    return probabilities[..., None]


def bayes_bits(targets: np.ndarray, *, context: int = CONTEXT) -> np.ndarray:
    """Returns what each sequence costs that predictor, in bits: no other costs less on the average.

    Shapes:
        targets (B, T, 1) of 0 and 1 -> (B,) float64.
    """
    likely = bayes(targets, context=context)
    return -np.log2(np.where(np.asarray(targets) > 0.5, likely, 1 - likely)).sum(axis=(1, 2))


def _remember(before: np.ndarray, bits: np.ndarray, context: int) -> np.ndarray:
    """Contexts as numbers, the latest bit last."""
    return (2 * before + bits) % 2**context
