"""Regions of a picture, one pixel and one number at a time."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

Weights = Mapping[str, np.ndarray]


def convolved(picture: np.ndarray, weights: Weights) -> np.ndarray:
    """3 x 3 in steps of 2, zeros around an even-sized picture only behind its last row and column: (H, W, C) by
    (3, 3, C, F) and a bias -> (H / 2, W / 2, F)."""
    kernel, (height, width, channels) = weights["kernel"], picture.shape
    found = np.zeros((height // 2, width // 2, kernel.shape[-1]))
    for row in range(height // 2):
        for column in range(width // 2):
            found[row, column] = weights["bias"]
            for down in range(3):
                for right in range(3):
                    y, x = 2 * row + down, 2 * column + right
                    if y < height and x < width:
                        for channel in range(channels):
                            found[row, column] += float(picture[y, x, channel]) * kernel[down, right, channel]
    return found


def normalized(values: Sequence[float], weights: Weights, epsilon: float = 1e-3) -> list[float]:
    """Mean 0 and deviation 1 over the features, then gamma and beta."""
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values) + epsilon)
    return [
        (value - mean) / deviation * float(gamma) + float(beta)
        for value, gamma, beta in zip(values, weights["gamma"], weights["beta"], strict=True)
    ]


def regions(picture, convolutions, normalization: Weights, projection: Weights, *, places=None) -> np.ndarray:
    """m_s = relu(W [f_s ; x_s ; y_s] + b), f of 2 x - 1 by convolutions and rectifiers, normalised below the last; or
    relu(W f_s + b) + place_s with learned `places`. (H, W, C) -> (regions, units)."""
    features = 2 * np.asarray(picture, "float64") - 1
    for number, weights in enumerate(convolutions, 1):
        features = convolved(features, weights)
        for row in features:
            for place, values in enumerate(row):
                kept = normalized(list(values), normalization) if number == len(convolutions) else values
                row[place] = [max(0.0, value) for value in kept]
    height, width, _ = features.shape
    found = []
    for row in range(height):
        for column in range(width):
            joined = list(features[row, column])
            if places is None:
                joined += [2 * (column + 0.5) / width - 1, 2 * (row + 0.5) / height - 1]
            said = [
                max(
                    0.0,
                    sum(value * float(projection["kernel"][n, unit]) for n, value in enumerate(joined)) + float(bias),
                )
                for unit, bias in enumerate(projection["bias"])
            ]
            if places is not None:
                said = [value + float(place) for value, place in zip(said, places[row * width + column], strict=True)]
            found.append(said)
    return np.array(found)
