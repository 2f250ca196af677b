"""Decoders that attend, one example and one step at a time, over the cells and matches of this folder.

Weights come as three mappings: of the cell, of the match, of the combining layer ("kernel", "bias"). The cell is one
of `cells` with a single state, whose function runs here over one step.
"""

import math
from collections.abc import Mapping

import numpy as np

from tests.reference.attention import coverage, look

Weights = Mapping[str, np.ndarray]


def _combined(state, context, weights: Weights) -> list[float]:
    """o = tanh([s ; c] W + b)."""
    joined = [*state, *context]
    return [
        math.tanh(sum(value * float(weights["kernel"][row][column]) for row, value in enumerate(joined)) + float(bias))
        for column, bias in enumerate(weights["bias"])
    ]


def _stepped(cell, vector, state, weights: Weights) -> list[float]:
    return [float(value) for value in cell(np.array([vector]), weights, np.array(state))[0]]


def _remembered(match, previous, alignment) -> list[float]:
    """What the match is given at the next step: coverage adds up, the others see the last alignment."""
    return [a + b for a, b in zip(previous, alignment, strict=True)] if match is coverage else alignment


def bahdanau(inputs, memory, state, *, cell, match, cell_weights, match_weights, combine, gate=None) -> tuple:
    """Bahdanau et al. (2015): c_t from s_{t-1}; s_t = cell([y_{t-1} ; c_t], s_{t-1}); o_t = tanh([s_t ; c_t] W + b).

    With a gate's weights, Xu et al. (2015): c_t <- beta_t c_t, beta_t = 1 / (1 + exp(-(w s_{t-1} + b))).

    (T, D), (S, M), (U,) -> outputs (T, U), alignments (T, S), with a gate beta (T,).
    """
    outputs, alignments, gates = [], [], []
    previous = [0.0] * len(memory)
    for vector in inputs:
        context, alignment = look(match, state, memory, match_weights, previous)
        if gate is not None:
            asked = sum(value * float(weight) for value, weight in zip(state, gate["kernel"][:, 0], strict=True))
            gates.append(1 / (1 + math.exp(-(asked + float(gate["bias"][0])))))
            context = [gates[-1] * value for value in context]
        state = _stepped(cell, [*vector, *context], state, cell_weights)
        outputs.append(_combined(state, context, combine))
        alignments.append(alignment)
        previous = _remembered(match, previous, alignment)
    found = (np.array(outputs), np.array(alignments))
    return found if gate is None else (*found, np.array(gates))


def luong(inputs, memory, state, *, cell, match, cell_weights, match_weights, combine, input_feeding) -> tuple:
    """Luong et al. (2015): s_t = cell(y_{t-1}, s_{t-1}), or cell([y_{t-1} ; o_{t-1}], s_{t-1}) with input feeding;
    c_t from s_t; o_t = tanh([s_t ; c_t] W + b). Shapes as above."""
    outputs, alignments = [], []
    previous, said = [0.0] * len(memory), [0.0] * len(combine["bias"])
    for vector in inputs:
        state = _stepped(cell, [*vector, *(said if input_feeding else [])], state, cell_weights)
        context, alignment = look(match, state, memory, match_weights, previous)
        said = _combined(state, context, combine)
        outputs.append(said)
        alignments.append(alignment)
        previous = _remembered(match, previous, alignment)
    return np.array(outputs), np.array(alignments)


def pairs(sequence) -> np.ndarray:
    """Chan et al. (2016): each two steps side by side; a last one alone beside zeros. (S, D) -> (ceil(S / 2), 2 D)."""
    found = []
    for first in range(0, len(sequence), 2):
        second = sequence[first + 1] if first + 1 < len(sequence) else [0.0] * len(sequence[first])
        found.append([*map(float, sequence[first]), *map(float, second)])
    return np.array(found, "float64")
