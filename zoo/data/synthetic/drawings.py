"""Drawings of a few plain figures side by side, as a hand makes them."""

import numpy as np

from zoo.data.featurizers.drawings import movements

FIGURES = ("circle", "square", "triangle", "cross", "zigzag")
ROUND = 9  # points of a circle
SHAKE = 0.04  # of a figure's size


def generate(count: int, *, seed: int = 0) -> list[np.ndarray]:
    """Draws drawings of one to three figures in a row, of different sizes, each point a little off.

    A circle is one round line that begins at its top, a square and a triangle are closed, a cross is two lines, and a
    zigzag goes up and down as often as chance has it.

    Args:
        count: drawings.
        seed: of the draws.
    Shapes:
        movements (N, 3) float32 as of `zoo.data.featurizers.drawings.movements`; a figure is 20 to 40 wide; N is 2 to
        29.
    """
    random = np.random.default_rng(seed)
    return [movements(_drawing(random)) for _ in range(count)]


def _drawing(random: np.random.Generator) -> list[np.ndarray]:
    strokes, left = [], 0.0
    for _ in range(int(random.integers(1, 4))):
        size = float(random.uniform(20, 40))
        for line in _figure(random, FIGURES[random.integers(len(FIGURES))]):
            strokes.append((line + random.normal(size=line.shape, scale=SHAKE)) * size + (left, -size / 2))
        left += size + 10.0
    return strokes


def _figure(random: np.random.Generator, name: str) -> list[np.ndarray]:
    """Its lines within the unit square."""
    if name == "circle":
        turns = 2 * np.pi * np.arange(ROUND + 1) / ROUND
        return [0.5 + 0.5 * np.stack([np.sin(turns), -np.cos(turns)], axis=1)]
    if name == "cross":
        return [np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])]
    if name == "zigzag":
        turns = int(random.integers(3, 7))
        return [np.stack([np.linspace(0, 1, turns), np.arange(turns) % 2], axis=1)]
    corners = {"square": [[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]], "triangle": [[0.5, 0], [0, 1], [1, 1], [0.5, 0]]}
    return [np.array(corners[name], "float64")]
