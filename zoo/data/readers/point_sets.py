"""Points and a sequence of their positions: `x1 y1 x2 y2 ... output i1 i2 ... i1` a line (Vinyals et al. 2015)."""

import os
from typing import Any

import numpy as np

from zoo.data.readers.formats import Format, Head
from zoo.data.synthetic.convex_hulls import ROUNDING, coincident
from zoo.storage.data_error import parse_numbers, parse_whole_number
from zoo.storage.files import DataError, open_text

MARK = "output"


def read(path: str | os.PathLike, *, closed: bool = True, encoding: str = "utf-8") -> list[dict[str, Any]]:
    """Reads sets of points with their hulls or tours, as the authors of pointer networks published them.

    Args:
        path: the file. Positions count from 1 in it; empty lines are passed over. A line without the word "output"
            holds points without an answer.
        closed: the answer ends where it begins, as hulls and tours do, and the end is dropped. False for sequences that
            do not come back.
        encoding: of the file.
    Returns:
        List of {"source": points (S, 2) float32, "target": positions from 0 on, [] without an answer}.
    Raises:
        DataError: coordinates that are not pairs of finite numbers; fewer than 3 points, two at one
            place or all on one line; a position that is not one of the points or comes twice; an answer that is not
            closed, or closed with fewer than 3 points.
    Reference: arXiv:1506.03134.
    """
    examples = []
    for line, text in enumerate(open_text(path, encoding=encoding), 1):
        if not text.strip():
            continue
        coordinates, mark, answer = text.partition(MARK)
        points = _points(path, line, coordinates.split())
        target = _positions(path, line, answer.split(), len(points), closed) if mark else []
        examples.append({"source": points, "target": target})
    return examples


def format_of(*, closed: bool = True) -> Format:
    """The format of files for `read`."""
    name = f"lines x1 y1 x2 y2 ... {MARK} i1 i2 ... (pointer networks)"
    return Format(name, _mismatch, lambda path: read(path, closed=closed))


def _mismatch(head: Head) -> str:
    coordinates = head.first.partition(MARK)[0].split()
    try:
        parse_numbers(coordinates)
    except ValueError:
        return "line 1 does not begin with numbers"
    return "" if len(coordinates) >= 6 else "line 1 has fewer than 3 points"


def _points(path: str | os.PathLike, line: int, fields: list[str]) -> np.ndarray:
    try:
        is_finite = np.isfinite(parse_numbers(fields))
    except ValueError as error:
        wrong = str(error).rpartition(": ")[2]
        raise DataError(path, line, f"numbers x1 y1 x2 y2 ... in front of {MARK!r}", f"{wrong:.60}") from error
    if not is_finite.all():
        raise DataError(path, line, "finite coordinates", f"{fields[int(is_finite.argmin())]!r:.60}")
    numbers = np.array(fields, "float64")
    if len(numbers) % 2:
        raise DataError(path, line, "pairs of coordinates, x and y", f"{len(numbers)} numbers")
    if len(numbers) < 6:
        raise DataError(path, line, "3 points or more, x1 y1 x2 y2 x3 y3 ...", f"{len(numbers) // 2}")
    points = numbers.reshape(-1, 2)
    source = points.astype("float32")  # what is given is what must differ
    twins = coincident(source)
    if twins:
        one, other = (position + 1 for position in twins)
        raise DataError(
            path, line, "points that differ", f"points {one} and {other} both at {points[one - 1].tolist()}"
        )
    x, y = (points - points[0]).T
    one, other = x[1] * y, y[1] * x
    if (np.abs(one - other) <= ROUNDING * (np.abs(one) + np.abs(other))).all():
        raise DataError(path, line, "points that are not all on one line", f"{points.tolist()!s:.80}")
    return source


def _positions(path: str | os.PathLike, line: int, fields: list[str], points: int, closed: bool) -> list[int]:
    for field in fields:
        if (parse_whole_number(field) or 0) not in range(1, points + 1):
            raise DataError(path, line, f"positions of 1 to {points} behind {MARK!r}", f"{field!r:.60}")
    positions = [int(field) - 1 for field in fields]
    if closed:
        if len(positions) < 2 or positions[0] != positions[-1]:
            raise DataError(
                path, line, f"a closed tour behind {MARK!r}, its first position again at its end", _shown(fields)
            )
        positions.pop()
    least = 3 if closed else 1
    if len(positions) < least:
        raise DataError(path, line, f"{least} positions or more behind {MARK!r}", _shown(fields))
    if len(set(positions)) < len(positions):
        twice = next(position for number, position in enumerate(positions) if position in positions[:number])
        raise DataError(path, line, f"every position once behind {MARK!r}", f"{twice + 1} again in {_shown(fields)}")
    return positions


def _shown(fields: list[str]) -> str:
    return f"{' '.join(fields)!r:.80}"
