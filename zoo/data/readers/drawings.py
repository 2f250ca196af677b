"""Drawings: the movements of a pen in an .npz file, cut into splits, or lines of points as JSON, a drawing a line."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from zoo.data.featurizers.drawings import movements
from zoo.data.readers.formats import Format, Head
from zoo.storage.containers import read_npz
from zoo.storage.data_error import parse_json
from zoo.storage.files import DataError, open_text

DRAWING = "a drawing, [[[x, y], [x, y], ...], ...]"
SPLITS = {"train": "train", "valid": "validation", "test": "test"}


def read(path: str | os.PathLike) -> dict[str, list[np.ndarray]]:
    """Reads the movements of drawings by split.

    Args:
        path: an .npz file that holds, for each of train, valid and test, SPLIT_points (N, 3), rows of how far right,
            how far down and whether the pen is lifted there, and SPLIT_offsets: drawing i is points[offsets[i] :
            offsets[i + 1]].
    Shapes:
        a list of (n, 3) float32 under "train", "validation" and "test".
    Raises:
        DataError: another file or other arrays, or larger ones than `zoo.storage.containers.expansion_limit`; points
            that are not finite; offsets that do not rise from 0 to the last point; a pen state that is
            neither 0 nor 1.
    """
    arrays = read_npz(path)
    drawings_of = {}
    for key, split in SPLITS.items():
        for name in (f"{key}_points", f"{key}_offsets"):
            if name not in arrays:
                raise DataError(path, None, f"the array {name}", f"{', '.join(sorted(arrays)) or 'none'}")
        drawings_of[split] = _cut(path, key, arrays[f"{key}_points"], arrays[f"{key}_offsets"])
    return drawings_of


def _cut(path, key, points, offsets) -> list[np.ndarray]:
    if points.ndim != 2 or points.shape[1] != 3 or points.dtype.kind not in "iuf":
        raise DataError(path, None, f"{key}_points (N, 3) of finite numbers", f"{points.dtype} {points.shape}")
    with np.errstate(over="ignore"):
        moves = points.astype("float32")
    if not np.isfinite(moves).all():
        raise DataError(path, None, f"{key}_points of finite numbers", f"{moves[~np.isfinite(moves)][0]}")
    whole = offsets.ndim == 1 and offsets.dtype.kind in "iu" and len(offsets) > 1
    if not whole or offsets[0] != 0 or offsets[-1] != len(points) or (np.diff(offsets.astype("int64")) < 1).any():
        raise DataError(path, None, f"{key}_offsets that rise from 0 to {len(points)}", f"{offsets!s:.60}")
    wrong = ~np.isin(points[:, 2], (0, 1))
    if wrong.any():
        row = int(wrong.argmax())
        raise DataError(path, None, f"0 or 1 as the pen of {key} point {row}", f"{points[row, 2]}")
    return np.split(moves, offsets[1:-1])


def read_lines(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[np.ndarray]:
    """Reads drawings of lines as movements: a list of (n, 3) float32.

    Args:
        path: JSON lines, plain or gzipped: a drawing a line, [[[x, y], [x, y], ...], ...], its lines in the order in
            which they were drawn, each a list of points, x to the right, y down; or as Quick, Draw! is published
            (.ndjson): {"drawing": [[[x, x, ...], [y, y, ...]], ...]}, of which lines of one point are left out.
        encoding: of the file.
    Raises:
        DataError: a line that is no such drawing.
    """
    drawings_of = []
    for number, text in enumerate(open_text(Path(path), encoding=encoding), 1):
        if text.strip():
            drawings_of.append(parse_drawing(text, path, number))
    return drawings_of


def parse_drawing(text: str, path: str | os.PathLike, line: int | None = None) -> np.ndarray:
    """Parse one drawing of `read_lines` as movements (n, 3) float32; path and line are for its DataError."""
    value = parse_json(text, path, line, expected=DRAWING)
    try:
        return movements(_lines_of(value))
    except (ValueError, TypeError, IndexError, KeyError, OverflowError) as error:
        raise DataError(path, line, DRAWING, f"{text:.60}") from error


def _lines_of(value: Any) -> list:
    """Lines of points; Quick, Draw! has a list of x and one of y for each, and in its raw files one of times."""
    if not isinstance(value, dict):
        return list(value)
    return [list(zip(line[0], line[1], strict=True)) for line in value["drawing"] if len(line[0]) > 1]


def _lacks_arrays(head: Head) -> str:
    return "" if head.content.startswith(b"PK\3\4") else "it is no .npz file"


def _lacks_lines(head: Head) -> str:
    is_drawing = head.first.replace(" ", "").startswith("[[[") or '"drawing"' in head.first
    return "" if is_drawing else "line 1 is no [[[x, y], ...], ...]"


ARRAYS = Format("an .npz file of movements by split", _lacks_arrays, read)
LINES = Format("JSON lines of drawings", _lacks_lines, read_lines)
