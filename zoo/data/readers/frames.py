"""Recordings: a frame a line, numbers between commas below at most one header."""

from pathlib import Path

import numpy as np

from zoo.storage.data_error import DataError, parse_numbers
from zoo.storage.files import open_text

# What the first column is called in a header if it holds the numbers of rows.
INDEX_NAMES = ("", "index", "unnamed: 0")


def read(path: Path) -> np.ndarray:
    """Read a recording, a frame a line and numbers between commas below at most one header: (S, D) float32.

    Empty lines are passed over.

    Raises:
        DataError: anything else.
    """
    lines = [
        (line, [field.strip().strip('"') for field in text.split(",")])
        for line, text in enumerate(open_text(path), 1)
        if text.strip()
    ]
    header = lines.pop(0)[1] if _has_header([fields for _, fields in lines]) else []
    rows: list[np.ndarray] = []
    for line, fields in lines:
        try:
            rows.append(parse_numbers(fields))
        except ValueError as error:
            raise DataError(path, line, "numbers between commas", f"{','.join(fields)!r:.60}") from error
        if not np.isfinite(rows[-1]).all() or len(fields) != len(rows[0]):
            raise DataError(path, line, f"{len(rows[0])} finite numbers", f"{','.join(fields)!r:.60}")
    if not rows:
        raise DataError(path, None, "a frame of numbers a line", "a header alone")
    frames = np.stack(rows)
    # The row numbers that pandas writes are no channel.
    is_index = [name.lower() in INDEX_NAMES for name in header[:1]] == [True]
    return frames[:, 1:] if is_index and frames.shape[1] > 1 and (np.diff(frames[:, 0]) == 1).all() else frames


def _has_header(lines: list[list[str]]) -> bool:
    """Return whether the first line names channels: by words, or by numbers from 0 or 1 on, as pandas does.

    "0,1" above whole numbers alone is taken for a frame.
    """
    first = lines[0]
    try:
        parse_numbers(first)
    except ValueError:
        return True
    counts = [[str(number) for number in range(start, start + len(first))] for start in (0, 1)]
    is_whole = all(field.removeprefix("-").isdecimal() for fields in lines for field in fields)
    return len(first) > 1 and first in counts and (len(first) > 2 or not is_whole)
