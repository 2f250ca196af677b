"""End-to-end memory networks, one story, one sentence and one number at a time, in Python's own numbers (float64).

Sentences are lists of ids without padding, from the earliest to the latest. Weights go by their names in the paper:
"A", "C" (K matrices (V, d)), "T_A", "T_C" (K matrices (M, d), one row an age; None without), "B" (V, d), "W" (d, O),
and "H" (d, d), None where u goes on as it is.
"""

import math
from collections.abc import Sequence


def bag(words: int, width: int) -> list[list[float]]:
    """Section 3.1: every word counts alike. (J, d)."""
    return [[1.0] * width for _ in range(words)]


def position(words: int, width: int) -> list[list[float]]:
    """Twice the printed weights, as large as those of the authors' code. (J, d)."""
    return [[2 * share for share in shares] for shares in position_as_printed(words, width)]


def position_as_printed(words: int, width: int) -> list[list[float]]:
    """Section 4.1: l_kj = (1 - j / J) - (k / d) (1 - 2 j / J), both counted from 1. (J, d)."""
    return [
        [(1 - j / words) - (k / width) * (1 - 2 * j / words) for k in range(1, width + 1)] for j in range(1, words + 1)
    ]


def _sentence(tokens, matrix, encode) -> list[float]:
    """sum_j l_j * (row of word j)."""
    width = len(matrix[0])
    share = encode(len(tokens), width) if len(tokens) else []
    return [sum(share[j][k] * float(matrix[token][k]) for j, token in enumerate(tokens)) for k in range(width)]


def _softmax(scores: list[float]) -> list[float]:
    powers = [math.exp(score - max(scores)) for score in scores]
    return [power / sum(powers) for power in powers]


def answer(
    story: Sequence[Sequence[int]],
    question: Sequence[int],
    weights,
    *,
    encode,
    memory_size: int,
    ages: Sequence[int] | None = None,
    linear: bool = False,
) -> tuple[list[float], list[list[float]]]:
    """Sukhbaatar et al. (2015), sections 2.1 and 2.2: scores (O,), and where each hop looked (K, N).

    The last sentence has age 0, the one before it 1, unless `ages` say otherwise; only the last `memory_size` are in
    memory, the others are looked at with 0. As in the authors' code, the softmax also runs over the places that the
    story leaves empty, one at least, which hold zeros.
    """
    forgotten = max(len(story) - memory_size, 0)
    kept = list(story[forgotten:])
    old = list(ages[forgotten:]) if ages is not None else list(range(len(kept) - 1, -1, -1))
    u = _sentence(question, weights["B"], encode)
    width, looked = len(u), []
    for hop in range(len(weights["A"])):

        def stored(words, times, hop=hop):
            rows = [_sentence(tokens, words[hop], encode) for tokens in kept]
            if times is None:
                return rows
            return [
                [value + float(times[hop][age][k]) for k, value in enumerate(row)]
                for row, age in zip(rows, old, strict=True)
            ]

        memory, said = stored(weights["A"], weights["T_A"]), stored(weights["C"], weights["T_C"])
        scores = [sum(u[k] * row[k] for k in range(width)) for row in memory]
        empty = [0.0] * max(memory_size - len(kept), 1)
        shares = scores if linear else _softmax(scores + empty)[: len(kept)]
        found = [sum(share * row[k] for share, row in zip(shares, said, strict=True)) for k in range(width)]
        if weights["H"] is not None:
            u = [sum(u[row] * float(weights["H"][row][k]) for row in range(width)) for k in range(width)]
        u = [one + other for one, other in zip(u, found, strict=True)]
        looked.append([0.0] * forgotten + shares)
    outputs = len(weights["W"][0])
    return [sum(u[k] * float(weights["W"][k][o]) for k in range(width)) for o in range(outputs)], looked
