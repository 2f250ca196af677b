"""The linear-chain conditional random field by listing every tag path, in float64.

One example at a time and only its real steps: scores (S, C), transitions (C, C) from -> to, start (C,), end (C,).
"""

import itertools
import math
from collections.abc import Iterator

import numpy as np


def paths(steps: int, classes: int) -> Iterator[tuple[int, ...]]:
    """Every tag path of a length, in lexicographic order."""
    return itertools.product(range(classes), repeat=steps)


def path_score(
    scores: np.ndarray, path: tuple[int, ...], transitions: np.ndarray, start: np.ndarray, end: np.ndarray
) -> float:
    """start[y_1] + sum_t scores[t, y_t] + sum_t transitions[y_{t-1}, y_t] + end[y_S]; 0 for a path of no steps."""
    if not path:
        return 0.0
    total = float(start[path[0]]) + float(end[path[-1]])
    for step, tag in enumerate(path):
        total += float(scores[step, tag])
    for previous, following in itertools.pairwise(path):
        total += float(transitions[previous, following])
    return total


def log_partition(scores: np.ndarray, transitions: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    """log sum over all paths of exp(score of the path)."""
    totals = [path_score(scores, path, transitions, start, end) for path in paths(*np.shape(scores))]
    largest = max(totals)
    return largest + math.log(math.fsum(math.exp(total - largest) for total in totals))


def best_path(
    scores: np.ndarray, transitions: np.ndarray, start: np.ndarray, end: np.ndarray
) -> tuple[tuple[int, ...], float]:
    """The path of the highest score and this score; the first in lexicographic order among equals."""
    best = max(paths(*np.shape(scores)), key=lambda path: path_score(scores, path, transitions, start, end))
    return best, path_score(scores, best, transitions, start, end)


def marginals(scores: np.ndarray, transitions: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """P(y_t = c) of every step and class, (S, C)."""
    log_z = log_partition(scores, transitions, start, end)
    result = np.zeros(np.shape(scores), "float64")
    for path in paths(*np.shape(scores)):
        probability = math.exp(path_score(scores, path, transitions, start, end) - log_z)
        for step, tag in enumerate(path):
            result[step, tag] += probability
    return result


def conditional_log_probabilities(
    scores: np.ndarray, path: tuple[int, ...], transitions: np.ndarray, start: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """log P(y_t | y_1 .. y_{t-1}) of every step of a path, (S,)."""
    totals = {other: path_score(scores, other, transitions, start, end) for other in paths(*np.shape(scores))}
    largest = max(totals.values())

    def log_mass(steps):
        alike = [total for other, total in totals.items() if other[:steps] == path[:steps]]
        return largest + math.log(math.fsum(math.exp(total - largest) for total in alike))

    return np.diff([log_mass(steps) for steps in range(len(path) + 1)])


def is_legal(path: tuple[int, ...], transitions: np.ndarray, start: np.ndarray, end: np.ndarray) -> bool:
    """Whether 0/1 tables of what is allowed let this path through."""
    if not path:
        return True
    steps = all(transitions[previous][following] for previous, following in itertools.pairwise(path))
    return bool(start[path[0]]) and steps and bool(end[path[-1]])


def legal_paths(steps: int, transitions: np.ndarray, start: np.ndarray, end: np.ndarray) -> Iterator[tuple[int, ...]]:
    """Every path of a length that the 0/1 tables let through."""
    return (path for path in paths(steps, len(start)) if is_legal(path, transitions, start, end))
