"""A Neural Turing Machine, one head, one slot and one number at a time, in Python's own numbers (float64).

Shapes: N slots, W numbers in a slot, R shift_range, U units. Equations are those of Graves et al. (2014), section 3.
"""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

Weights = Mapping[str, np.ndarray]


def sigmoid(number: float) -> float:
    return 1 / (1 + math.exp(-number)) if number >= 0 else math.exp(number) / (1 + math.exp(number))


def softplus(number: float) -> float:
    return max(number, 0.0) + math.log1p(math.exp(-abs(number)))


def softmax(scores: Sequence[float]) -> list[float]:
    powers = [math.exp(score - max(scores)) for score in scores]
    return [power / sum(powers) for power in powers]


def cosine(one, other) -> float:
    """Eq. 6; of a vector of zeros 0."""
    length = math.hypot(*map(float, one)) * math.hypot(*map(float, other))
    return sum(float(a) * float(b) for a, b in zip(one, other, strict=True)) / length if length else 0.0


def by_content(key, strength, memory) -> list[float]:
    """Eq. 5. (W,), a number, (N, W) -> (N,)."""
    return softmax([float(strength) * cosine(key, slot) for slot in memory])


def interpolate(gate, weights, previous) -> list[float]:
    """Eq. 7."""
    return [
        float(gate) * float(new) + (1 - float(gate)) * float(old) for new, old in zip(weights, previous, strict=True)
    ]


def shift(weights, moves) -> list[float]:
    """Eq. 8: all of slot j goes to slot j + m, round the end, for the move m = -R .. R. (N,), (2 R + 1,) -> (N,)."""
    slots, shift_range = len(weights), len(moves) // 2
    moved = [0.0] * slots
    for slot, weight in enumerate(weights):
        for number, share in enumerate(moves):
            moved[(slot + number - shift_range) % slots] += float(weight) * float(share)
    return moved


def sharpen(weights, gamma) -> list[float]:
    """Eq. 9."""
    powers = [float(weight) ** float(gamma) for weight in weights]
    return [power / sum(powers) for power in powers]


def write(memory, weights, erase, add) -> list[list[float]]:
    """Eq. 3, 4: every head erases, then every head adds. (N, W), (H, N), (H, W), (H, W) -> (N, W)."""
    written = []
    for number, slot in enumerate(memory):
        slot = [float(value) for value in slot]
        for weight, gone in zip(weights, erase, strict=True):
            slot = [value * (1 - float(weight[number]) * float(gone[k])) for k, value in enumerate(slot)]
        for weight, new in zip(weights, add, strict=True):
            slot = [value + float(weight[number]) * float(new[k]) for k, value in enumerate(slot)]
        written.append(slot)
    return written


def read(memory, weights) -> list[float]:
    """Eq. 2. (N, W), (N,) -> (W,)."""
    width = len(memory[0])
    return [
        sum(float(weight) * float(slot[k]) for weight, slot in zip(weights, memory, strict=True)) for k in range(width)
    ]


def _through(vector, weights: Weights) -> list[float]:
    """x W + b."""
    kernel, bias = weights["kernel"], weights["bias"]
    return [
        sum(value * float(kernel[row][j]) for row, value in enumerate(vector)) + float(bias[j])
        for j in range(len(bias))
    ]


def feed_forward(vector, state, weights: Weights) -> tuple[list[float], list]:
    """h = tanh(x W + b); no state."""
    return [math.tanh(score) for score in _through(vector, weights)], state


def lstm(vector, state, weights: Weights) -> tuple[list[float], list]:
    """Gers et al. (2000), packed i, f, g, o; the state is h, c."""
    hidden, memory = state or ([0.0] * (len(weights["bias"]) // 4),) * 2
    units, recurrent = len(hidden), weights["recurrent_kernel"]
    scores = [
        score + sum(hidden[row] * float(recurrent[row][j]) for row in range(units))
        for j, score in enumerate(_through(vector, weights))
    ]
    i, f, g, o = (scores[block * units : (block + 1) * units] for block in range(4))
    memory = [sigmoid(f[j]) * memory[j] + sigmoid(i[j]) * math.tanh(g[j]) for j in range(units)]
    hidden = [sigmoid(o[j]) * math.tanh(memory[j]) for j in range(units)]
    return hidden, [hidden, memory]


def machine(
    inputs,
    *,
    controller: Callable,
    controller_weights: Weights,
    heads: Weights,
    memory,
    initial_reads,
    initial_addresses,
    writers: int,
    shift_range: int,
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Graves et al. (2014), figure 1: [h_t ; r_t] of every step (T, U + readers * W), and what the heads did.

    `memory` (N, W) is what stands there before the first step, tanh(`initial_reads`) (readers, W) what was read, the
    softmax of `initial_addresses` (heads, N) where the heads were; None for addressing by content alone. The heads
    receive h W + b: erase of all writers, add of all writers, then for every head, writers first, strength, key(,
    gate, shifts, sharpness).
    """
    memory = [[float(value) for value in slot] for slot in memory]
    width, count = len(memory[0]), writers + len(initial_reads)
    last = [[math.tanh(float(value)) for value in row] for row in initial_reads]
    before = None
    if initial_addresses is not None:
        before = [softmax([float(value) for value in row]) for row in initial_addresses]
    state: list = []
    said = []
    tape: dict[str, list] = {"write_weights": [], "read_weights": [], "added": [], "read": []}
    for vector in inputs:
        joined = [float(value) for value in vector] + [value for row in last for value in row]
        hidden, state = controller(joined, state, controller_weights)
        told = iter(_through(hidden, heads))

        def take(size, told=told):
            return [next(told) for _ in range(size)]

        erase = [[sigmoid(value) for value in take(width)] for _ in range(writers)]
        add = [[math.tanh(value) for value in take(width)] for _ in range(writers)]
        weights = []
        for head in range(count):
            strength = softplus(take(1)[0])
            weight = by_content([math.tanh(value) for value in take(width)], strength, memory)
            if before is not None:
                weight = interpolate(sigmoid(take(1)[0]), weight, before[head])
                weight = shift(weight, softmax(take(2 * shift_range + 1)))
                weight = sharpen(weight, 1 + softplus(take(1)[0]))
            weights.append(weight)
        assert next(told, None) is None
        before = weights if before is not None else None
        memory = write(memory, weights[:writers], erase, add)
        last = [read(memory, weight) for weight in weights[writers:]]
        said.append(hidden + [value for row in last for value in row])
        tape["write_weights"].append(weights[:writers])
        tape["read_weights"].append(weights[writers:])
        tape["added"].append([sum(row[k] for row in add) for k in range(width)])
        tape["read"].append([sum(row[k] for row in last) for k in range(width)])
    return np.array(said), {name: np.array(steps) for name, steps in tape.items()}
