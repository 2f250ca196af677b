"""Connectionist temporal classification by listing every path, in float64.

One example at a time and only its real steps: scores (S, C), of which column 0 is the blank.
"""

import itertools
import math
from collections import defaultdict

import numpy as np


def log_softmax(scores: np.ndarray) -> np.ndarray:
    scores = np.asarray(scores, "float64")
    largest = scores.max(axis=-1, keepdims=True)
    return scores - largest - np.log(np.exp(scores - largest).sum(axis=-1, keepdims=True))


def collapsed(path: tuple[int, ...]) -> tuple[int, ...]:
    """A path without repeats, and then without blanks."""
    return tuple(symbol for symbol, _ in itertools.groupby(path) if symbol)


def transcripts(scores: np.ndarray) -> dict[tuple[int, ...], float]:
    """Every transcript that some path says, with its probability."""
    logs = log_softmax(scores)
    parts: dict[tuple[int, ...], list[float]] = defaultdict(list)
    for path in itertools.product(range(logs.shape[1]), repeat=len(logs)):
        parts[collapsed(path)].append(math.exp(sum(logs[step, symbol] for step, symbol in enumerate(path))))
    return {transcript: math.fsum(found) for transcript, found in parts.items()}


def best_path(scores: np.ndarray) -> tuple[tuple[int, ...], float]:
    """What the likeliest path says, and the log-probability of this path alone."""
    logs = log_softmax(scores)
    return collapsed(tuple(map(int, logs.argmax(axis=1)))), float(logs.max(axis=1).sum())
