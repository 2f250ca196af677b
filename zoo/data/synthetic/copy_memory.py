"""The copy memory problem: remember ten digits over a long blank and repeat them."""

import numpy as np

DIGITS = 10
BLANK, DELIMITER = 0, 9


def generate(
    count: int, *, blanks: int = 100, delimiters: int = 1, seed: int = 0
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Draw examples of the copy memory problem. With T = `blanks`, an example of T + 20 steps is

        step      0 .. 9        10 .. T + 8   T + 9         T + 10 .. T + 19
        input     digits 1..8   blank 0       delimiter 9   blank 0
        target    blank 0       blank 0       blank 0       the digits again

    Baseline: a model without memory emits blanks, then random digits: 10 ln 8 / (T + 20) nats a step, averaged over
    all steps (0.1733 at T = 100, 0.0204 at T = 1000). The blank 0 is a real step, not padding: show it to the model
    (as one-hot frames, for instance), or a mask of `tokens != 0` takes away the wait that the task is about.

    Args:
        count: examples.
        blanks: T, the steps over which the digits have to be kept.
        delimiters: how many of the last 11 inputs are 9: 1 as in Arjovsky et al., 11 as in Bai et al.
        seed: of the draws.
    Shapes:
        input (T + 20,) int32 of 10 symbols, target (T + 20,) int32 of 9.
    Raises:
        ValueError: blanks < 1, or delimiters outside 1..11.
    Reference: Arjovsky et al. 2016 (arXiv:1511.06464); Bai et al. 2018 (arXiv:1803.01271) repeats the
        delimiter to the end.
    """
    if blanks < 1:
        raise ValueError(f"The digits are kept over at least 1 step. Received: blanks={blanks}. Pass blanks >= 1.")
    if not 1 <= delimiters <= DIGITS + 1:
        raise ValueError(f"The delimiter stands 1 to 11 times. Received: delimiters={delimiters}. Pass 1 or 11.")
    digits = np.random.default_rng(seed).integers(1, DELIMITER, (count, DIGITS), "int32")
    inputs = np.full((count, blanks + 2 * DIGITS), BLANK, "int32")
    targets = inputs.copy()
    inputs[:, :DIGITS] = targets[:, -DIGITS:] = digits
    inputs[:, blanks + DIGITS - 1 : blanks + DIGITS - 1 + delimiters] = DELIMITER
    return list(zip(inputs, targets, strict=True))
