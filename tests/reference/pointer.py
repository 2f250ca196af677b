"""Where a pointer may go and how it scores, one number at a time, over the matches of this folder.

Shapes as in `attention`: a query (U,), a memory (S, M). Scores are of the ids: padding, unknown, start, end, then one a
place. None stands for what may not be said.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from tests.reference.attention import look

Weights = Mapping[str, np.ndarray]
END, FIRST = 3, 4


def allowed(said: Sequence[int], places: int, rule: str) -> set[int]:
    """The ids that may follow those said, of a source of so many places."""
    free = [FIRST + place for place in range(places) if rule == "any" or FIRST + place not in said]
    return set(free) | (set() if rule == "all" and free else {END})


def point(
    query,
    memory,
    may: set[int],
    *,
    match,
    weights: Weights,
    end,
    glimpses: Sequence[tuple[Weights, Weights]] = (),
    clip: float = 0.0,
) -> list[float | None]:
    """Vinyals et al. (2015), Bello et al. (2016): q^l = tanh([q ; glimpse] W + b); u = match(q, m), of the end by its
    key; C tanh(u). `glimpses` are the weights of each match and of each joining layer."""
    query = [float(value) for value in query]
    for compared, joining in glimpses:
        seen, _ = look(match, query, memory, compared)
        joined = [*query, *seen]
        query = [
            math.tanh(
                sum(value * float(joining["kernel"][row][unit]) for row, value in enumerate(joined)) + float(bias)
            )
            for unit, bias in enumerate(joining["bias"])
        ]
    scores = match(query, [end, *memory], weights)
    scores = [clip * math.tanh(score) if clip else score for score in scores]
    return [None] * END + [score if END + number in may else None for number, score in enumerate(scores)]
