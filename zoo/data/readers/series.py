"""Series of numbers over time: tables of a column of times and columns of numbers, .csv or .tsv, plain or gzipped."""

import math
import os
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zoo.data.files import DataError
from zoo.data.readers.table import rows

# What a person may write for "nothing was measured".
MISSING = ("", "na", "nan", "null", "none", "-", "?")
# A column of which more is missing is no series.
MOST_MISSING = 0.2


@dataclass(frozen=True)
class Series:
    """Numbers at equal distances in time.

    Args:
        times: (N,) datetime64, rising by one step each.
        values: (N, D) float64.
        columns: the D names.
        repaired: how many numbers were filled in.
    """

    times: np.ndarray
    values: np.ndarray
    columns: tuple[str, ...]
    repaired: int = 0


def read(path: str | os.PathLike, *, encoding: str = "utf-8") -> Series:
    """Reads a table whose first column is a time (ISO: 1949-01, 1981-01-01, 2016-07-01 00:00:00) and whose others are
    numbers.

    A number that is missing, and a row that is missing where the times go on in the same steps, is filled in on the
    line between its neighbours; how many were is said by a warning.

    Args:
        path: a file named .csv, .tsv, .csv.gz or .tsv.gz, with a header.
        encoding: of the file.
    Raises:
        DataError: another name; fewer than two columns or three rows; a row of another width; a time that is none, that
            does not come after the one before it, or that lies between two steps; a text in a column of numbers; a
            column of which more than a fifth is missing, or an end of it.
    """
    table = rows(path, encoding)
    line, header = next(table, (1, []))
    if len(header) < 2:
        raise DataError(path, line, "a header: a column of times and one or more of numbers", f"{header}")
    lines, times, values = [], [], []
    for line, row in table:
        if len(row) != len(header):
            raise DataError(path, line, f"{len(header)} fields as in the header", f"{len(row)}: {row!s:.60}")
        lines.append(line)
        times.append(_time(path, line, row[0]))
        values.append([_number(path, line, name, text) for name, text in zip(header[1:], row[1:], strict=True)])
        if len(times) > 1 and not times[-1] > times[-2]:
            raise DataError(path, line, f"a time after {times[-2]}, the one before", f"{times[-1]}: sort the rows")
    if len(times) < 3:
        raise DataError(path, line, "three rows or more below the header", f"{len(times)}")
    return whole(path, np.array(times), np.array(values), tuple(header[1:]), lines=lines)


def whole(
    path: str | os.PathLike,
    times: np.ndarray,
    given: np.ndarray,
    columns: tuple[str, ...],
    *,
    lines: Sequence[int | None] | None = None,
) -> Series:
    """A series of rows in the order of time, with what is missing filled in, see `read`.

    Args:
        path: where they come from, and `lines` of it, for errors.
        times: (N,) datetime64, three or more that rise.
        given: (N, D), NaN where there is no number.
        columns: the D names.
    Raises:
        DataError: as in `read`.
    """
    steps, step = _regular(path, lines or [None] * len(times), times)
    filled = np.full((steps[-1] + 1, given.shape[1]), np.nan)
    filled[steps] = given
    repaired = _fill(path, filled, columns)
    if repaired:
        missing = len(filled) - len(given)
        warnings.warn(
            f"{path}: {repaired} missing numbers were filled in on the line between their neighbours"
            + (f" ({missing} rows were missing)." if missing else "."),
            stacklevel=3,
        )
    return Series(times[0] + step * np.arange(len(filled)), filled, columns, repaired)


def _time(path, line, text):
    try:
        return np.datetime64(text.strip())
    except ValueError as error:
        raise DataError(path, line, "a time as 1949-01, 1981-01-01 or 2016-07-01 00:00:00", repr(text)) from error


def _number(path, line, name, text):
    if text.strip().lower() in MISSING:
        return math.nan
    try:
        number = float(text)
    except ValueError as error:
        raise DataError(path, line, f"a number in column {name!r}", repr(text)) from error
    if not math.isfinite(number):
        raise DataError(path, line, f"a finite number in column {name!r}", repr(text))
    return number


def _regular(path, lines, times):
    """Which step of the commonest length each time is at, and that length."""
    lengths = np.diff(times)
    step, _ = Counter(lengths.tolist()).most_common(1)[0]
    step = lengths[[length.tolist() == step for length in lengths]][0]
    off = np.flatnonzero((times - times[0]) % step != np.timedelta64(0))
    if len(off):
        raise DataError(path, lines[off[0]], f"times {step} apart, as most are", f"{times[off[0]]}")
    return ((times - times[0]) // step).astype("int64"), step


def _fill(path, values, columns) -> int:
    """Puts numbers where there are none, on the line between the neighbours; how many."""
    missing = np.isnan(values)
    places = np.arange(len(values))
    for number, name in enumerate(columns):
        gaps = missing[:, number]
        if gaps.mean() > MOST_MISSING:
            raise DataError(path, None, f"column {name!r} with at most a fifth missing", f"{gaps.mean():.0%} missing")
        if gaps[0] or gaps[-1]:
            raise DataError(path, None, f"column {name!r} with a first and a last number", "none: cut the rows off")
        values[gaps, number] = np.interp(places[gaps], places[~gaps], values[~gaps, number])
    return int(missing.sum())
