"""Match functions and the look at a memory, one number at a time.

Every function takes one example: a query (Q,), a memory (S, D), and weights by name, and loops in Python's own numbers
(float64). Shapes: U width of the comparison, F location filters, W places that a filter sees.
"""

import math
from collections.abc import Mapping

import numpy as np

Weights = Mapping[str, np.ndarray]


def _inner(one, other) -> float:
    return sum(float(a) * float(b) for a, b in zip(one, other, strict=True))


def _through(vector, matrix) -> list[float]:
    """vector @ matrix."""
    return [_inner(vector, [row[column] for row in matrix]) for column in range(len(matrix[0]))]


def dot(query, memory, weights: Weights, previous=None) -> list[float]:
    """Luong et al. (2015): e_s = h . m_s."""
    return [_inner(query, place) for place in memory]


def scaled_dot(query, memory, weights: Weights, previous=None) -> list[float]:
    """Vaswani et al. (2017): e_s = h . m_s / sqrt(D)."""
    return [score / math.sqrt(len(query)) for score in dot(query, memory, weights)]


def cosine(query, memory, weights: Weights, previous=None) -> list[float]:
    """Graves et al. (2014): e_s = beta h . m_s / (|h| |m_s|)."""
    length = math.sqrt(_inner(query, query))
    return [
        float(weights["strength"]) * _inner(query, place) / (length * math.sqrt(_inner(place, place)))
        for place in memory
    ]


def general(query, memory, weights: Weights, previous=None) -> list[float]:
    """Luong et al. (2015): e_s = h . (m_s W)."""
    return [_inner(query, _through(place, weights["kernel"])) for place in memory]


def additive(query, memory, weights: Weights, previous=None) -> list[float]:
    """Bahdanau et al. (2015): e_s = v . tanh(h W + m_s U)."""
    return _compared(query, memory, weights, [[0.0] * len(weights["vector"])] * len(memory))


def location(query, memory, weights: Weights, previous=None) -> list[float]:
    """Chorowski et al. (2015): e_s = v . tanh(h W + m_s U + f_s F), f = C * a: place s of filter k sees
    a[s - (W - 1) / 2 .. s + (W - 1) / 2], zeros beyond the ends (W odd)."""
    if previous is None:
        return additive(query, memory, weights)
    filters = weights["location_filters"]
    width, _, count = np.shape(filters)
    seen = []
    for place in range(len(memory)):
        found = [0.0] * count
        for offset in range(width):
            at = place + offset - (width - 1) // 2
            for k in range(count):
                found[k] += float(previous[at]) * float(filters[offset][0][k]) if 0 <= at < len(memory) else 0.0
        seen.append(_through(found, weights["location_kernel"]))
    return _compared(query, memory, weights, seen)


def coverage(query, memory, weights: Weights, previous=None) -> list[float]:
    """See et al. (2017), equation 11: e_s = v . tanh(h W + m_s U + c_s w), c_s what place s was given so far."""
    seen = [0.0] * len(memory) if previous is None else previous
    kernel = weights["coverage_kernel"][0] if previous is not None else [0.0] * len(weights["vector"])
    return _compared(query, memory, weights, [[float(given) * float(weight) for weight in kernel] for given in seen])


def _compared(query, memory, weights, more):
    asked = _through(query, weights["query_kernel"])
    scores = []
    for place, extra in zip(memory, more, strict=True):
        kept = _through(place, weights["memory_kernel"])
        hidden = [math.tanh(a + b + c) for a, b, c in zip(asked, kept, extra, strict=True)]
        scores.append(_inner(hidden, [row[0] for row in weights["vector"]]))
    return scores


def softmax(scores) -> list[float]:
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    return [power / sum(powers) for power in powers]


def look(match, query, memory, weights: Weights, previous=None) -> tuple[list[float], list[float]]:
    """Context and alignment of a memory without padding: a = softmax(e), c = sum_s a_s m_s."""
    alignment = softmax(match(query, memory, weights, previous))
    context = [_inner(alignment, [place[d] for place in memory]) for d in range(len(memory[0]))]
    return context, alignment
