"""How fast this machine multiplies large matrices: the arithmetic floor under every benchmark."""

import time

import numpy as np


def rate(size: int = 2048, seconds: float = 1.0) -> float:
    """FLOP/s of a float32 matrix product, the best of those that fit into `seconds`."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, size, size)).astype("float32")
    a @ b
    best, end = np.inf, time.perf_counter() + seconds
    while time.perf_counter() < end:
        begun = time.perf_counter()
        a @ b
        best = min(best, time.perf_counter() - begun)
    return 2 * size**3 / best
