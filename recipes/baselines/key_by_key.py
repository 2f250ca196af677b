from collections.abc import Sequence

import numpy as np


def key_by_key(train: Sequence[np.ndarray], test: Sequence[np.ndarray]) -> float:
    """Nats a frame of a model that sees, for every key alone, whether it was down in the frame before.

        p(y_tk = 1 | y_(t-1)k = a) = (count_k(a, 1) + 1/2) / (count_k(a) + 1)

    Args:
        train, test: pieces; before the first frame all keys are up.
    Shapes:
        a piece is (T, D), of 0 and 1.
    """
    down = np.zeros((2, train[0].shape[1]))
    pressed = np.zeros_like(down)
    for before, now in map(_pairs, train):
        for state in (0, 1):
            pressed[state] += (before == state).sum(axis=0)
            down[state] += (now * (before == state)).sum(axis=0)
    chances = (down + 0.5) / (pressed + 1)

    nats, frames = 0.0, 0
    for before, now in map(_pairs, test):
        chance = np.where(before == 1, chances[1], chances[0])
        nats -= np.log(np.where(now == 1, chance, 1 - chance)).sum()
        frames += len(now)
    return float(nats / frames)


def _pairs(piece: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each frame's predecessor, and the frames."""
    now = np.asarray(piece) > 0.5
    return np.concatenate([np.zeros_like(now[:1]), now[:-1]]).astype(int), now.astype(int)
