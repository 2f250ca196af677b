from collections.abc import Sequence

import numpy as np

PENS = 3
# Shares of nobody's: added to every count, and to every variance.
COUNT, VARIANCE = 0.5, 1e-3


def pen_by_pen(train: Sequence[np.ndarray], test: Sequence[np.ndarray]) -> float:
    """Nats a movement of a model that sees the movement before, and whether the pen was down.

        p(pen_t | pen_{t-1}, pen_{t-2}) as often as in training
        p(x_t | ...) = N(A x_{t-1} + b, C),   A, b, C by least squares for every pair (pen_{t-1}, pen_{t-2})

    Args:
        train, test: drawings; before the first movement the pen is down and has not moved.
    Shapes:
        a drawing is (N, 3): right, down, pen (0 down, 1 lifted there, 2 the end, which has no movement).
    """
    train_pairs, test_pairs = _pairs(train), _pairs(test)
    nats = 0.0
    for state in range(PENS * PENS):
        before, now = (part[train_pairs[2] == state] for part in train_pairs[:2])
        previous, current = (part[test_pairs[2] == state] for part in test_pairs[:2])
        if not len(current):
            continue
        chances = np.bincount(now[:, 2].astype(int), minlength=PENS) + COUNT
        nats -= np.log(chances / chances.sum())[current[:, 2].astype(int)].sum()
        moves, moved = now[:, 2] < 2, current[:, 2] < 2
        nats -= _log_normal(before[moves], now[moves, :2], previous[moved], current[moved, :2]).sum()
    return float(nats / len(test_pairs[0]))


def _log_normal(before, now, previous, current) -> np.ndarray:
    """log p of each of `given`, by the regression of `now` on `before`."""
    known, design = (np.concatenate([part, np.ones((len(part), 1))], axis=1) for part in (before, previous))
    weights = np.linalg.lstsq(known, now, rcond=None)[0] if len(now) else np.zeros((3, 2))
    rest = now - known @ weights
    # A prior of as many movements as a covariance has numbers keeps that of few or equal ones from zero.
    covariance = (rest.T @ rest + 3 * VARIANCE * np.eye(2)) / (len(now) + 3) if len(now) else np.eye(2)
    off = current - design @ weights
    distance = np.einsum("ni,ij,nj->n", off, np.linalg.inv(covariance), off)
    return -0.5 * (distance + np.linalg.slogdet(covariance)[1]) - np.log(2 * np.pi)


def _pairs(drawings):
    """The movement before (N, 2), the movement (N, 3), and the two pen states before as one number (N,)."""
    before, now, states = [], [], []
    for drawing in drawings:
        rows = np.asarray(drawing, "float64")
        last = np.concatenate([np.zeros((2, 3)), rows])
        now.append(rows)
        before.append(last[1:-1, :2])
        states.append(last[1:-1, 2] * PENS + last[:-2, 2])
    return np.concatenate(before), np.concatenate(now), np.concatenate(states).astype(int)
