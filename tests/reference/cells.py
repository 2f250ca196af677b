"""The recurrent cells, one unit at a time.

Every function takes one example and loops over time, units and inputs with Python's own numbers (float64), so that it
shares neither a matrix product nor a gate split with the code it checks.

Shapes: D features, U units, O outputs, S steps. Row vectors: the score of unit j is sum_i x[i] * kernel[i, j]. Packed
gates lie side by side in blocks of U columns, in the order that each function names.
"""

import math
from collections.abc import Mapping

import numpy as np

Weights = Mapping[str, np.ndarray]


def _sigmoid(number: float) -> float:
    # The two forms are equal; each is used where its exponential cannot overflow.
    if number >= 0:
        return 1.0 / (1.0 + math.exp(-number))
    return math.exp(number) / (1.0 + math.exp(number))


def _relu(number: float) -> float:
    return number if number > 0 else 0.0


def _dot(vector: list[float], matrix: np.ndarray, column: int) -> float:
    """One entry of `vector @ matrix`, in float64."""
    total = 0.0
    for row, value in enumerate(vector):
        total += float(value) * float(matrix[row, column])
    return total


def _steps(inputs: np.ndarray) -> list[list[float]]:
    return [[float(value) for value in step] for step in np.asarray(inputs)]


def _start(initial: np.ndarray) -> list[float]:
    return [float(value) for value in np.asarray(initial)]


def _simple(inputs: np.ndarray, weights: Weights, initial: np.ndarray, activation) -> np.ndarray:
    kernel, recurrent, bias = weights["kernel"], weights["recurrent_kernel"], weights["bias"]
    hidden = _start(initial)
    outputs = []
    for x in _steps(inputs):
        hidden = [
            activation(_dot(x, kernel, unit) + _dot(hidden, recurrent, unit) + float(bias[unit]))
            for unit in range(len(hidden))
        ]
        outputs.append(hidden)
    return np.array(outputs, "float64").reshape(-1, len(hidden))


def elman(inputs: np.ndarray, weights: Weights, initial: np.ndarray) -> np.ndarray:
    """Elman (1990): h_t = tanh(x_t W + h_{t-1} U + b). (S, D) -> (S, U)."""
    return _simple(inputs, weights, initial, math.tanh)


def irnn(inputs: np.ndarray, weights: Weights, initial: np.ndarray) -> np.ndarray:
    """Le et al. (2015): h_t = relu(x_t W + h_{t-1} U + b). (S, D) -> (S, U)."""
    return _simple(inputs, weights, initial, _relu)


def jordan(inputs: np.ndarray, weights: Weights, initial: np.ndarray) -> np.ndarray:
    """Jordan (1986): h_t = tanh(x_t W + y_{t-1} R + b), y_t = tanh(h_t V + c). (S, D) -> (S, O); initial (O,)."""
    kernel, recurrent, bias = weights["kernel"], weights["recurrent_kernel"], weights["bias"]
    output_kernel, output_bias = weights["output_kernel"], weights["output_bias"]
    output = _start(initial)
    outputs = []
    for x in _steps(inputs):
        hidden = [
            math.tanh(_dot(x, kernel, unit) + _dot(output, recurrent, unit) + float(bias[unit]))
            for unit in range(len(bias))
        ]
        output = [
            math.tanh(_dot(hidden, output_kernel, unit) + float(output_bias[unit])) for unit in range(len(output_bias))
        ]
        outputs.append(output)
    return np.array(outputs, "float64").reshape(-1, len(output))


def simplified_gru(inputs: np.ndarray, weights: Weights, initial: np.ndarray) -> np.ndarray:
    """A GRU without its reset gate; packed z, h.

    z_t = sigmoid(x_t Wz + h_{t-1} Uz + bz); c_t = tanh(x_t Wh + h_{t-1} Uh + bh); h_t = z_t h_{t-1} + (1 - z_t) c_t.
    (S, D) -> (S, U).
    """
    kernel, recurrent, bias = weights["kernel"], weights["recurrent_kernel"], weights["bias"]
    hidden = _start(initial)
    units = len(hidden)
    outputs = []
    for x in _steps(inputs):
        following = []
        for unit in range(units):
            update = _sigmoid(_dot(x, kernel, unit) + _dot(hidden, recurrent, unit) + float(bias[unit]))
            column = units + unit
            candidate = math.tanh(_dot(x, kernel, column) + _dot(hidden, recurrent, column) + float(bias[column]))
            following.append(update * hidden[unit] + (1.0 - update) * candidate)
        hidden = following
        outputs.append(hidden)
    return np.array(outputs, "float64").reshape(-1, units)


def gru_reset_before(inputs: np.ndarray, weights: Weights, initial: np.ndarray) -> np.ndarray:
    """Cho et al. (2014), the reset gate applied before the recurrent product; packed z, r, h; bias (3U,).

    c_t = tanh(x_t Wh + (r_t h_{t-1}) Uh + bh); h_t = z_t h_{t-1} + (1 - z_t) c_t. (S, D) -> (S, U).
    """
    kernel, recurrent, bias = weights["kernel"], weights["recurrent_kernel"], weights["bias"]
    hidden = _start(initial)
    units = len(hidden)

    outputs = []
    for x in _steps(inputs):
        # The candidate of one unit reads the reset gates of all units, so these come first.
        update = [_sigmoid(_dot(x, kernel, j) + _dot(hidden, recurrent, j) + float(bias[j])) for j in range(units)]
        reset = [
            _sigmoid(_dot(x, kernel, j) + _dot(hidden, recurrent, j) + float(bias[j])) for j in range(units, 2 * units)
        ]
        kept = [r * h for r, h in zip(reset, hidden, strict=True)]
        candidate = [
            math.tanh(_dot(x, kernel, j) + _dot(kept, recurrent, j) + float(bias[j]))
            for j in range(2 * units, 3 * units)
        ]
        hidden = [z * h + (1.0 - z) * c for z, h, c in zip(update, hidden, candidate, strict=True)]
        outputs.append(hidden)
    return np.array(outputs, "float64").reshape(-1, units)


