"""Penalties on attention, one number at a time.

Examples are lists of alignments (T, S) of different sizes, without any padding. Means go over all steps, or all places,
of all examples.
"""

import math
from collections.abc import Callable, Sequence

Alignment = Sequence[Sequence[float]]


def doubly_stochastic(examples: Sequence[Alignment]) -> float:
    """Xu et al. (2015), equation 14: (1 - what a place was given in all)^2, mean over places."""
    received = [sum(float(step[place]) for step in one) for one in examples for place in range(len(one[0]))]
    return sum((1.0 - value) ** 2 for value in received) / len(received)


def coverage(examples: Sequence[Alignment]) -> float:
    """See et al. (2017), equation 12: sum over places of what is looked at again, mean over steps."""
    lost = []
    for one in examples:
        before = [0.0] * len(one[0])
        for step in one:
            lost.append(sum(min(float(now), seen) for now, seen in zip(step, before, strict=True)))
            before = [seen + float(now) for now, seen in zip(step, before, strict=True)]
    return sum(lost) / len(lost)


def entropy(examples: Sequence[Alignment]) -> float:
    """- sum a log a, mean over steps."""
    steps = [step for one in examples for step in one]
    return -sum(float(a) * math.log(float(a)) for step in steps for a in step if a > 0) / len(steps)


def supervised(examples: Sequence[Alignment], wanted: Sequence[Alignment]) -> float:
    """Mi et al. (2016): - sum w log a, mean over the steps that are told."""
    costs = [
        -sum(float(w) * math.log(float(a)) for w, a in zip(told, step, strict=True) if w > 0)
        for one, other in zip(examples, wanted, strict=True)
        for step, told in zip(one, other, strict=True)
        if any(w > 0 for w in told)
    ]
    return sum(costs) / len(costs)


BY_NAME: dict[str, Callable[..., float]] = {
    "doubly_stochastic": doubly_stochastic,
    "coverage": coverage,
    "entropy": entropy,
    "supervised": supervised,
}
