"""Coloured shapes on a canvas: what generated scenes and clips are made of."""

import numpy as np

COLOURS = {
    "red": (0.90, 0.15, 0.15),
    "green": (0.15, 0.75, 0.25),
    "blue": (0.20, 0.35, 0.95),
    "yellow": (0.95, 0.85, 0.15),
    "purple": (0.65, 0.25, 0.80),
    "white": (0.95, 0.95, 0.95),
}
SHAPES = ("circle", "square", "triangle")
# How light the ground may be, and how much its pixels differ.
GROUND, NOISE = (0.05, 0.25), 0.02


def canvas(rng: np.random.Generator, size: int) -> np.ndarray:
    """An empty picture (size, size, 3) of one dark shade."""
    return np.full((size, size, 3), rng.uniform(*GROUND))


def draw(picture: np.ndarray, shape: str, colour: str, middle: tuple[float, float], side: float) -> None:
    """Draws a shape into a picture, with soft edges.

    Args:
        picture: (H, W, 3), from 0 to 1.
        shape: of `SHAPES`.
        colour: of `COLOURS`.
        middle: of the shape, pixels from the left and from the top.
        side: how wide and high it is, in pixels.
    """
    right = np.arange(picture.shape[1]) + 0.5 - middle[0]
    down = (np.arange(picture.shape[0]) + 0.5 - middle[1])[:, None]
    half = side / 2
    # How many pixels within the edge.
    if shape == "circle":
        inside = half - np.hypot(right, down)
    elif shape == "square":
        inside = half - np.maximum(np.abs(right), np.abs(down))
    else:  # its tip above, its ground below
        slope = (down + half) / 2 - np.abs(right)
        inside = np.minimum(slope * 2 / np.sqrt(5), half - down)
    covered = np.clip(inside + 0.5, 0, 1)[..., None]
    picture[:] = (1 - covered) * picture + covered * np.array(COLOURS[colour])


def finished(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pixels of 0 to 255 (uint8), with noise."""
    noisy = picture + rng.normal(0, NOISE, picture.shape)
    return np.round(255 * np.clip(noisy, 0, 1)).astype("uint8")


def box(middle: tuple[float, float], side: float) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a shape."""
    return tuple(float(value) for value in (*(m - side / 2 for m in middle), *(m + side / 2 for m in middle)))  # type: ignore[return-value]