def gru(inputs: np.ndarray, weights: Weights, initial: np.ndarray) -> np.ndarray:
    """The GRU with its reset gate after the recurrent product; packed z, r, h; bias (2, 3U): input, recurrent.

    c_t = tanh(x_t Wh + b_in + r_t (h_{t-1} Uh + b_rec)); h_t = z_t h_{t-1} + (1 - z_t) c_t. (S, D) -> (S, U).
    """
    kernel, recurrent = weights["kernel"], weights["recurrent_kernel"]
    input_bias, recurrent_bias = weights["bias"][0], weights["bias"][1]
    hidden = _start(initial)
    units = len(hidden)
    outputs = []
    for x in _steps(inputs):
        following = []
        for unit in range(units):
            from_input = [_dot(x, kernel, j) + float(input_bias[j]) for j in (unit, units + unit, 2 * units + unit)]
            from_state = [
                _dot(hidden, recurrent, j) + float(recurrent_bias[j]) for j in (unit, units + unit, 2 * units + unit)
            ]
            update = _sigmoid(from_input[0] + from_state[0])
            reset = _sigmoid(from_input[1] + from_state[1])
            candidate = math.tanh(from_input[2] + reset * from_state[2])
            following.append(update * hidden[unit] + (1.0 - update) * candidate)
        hidden = following
        outputs.append(hidden)
    return np.array(outputs, "float64").reshape(-1, units)


def lstm(inputs: np.ndarray, weights: Weights, initial: np.ndarray, initial_memory: np.ndarray) -> np.ndarray:
    """Hochreiter & Schmidhuber (1997) with Gers' forget gate (2000); packed i, f, g, o.

    c_t = f_t c_{t-1} + i_t g_t; h_t = o_t tanh(c_t). (S, D) -> (S, U); `initial` is h_0, `initial_memory` is c_0.
    """
    none = np.zeros(len(np.asarray(initial)))
    without = {**weights, "input_peephole": none, "forget_peephole": none, "output_peephole": none}
    return peephole_lstm(inputs, without, initial, initial_memory)


def peephole_lstm(inputs: np.ndarray, weights: Weights, initial: np.ndarray, initial_memory: np.ndarray) -> np.ndarray:
    """Gers & Schmidhuber (2000): gates that see the memory of their own unit; packed i, f, g, o.

    i_t = sigmoid(x_t Wi + h_{t-1} Ui + p_i c_{t-1} + bi) and f_t likewise; c_t = f_t c_{t-1} + i_t g_t;
    o_t = sigmoid(x_t Wo + h_{t-1} Uo + p_o c_t + bo), which sees the new memory; h_t = o_t tanh(c_t).
    (S, D) -> (S, U).
    """
    kernel, recurrent, bias = weights["kernel"], weights["recurrent_kernel"], weights["bias"]
    hidden, memory = _start(initial), _start(initial_memory)
    units = len(hidden)
    outputs = []
    for x in _steps(inputs):
        next_hidden, next_memory = [], []
        for unit in range(units):
            score_i, score_f, score_g, score_o = (
                _dot(x, kernel, j) + _dot(hidden, recurrent, j) + float(bias[j])
                for j in (unit, units + unit, 2 * units + unit, 3 * units + unit)
            )
            i = _sigmoid(score_i + float(weights["input_peephole"][unit]) * memory[unit])
            f = _sigmoid(score_f + float(weights["forget_peephole"][unit]) * memory[unit])
            c = f * memory[unit] + i * math.tanh(score_g)
            o = _sigmoid(score_o + float(weights["output_peephole"][unit]) * c)
            next_memory.append(c)
            next_hidden.append(o * math.tanh(c))
        hidden, memory = next_hidden, next_memory
        outputs.append(hidden)
    return np.array(outputs, "float64").reshape(-1, units)


def coupled_lstm(inputs: np.ndarray, weights: Weights, initial: np.ndarray, initial_memory: np.ndarray) -> np.ndarray:
    """Greff et al. (2015), CIFG: what is not forgotten is written, i_t = 1 - f_t; packed f, g, o. (S, D) -> (S, U)."""
    kernel, recurrent, bias = weights["kernel"], weights["recurrent_kernel"], weights["bias"]
    hidden, memory = _start(initial), _start(initial_memory)
    units = len(hidden)
    outputs = []
    for x in _steps(inputs):
        next_hidden, next_memory = [], []
        for unit in range(units):
            score_f, score_g, score_o = (
                _dot(x, kernel, j) + _dot(hidden, recurrent, j) + float(bias[j])
                for j in (unit, units + unit, 2 * units + unit)
            )
            f = _sigmoid(score_f)
            c = f * memory[unit] + (1.0 - f) * math.tanh(score_g)
            next_memory.append(c)
            next_hidden.append(_sigmoid(score_o) * math.tanh(c))
        hidden, memory = next_hidden, next_memory
        outputs.append(hidden)
    return np.array(outputs, "float64").reshape(-1, units)
