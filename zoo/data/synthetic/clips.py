"""Clips of a coloured shape that moves and turns, with captions."""

from itertools import pairwise
from typing import Any

import numpy as np

from zoo.data.synthetic.shapes import COLOURS, SHAPES, canvas, draw, finished

DIRECTIONS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
SIDE = 0.3  # of a shape, as a share of the picture's
# Frames in which a shape moves in one direction, and pixels between two frames as a share of the picture's side.
LEGS, PACE = (2, 4), (0.08, 0.13)


def generate(count: int, *, size: int = 32, turns: int = 2, seed: int = 0) -> list[dict[str, Any]]:
    """Draw clips with their captions.

    A shape moves in a direction for 2 to 4 frames, then in another, and so on: "a red square moves left then up". It
    never leaves the picture; how fast it moves and how long in each direction is drawn anew. From a single frame nobody
    can tell any of the directions. Baselines: without the clip one caption of 216 with one turn; a path alone is one of
    12 with one turn, of 36 with two.

    Args:
        count: examples.
        size: height and width in pixels.
        turns: at most so many in a clip, 1 or more.
        seed: of the draws.
    Shapes:
        {"frames": (F, size, size, 3) uint8, "target": the caption, "path": its directions alone, "left then up",
        "legs": for each direction the place of its word in the caption and its first and last frame}. Frame 0 is where
        the shape starts; of two directions that follow each other the first's last frame is the second's first.
    Raises:
        ValueError: no turns, or a size below 16.
    """
    if turns < 1 or size < 16:
        raise ValueError(f"A clip has a turn and 16 pixels or more. Received: turns={turns}, size={size}")
    rng = np.random.default_rng(seed)
    return [_clip(rng, size, int(rng.integers(1, turns + 1))) for _ in range(count)]


def _clip(rng: np.random.Generator, size: int, turns: int) -> dict[str, Any]:
    colour, shape = str(rng.choice(list(COLOURS))), str(rng.choice(SHAPES))
    while True:
        names = [str(name) for name in rng.choice(list(DIRECTIONS), turns + 1)]
        lengths = rng.integers(LEGS[0], LEGS[1] + 1, turns + 1)
        moves = np.repeat([DIRECTIONS[name] for name in names], lengths, axis=0) * size * rng.uniform(*PACE)
        path = np.concatenate([np.zeros((1, 2)), np.cumsum(moves, axis=0)])
        room = size * (1 - SIDE) - (path.max(axis=0) - path.min(axis=0))
        if all(one != other for one, other in pairwise(names)) and (room >= 0).all():
            break
    path += size * SIDE / 2 - path.min(axis=0) + rng.uniform(0, room)
    ground, frames = canvas(rng, size), []
    for middle in path:
        frame = ground.copy()
        draw(frame, shape, colour, tuple(middle), size * SIDE)
        frames.append(finished(frame, rng))
    words, legs, start = ["a", colour, shape, "moves"], [], 0
    for number, (name, length) in enumerate(zip(names, lengths, strict=True)):
        words += ["then", name] if number else [name]
        legs.append((len(words) - 1, start, start + int(length)))
        start += int(length)
    return {"frames": np.stack(frames), "target": " ".join(words), "path": " then ".join(names), "legs": legs}
