"""Grids read pixel by pixel, one place and one unit at a time.

Row vectors; packed gates i, f, g, o in blocks of U columns. A neighbour outside of the grid is zeros.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

Weights = Mapping[str, np.ndarray]


def masked_convolution(grid: np.ndarray, kernel: np.ndarray, bias: np.ndarray, above: int, beside: int) -> np.ndarray:
    """(H, W, D) by a kernel (taps * D, F), taps row by row: those above, then of the own row up to the place itself."""
    height, width, features = grid.shape
    offsets = [(-up, right) for up in range(above, 0, -1) for right in range(-beside, beside + 1)]
    offsets += [(0, right) for right in range(-beside, 1)]
    found = np.zeros((height, width, len(bias)))
    for row in range(height):
        for column in range(width):
            for unit in range(len(bias)):
                total = float(bias[unit])
                for tap, (down, right) in enumerate(offsets):
                    y, x = row + down, column + right
                    if y >= 0 and 0 <= x < width:
                        for feature in range(features):
                            total += float(grid[y, x, feature]) * float(kernel[tap * features + feature, unit])
                found[row, column, unit] = total
    return found


def row_layer(grid: np.ndarray, weights: Weights, reach: int) -> np.ndarray:
    """The Row LSTM: (H, W, D) -> (H, W, U)."""
    height, width, _ = grid.shape
    recurrent, beside = weights["recurrent_kernel"], reach // 2
    units = recurrent.shape[1] // 4
    inputs = masked_convolution(grid, weights["kernel"], weights["bias"], 0, beside)
    h, c = np.zeros((height, width, units)), np.zeros((height, width, units))
    for row in range(height):
        for column in range(width):
            near: list[float] = []
            for other in range(column - beside, column + beside + 1):
                inside = row > 0 and 0 <= other < width
                near += [float(value) for value in h[row - 1, other]] if inside else [0.0] * units
            before = c[row - 1, column] if row else np.zeros(units)
            h[row, column], c[row, column] = _lstm(inputs[row, column], near, recurrent, before)
    return h


def diagonal_layer(grid: np.ndarray, weights: Weights) -> np.ndarray:
    """The Diagonal BiLSTM, without any skewing: (H, W, D) -> (H, W, U)."""
    right = _walk(grid, weights, "rightward", 1)
    left = _walk(grid, weights, "leftward", -1)
    below = np.zeros_like(left)
    for row in range(1, len(left)):
        below[row] = left[row - 1]
    return right + below


def _walk(grid, weights, name, direction):
    height, width, features = grid.shape
    kernel, bias = weights[f"{name}_kernel"], weights[f"{name}_bias"]
    recurrent = weights[f"{name}_recurrent_kernel"]
    units = len(bias) // 4
    h, c = np.zeros((height, width, units)), np.zeros((height, width, units))
    for row in range(height):
        for column in range(width) if direction == 1 else range(width - 1, -1, -1):
            before = column - direction
            inside = 0 <= before < width
            beside = h[row, before] if inside else np.zeros(units)
            above = h[row - 1, column] if row else np.zeros(units)
            memory = c[row, before] if inside else np.zeros(units)
            inputs = [
                float(bias[unit])
                + sum(float(grid[row, column, feature]) * float(kernel[feature, unit]) for feature in range(features))
                for unit in range(4 * units)
            ]
            h[row, column], c[row, column] = _lstm(inputs, [*beside, *above], recurrent, memory)
    return h


def _lstm(inputs: Sequence[float], near: Sequence[float], recurrent: np.ndarray, c: np.ndarray):
    """One place: what is read and the states near it, to h and c."""
    units = len(c)
    sums = [
        float(inputs[unit]) + sum(float(value) * float(recurrent[row, unit]) for row, value in enumerate(near))
        for unit in range(4 * units)
    ]
    h, new = [], []
    for unit in range(units):
        i, f, g, o = (sums[gate * units + unit] for gate in range(4))
        new.append(_sigmoid(f) * float(c[unit]) + _sigmoid(i) * math.tanh(g))
        h.append(_sigmoid(o) * math.tanh(new[-1]))
    return h, new


def _sigmoid(number: float) -> float:
    return 1.0 / (1.0 + math.exp(-number))
