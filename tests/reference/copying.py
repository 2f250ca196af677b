"""A pointer-generator's mixture, one number at a time, of one example at one step."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

Weights = Mapping[str, np.ndarray]


def gate(output, vector, weights: Weights) -> float:
    """g = sigmoid([o ; e] w + b)."""
    joined = [*output, *vector]
    score = sum(float(value) * float(weights["kernel"][row][0]) for row, value in enumerate(joined))
    return 1.0 / (1.0 + math.exp(-score - float(weights["bias"][0])))


def mixture(copied: float, scores: Sequence[float], alignment: Sequence[float], ids: Sequence[int]) -> dict[int, float]:
    """See et al. (2017), equation 9: p(y) of every y that may be said, by its id: of the vocabulary's own, in the order
    of their scores, and of the source's, which are `ids`, one for each of its places."""
    highest = max(map(float, scores))
    powers = [math.exp(float(score) - highest) for score in scores]
    found = {number: (1.0 - copied) * power / sum(powers) for number, power in enumerate(powers)}
    for place, number in enumerate(ids):
        found[int(number)] = found.get(int(number), 0.0) + copied * float(alignment[place])
    return found
