"""Shared parts of the algorithmic tasks: empty batches, random bits, checks."""

import numpy as np


def check(size: int, rows: int, *, smallest: int = 1) -> None:
    """Raises ValueError unless a batch of this size and these rows can be drawn."""
    if size < smallest or rows < 1:
        raise ValueError(f"`size` is at least {smallest} and `rows` at least 1. Received: size={size}, rows={rows}.")


def empty(rows: int, steps: int, features: int, outputs: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inputs (B, T, features), targets (B, T, outputs) and weights (B, T) of zeros."""
    shapes = (rows, steps, features), (rows, steps, outputs), (rows, steps)
    inputs, targets, weights = (np.zeros(shape, "float32") for shape in shapes)
    return inputs, targets, weights


def random_bits(shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    """0 and 1 with equal chances, float32."""
    return random.integers(0, 2, shape).astype("float32")
