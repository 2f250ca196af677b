"""Attention with heads and blocks of it, one number at a time.

Every function takes one example without padding: steps (T, D), a memory (S, M), and weights by the end of their path,
and loops in Python's own numbers (float64).
"""

import math
from collections.abc import Callable, Mapping

import numpy as np

Weights = Mapping[str, np.ndarray]


def positions(length: int, width: int) -> list[list[float]]:
    """Vaswani et al. (2017), 3.5: PE(p, 2i) = sin(p / 10000^(2i / D)), PE(p, 2i + 1) = cos of the same."""
    return [
        [
            (math.sin if place % 2 == 0 else math.cos)(step / 10000 ** ((place - place % 2) / width))
            for place in range(width)
        ]
        for step in range(length)
    ]


def everything(t: int, s: int) -> bool:
    """Step t may see every step s."""
    return True


def past(t: int, s: int) -> bool:
    """Step t may see itself and what stands before it."""
    return s <= t


def under(weights: Weights, folder: str) -> dict[str, np.ndarray]:
    """The weights of a part."""
    return {path.removeprefix(folder + "/"): array for path, array in weights.items() if path.startswith(folder + "/")}


def norm(step, weights: Weights) -> list[float]:
    """Ba et al. (2016): (x - mean) / sqrt(variance + 0.00001) * gamma + beta."""
    mean = sum(step) / len(step)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in step) / len(step) + 1e-5)
    return [
        (value - mean) / deviation * float(gamma) + float(beta)
        for value, gamma, beta in zip(step, weights["gamma"], weights["beta"], strict=True)
    ]


def dense(step, weights: Weights) -> list[float]:
    """x W + b."""
    kernel, bias = weights["kernel"], weights["bias"]
    return [
        sum(value * float(kernel[row][column]) for row, value in enumerate(step)) + float(bias[column])
        for column in range(len(bias))
    ]


def heads(steps, memory, weights: Weights, may_see: Callable[[int, int], bool]):
    """Vaswani et al. (2017), 3.2: for every head softmax(q k / sqrt(d)) v, then all heads through one matrix; and the
    mean of where the heads looked."""
    query, key, value = (weights[f"projections/{name}/kernel"] for name in ("query", "key", "value"))
    joined = weights["projections/attention_output/kernel"]
    _, count, width = np.shape(query)

    def projected(step, kernel, head):
        return [
            sum(number * float(kernel[row][head][column]) for row, number in enumerate(step)) for column in range(width)
        ]

    results, alignments = [], []
    for t, step in enumerate(steps):
        result, alignment = [0.0] * np.shape(joined)[2], [0.0] * len(memory)
        for head in range(count):
            asked = projected(step, query, head)
            powers = [
                math.exp(sum(a * b for a, b in zip(asked, projected(place, key, head), strict=True)) / math.sqrt(width))
                if may_see(t, s)
                else 0.0
                for s, place in enumerate(memory)
            ]
            shares = [power / sum(powers) for power in powers]
            for s, place in enumerate(memory):
                alignment[s] += shares[s] / count
                for column, number in enumerate(projected(place, value, head)):
                    for out in range(len(result)):
                        result[out] += shares[s] * number * float(joined[head][column][out])
        results.append(result)
        alignments.append(alignment)
    return results, alignments


def block(steps, weights: Weights, may_see, memory=None, inner=lambda value: max(0.0, value)):
    """Xiong et al. (2020), figure 1b: each part reads what was normalised and adds to what was not."""

    def added(one, other):
        return [[a + b for a, b in zip(row, more, strict=True)] for row, more in zip(one, other, strict=True)]

    def normed(rows, name):
        return [norm(row, under(weights, name)) for row in rows]

    read, alignment = normed(steps, "self_norm"), None
    steps = added(steps, heads(read, read, under(weights, "self_heads"), may_see)[0])
    if memory is not None:
        asked = normed(steps, "memory_norm")
        found, alignment = heads(asked, memory, under(weights, "memory_heads"), everything)
        steps = added(steps, found)
    thought = [
        dense([inner(value) for value in dense(row, under(weights, "inner"))], under(weights, "outer"))
        for row in normed(steps, "feed_forward_norm")
    ]
    return added(steps, thought), alignment


def stack(vectors, weights: Weights, layers: int, may_see, memory=None):
    """Token vectors, as large as places are, through all blocks, and normalised at the end."""
    width, alignment = len(vectors[0]), None
    steps = [
        [math.sqrt(width) * value + wave for value, wave in zip(vector, place, strict=True)]
        for vector, place in zip(vectors, positions(len(vectors), width), strict=True)
    ]
    for number in range(layers):
        steps, alignment = block(steps, under(weights, f"block_{number}"), may_see, memory)
    return [norm(step, under(weights, "norm")) for step in steps], alignment
