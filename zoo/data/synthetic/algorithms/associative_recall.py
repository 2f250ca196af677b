"""Recall the item that came after the one that is shown."""

import numpy as np

from zoo.data.synthetic.algorithms.sequences import check, empty

BITS, VECTORS = 6, 3
FEATURES, OUTPUTS = BITS + 2, BITS
ITEM, QUERY = BITS, BITS + 1  # channels of the delimiters
SIZES = (2, 6)


def draw(size: int, rows: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draws lists of items, shows one of them again, and asks for the item after it. An item is 3 vectors of 6 random
    bits. With N = `size`:

        step      4 i     4 i + 1 .. 4 i + 3  4 N     4 N + 1 .. 4 N + 3  4 N + 4  4 N + 5 .. 4 N + 7
        input     1 in 6  item i              1 in 7  an item             1 in 7   0
        target    0       0                   0       0                   0        the item after it
        weight    0       0                   0       0                   0        1

    Channels 0-5 hold bits, 6 and 7 the delimiters of items and of the query. No item of a list occurs twice, as what
    comes after it would be unknown, and the last is never shown. Baseline: guessing costs 18 bits a sequence.

    Args:
        size: items N of the lists, at least 2.
        rows: of the batch.
        random: source of the draws.
    Shapes:
        inputs (B, 4 N + 8, 8), targets (B, 4 N + 8, 6), weights (B, 4 N + 8), all float32.
    Raises:
        ValueError: fewer than 2 items, or no rows.
    Reference: Graves et al. 2014, section 4.3 (arXiv:1410.5401).
    """
    check(size, rows, smallest=2)
    inputs, targets, weights = empty(rows, 4 * size + 8, FEATURES, OUTPUTS)
    items = _items(size, rows, random)
    blocks = inputs[:, : 4 * size].reshape(rows, size, 4, FEATURES)
    blocks[:, :, 0, ITEM] = 1
    blocks[:, :, 1:, :BITS] = items
    everyone, shown = np.arange(rows), random.integers(0, size - 1, rows)
    inputs[:, [4 * size, 4 * size + 4], QUERY] = 1
    inputs[:, 4 * size + 1 : 4 * size + 4, :BITS] = items[everyone, shown]
    targets[:, -VECTORS:] = items[everyone, shown + 1]
    weights[:, -VECTORS:] = 1
    return inputs, targets, weights


def _items(size: int, rows: int, random: np.random.Generator) -> np.ndarray:
    """Random items (B, N, 3, 6), those of a row all different."""
    kinds = 2 ** (BITS * VECTORS)
    numbers = random.integers(0, kinds, (rows, size))
    while (twice := (np.diff(np.sort(numbers, axis=1), axis=1) == 0).any(axis=1)).any():
        numbers[twice] = random.integers(0, kinds, (int(twice.sum()), size))
    bits = numbers[..., None] >> np.arange(BITS * VECTORS) & 1
    return bits.reshape(rows, size, VECTORS, BITS).astype("float32")
