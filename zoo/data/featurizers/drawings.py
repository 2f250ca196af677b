"""Drawings as the movements of a pen, as the lines that these leave, and as pictures of vectors."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from zoo.data.featurizers.featurizer import Featurizer
from zoo.storage.files import replace_file

DOWN, UP, END = 0, 1, 2
# A picture's longer side and its margin, in its own units.
SIDE, MARGIN = 240.0, 12.0


def movements(lines: Sequence[np.ndarray]) -> np.ndarray:
    """A drawing of lines, each its points one after the other, as movements (N, 3) float32.

    A row is how far the pen goes right and down, and whether it is lifted there (1) or stays on the paper (0). The pen
    begins on the paper, at the first point of the first line, which no row names; the first row behind a lifted one
    leads to where the next line begins.

    Args:
        lines: each (P, 2), P > 1: x to the right, y down.
    Raises:
        ValueError: no lines; one of another shape, of fewer than two points, or not of finite numbers.
    """
    if not len(lines):
        raise ValueError("A drawing has at least one line. Received: none")
    steps, last = [], np.zeros(0)
    for number, line in enumerate(lines):
        if np.asarray(line).dtype.kind not in "iuf":  # NumPy reads "2" as a number
            raise ValueError(f"A line is of numbers. Received: {line!r:.60} as line {number}")
        points = np.asarray(line, "float64")
        if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2 or not np.isfinite(points).all():
            raise ValueError(
                f"A line is two points or more, (P, 2) finite numbers. Received: shape {points.shape} as line {number}"
            )
        way = np.diff(np.concatenate([last[None], points]) if number else points, axis=0)
        pens = np.full((len(way), 1), float(DOWN))
        pens[-1] = UP
        steps.append(np.concatenate([way, pens], axis=1))
        last = points[-1]
    with np.errstate(over="ignore"):
        joined = np.concatenate(steps).astype("float32")
    if not np.isfinite(joined).all():
        raise ValueError("The points of a drawing are finite in float32. Received: larger ones")
    return joined


def lines(drawing: np.ndarray) -> list[np.ndarray]:
    """The lines (P, 2) that movements leave, from (0, 0) on; those of one point, and all behind an end, are left out.

    Raises:
        ValueError: movements that are not (N, 3) finite numbers.
    """
    drawing = np.asarray(drawing, "float64")
    if drawing.ndim != 2 or drawing.shape[1] != 3 or not np.isfinite(drawing).all():
        raise ValueError(f"Movements are rows of three finite numbers. Received: shape {drawing.shape}")
    ends = np.flatnonzero(drawing[:, 2] >= END)
    drawing = drawing[: ends[0]] if len(ends) else drawing
    positions = np.concatenate([np.zeros((1, 2)), np.cumsum(drawing[:, :2], axis=0)])
    cuts = np.flatnonzero(drawing[:, 2] == UP) + 2
    return [line for line in np.split(positions, cuts) if len(line) > 1]


@dataclass(frozen=True)
class Drawings(Featurizer):
    """Movements in units that a model learns well from, with the end as a row of its own, (0, 0, 2).

    Args:
        scale: the unit, such as the deviation of how far the pen goes; the same for both ways.
    Raises:
        ValueError: a scale that is not above 0.
    """

    KIND: ClassVar[str] = "drawings"
    scale: float = 1.0

    def __post_init__(self):
        if not 0 < self.scale < np.inf:
            raise ValueError(f"The scale of movements is above 0. Received: {self.scale}")

    @classmethod
    def of(cls, drawings: Sequence[np.ndarray]) -> "Drawings":
        """By the deviation of these movements; the way to a next line counts like any other."""
        return cls(float(np.concatenate([drawing[:, :2] for drawing in drawings]).std()) or 1.0)

    def encode(self, value: Any) -> np.ndarray:
        """(N + 1, 3) float32 of movements (N, 3) with no end, or of a list of lines (P, 2)."""
        drawing = movements(value) if isinstance(value, list | tuple) else np.asarray(value, "float32")
        scaled = drawing / np.array([self.scale, self.scale, 1], "float32")
        return np.concatenate([scaled, np.array([[0, 0, END]], "float32")])


def to_text(drawing: np.ndarray, *, columns: int = 48) -> str:
    """The lines of a drawing in characters, for a terminal, where a character is twice as high as wide.

    Args:
        drawing: movements (N, 3), of any scale.
        columns: of the longer side.
    """
    strokes = lines(drawing)
    if not strokes:
        return "(no line)"
    points = np.concatenate(strokes)
    low, side = points.min(axis=0), max(float(np.ptp(points, axis=0).max()), 1e-9)
    scaled = [np.round((line - low) * (columns - 1) / side, 6) for line in strokes]
    right, down = np.concatenate(scaled).max(axis=0)
    grid = np.full((int(down / 2) + 1, int(right) + 1), " ")
    for line in scaled:
        for start, end in pairwise(line):
            steps = int(np.abs(end - start).max()) + 2
            right, down = np.linspace(start, end, steps).T
            grid[(down / 2).astype(int), right.astype(int)] = "#"
    return "\n".join("".join(row).rstrip() for row in grid)


def write_svg(path: str | os.PathLike, drawing: np.ndarray) -> None:
    """Writes the lines of a drawing as an SVG file, which appears whole or not at all.

    Args:
        path: the file.
        drawing: movements (N, 3), of any scale.
    """
    strokes = lines(drawing)
    points = np.concatenate([np.zeros((1, 2)), *strokes])
    low, span = points.min(axis=0), np.ptp(points, axis=0)
    unit = (SIDE - 2 * MARGIN) / max(float(span.max()), 1e-9)
    width, height = span * unit + 2 * MARGIN
    paths = [
        '<polyline points="'
        + " ".join("{:.2f},{:.2f}".format(*((point - low) * unit + MARGIN)) for point in line)
        + '"/>'
        for line in strokes
    ]
    text = "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.2f} {height:.2f}">',
            '<g fill="none" stroke="black" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">',
            *paths,
            "</g>",
            "</svg>\n",
        ]
    )
    with replace_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
