"""Small grey pictures of one thing each: stripes, boxes, crosses, discs, slopes."""

import numpy as np

KINDS = ("stripes", "box", "frame", "cross", "disc", "slope")


def generate(count: int, *, height: int = 12, width: int = 12, seed: int = 0) -> list[dict[str, np.ndarray]]:
    """Draw pictures, a bright thing on a dark ground, each at a place and of a size of its own.

    Baselines, as black and white at half the brightness, nats a picture of 12 x 12: each pixel by itself about 84. A
    model that knows the thing from its upper part knows most of the rest.

    Args:
        count: pictures, the kinds in equal chances.
        height, width: pixels.
        seed: of the draws.
    Shapes:
        {"target": (height, width) float32 from 0 to 1}, a list over the pictures.
    Raises:
        ValueError: a picture of less than 4 x 4 pixels.
    """
    if min(height, width) < 4:
        raise ValueError(f"A picture has at least 4 x 4 pixels. Received: {height} x {width}")
    rng = np.random.default_rng(seed)
    return [{"target": _picture(rng, KINDS[kind], height, width)} for kind in rng.integers(0, len(KINDS), count)]


def _picture(rng: np.random.Generator, kind: str, height: int, width: int) -> np.ndarray:
    row, column = np.mgrid[:height, :width]
    ground, light = rng.uniform(0, 0.04), rng.uniform(0.96, 1)
    top, left = rng.integers(0, height // 2), rng.integers(0, width // 2)
    bottom, right = rng.integers(top + 2, height), rng.integers(left + 2, width)  # the last row and column of a thing
    inside = (row >= top) & (row <= bottom) & (column >= left) & (column <= right)
    if kind == "stripes":
        across = (row, column, row + column, row - column)[rng.integers(4)]
        period = rng.integers(2, 5)
        thing = (across + rng.integers(2 * period)) % (2 * period) < period
    elif kind == "box":
        thing = inside
    elif kind == "frame":
        thing = inside & ((row == top) | (row == bottom) | (column == left) | (column == right))
    elif kind == "cross":
        thing = inside & ((row == (top + bottom) // 2) | (column == (left + right) // 2))
    elif kind == "disc":
        far = ((row - (top + bottom) / 2) / (bottom - top + 1)) ** 2 + (
            (column - (left + right) / 2) / (right - left + 1)
        ) ** 2
        thing = far <= 0.25
    else:
        thing = rng.choice([-1, 1]) * (column - left - (row - top) * rng.choice([-1, 1])) >= 0
    return np.where(thing, light, ground).astype("float32")
