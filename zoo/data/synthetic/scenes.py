"""Scenes of coloured shapes with captions: which shape stands where beside which."""

from itertools import pairwise
from typing import Any

import numpy as np

from zoo.data.synthetic.shapes import COLOURS, SHAPES, box, canvas, draw, finished

# Of a scene's shapes the largest is named first: sides as shares of the picture's.
SIDES = (0.38, 0.27, 0.18)
# A shape stands as much farther in one direction than in the other, at least.
CLEAR = 0.1
GAP = 0.03


def generate(count: int, *, size: int = 48, shapes: int = 3, seed: int = 0) -> list[dict[str, Any]]:
    """Draw scenes with their captions.

    A scene has 1 to `shapes` shapes, each of another size, which do not touch each other. The caption names them, the
    largest first, each with its relation to the one before: "a red circle left of a blue square above a white
    triangle". Which relation holds (left of, right of, above, below) the larger of their distances decides.
    Baseline: colours, shapes and relations are drawn alike, so without the picture no caption is likelier than
    1 in 18.

    Args:
        count: examples.
        size: height and width in pixels.
        shapes: at most so many in a scene, 1 to 3.
        seed: of the draws.
    Shapes:
        {"picture": (size, size, 3) uint8, "target": the caption, "objects": for each shape its "box" (left, top, right,
        bottom in pixels) and its "words", the positions in the caption of its colour and shape}.
    Raises:
        ValueError: shapes outside 1 to 3, or a size below 16.
    """
    if not 1 <= shapes <= len(SIDES) or size < 16:
        raise ValueError(f"A scene has 1 to 3 shapes and 16 pixels or more. Received: shapes={shapes}, size={size}")
    rng = np.random.default_rng(seed)
    return [_scene(rng, size, int(rng.integers(1, shapes + 1))) for _ in range(count)]


def relation(one: tuple[float, float], other: tuple[float, float]) -> str:
    """Return the relation of the first centre (from the left, from the top) to the second."""
    right, down = one[0] - other[0], one[1] - other[1]
    if abs(right) > abs(down):
        return "left of" if right < 0 else "right of"
    return "above" if down < 0 else "below"


def region(area: tuple[float, float, float, float], size: tuple[int, int], grid: tuple[int, int]) -> np.ndarray:
    """Return which regions of a grid (h, w), row by row, a box overlaps: (h * w,) bool.

    Args:
        area: left, top, right and bottom in pixels.
        size: height and width of the picture in pixels.
    """
    (height, width), (rows, columns) = size, grid
    left, top, right, bottom = area
    down, across = np.arange(rows) * height / rows, np.arange(columns) * width / columns
    in_rows = (down < bottom) & (down + height / rows > top)
    in_columns = (across < right) & (across + width / columns > left)
    return (in_rows[:, None] & in_columns).ravel()


def _scene(rng: np.random.Generator, size: int, count: int) -> dict[str, Any]:
    sides = [size * share for share in sorted(rng.choice(SIDES, count, replace=False), reverse=True)]
    middles = _locations(rng, size, sides)
    picture = canvas(rng, size)
    words: list[str] = []
    objects = []
    for number, (middle, side) in enumerate(zip(middles, sides, strict=True)):
        colour, shape = str(rng.choice(list(COLOURS))), str(rng.choice(SHAPES))
        draw(picture, shape, colour, middle, side)
        if number:
            words += relation(middles[number - 1], middle).split()
        words += ["a", colour, shape]
        objects.append({"box": box(middle, side), "words": (len(words) - 2, len(words) - 1)})
    return {"picture": finished(picture, rng), "target": " ".join(words), "objects": objects}


def _locations(rng: np.random.Generator, size: int, sides: list[float]) -> list[tuple[float, float]]:
    """Middles of shapes that do not touch, of which each is clearly beside or above the next."""
    while True:
        middles = [tuple(rng.uniform(side / 2, size - side / 2, 2)) for side in sides]
        apart = all(
            max(abs(a - b) for a, b in zip(middles[i], middles[j], strict=True))
            > (sides[i] + sides[j]) / 2 + GAP * size
            for i in range(len(sides))
            for j in range(i)
        )
        clear = all(abs(abs(one[0] - two[0]) - abs(one[1] - two[1])) > CLEAR * size for one, two in pairwise(middles))
        if apart and clear:
            return [(float(right), float(down)) for right, down in middles]
