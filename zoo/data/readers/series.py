"""Series of numbers over time: tables of a column of times and columns of numbers, .csv or .tsv, plain or gzipped."""

import math
import os
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zoo.data.readers.table import rows
from zoo.data.readers.time_steps import MAX_MISSING_SHARE, find_steps
from zoo.data.readers.times import parse_times
from zoo.storage.files import DataError

# Marks of a missing number, in lower case: of R, pandas, spreadsheets, FRED (.), the World Bank (..), Eurostat (:).
NOT_A_NUMBER = ("nan", "-nan", "nat", "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan", "null", "none")
NOT_AVAILABLE = ("na", "n/a", "n.a.", "<na>", "#n/a", "#na", "#n/a n/a")
MISSING = frozenset(("", ".", "..", ":", "-", "--", "\u2013", "\u2014", "?", *NOT_AVAILABLE, *NOT_A_NUMBER))


@dataclass(frozen=True)
class Series:
    """Numbers at equal distances in time.

    Args:
        times: (N,) datetime64, rising by one step each; of hourly rows with UTC offsets in UTC.
        values: (N, D) float64.
        columns: the D names.
        repaired: how many numbers were filled in.
    """

    times: np.ndarray
    values: np.ndarray
    columns: tuple[str, ...]
    repaired: int = 0


def read(path: str | os.PathLike, *, encoding: str = "utf-8") -> Series:
    """Read a table whose first column is a time (see `zoo.data.readers.times`) and whose others are numbers.

    Rows are steps of one length: seconds to weeks, months, quarters, years (dates on the first, the last or another day
    of the month), or the days of a working week. A number that is missing, and a row that is missing where the times go
    on in the same steps, is filled in on the line between its neighbours; a warning has their number.

    Args:
        path: a file named .csv, .tsv, .csv.gz or .tsv.gz, with a header. Blank lines are passed over.
        encoding: of the file.
    Raises:
        DataError: another name; fewer than two columns or three rows; two columns of one name; a row of another width;
            a time that is none, that does not come after the one before it, or that lies between two steps; a change of
            the clock in local times; a text in a column of numbers; a column of which more than a fifth is missing, or
            an end of it.
    """
    table = rows(path, encoding)
    line, header = next(table, (1, []))
    columns = tuple(name.strip() for name in header[1:])
    if not columns:
        raise DataError(path, line, "a header: a column of times and one or more of numbers", f"{header}")
    name, count = Counter(columns).most_common(1)[0]
    if count > 1:
        rule = "a header of different names (rename or remove a column)"
        raise DataError(path, line, rule, f"{name!r} {count} times")
    lines, times, values = [], [], []
    for line, row in table:
        if len(row) != len(header):
            raise DataError(path, line, f"{len(header)} fields as in the header", f"{len(row)}: {row!s:.60}")
        lines.append(line)
        times.append(row[0])
        values.append([_number(path, line, name, text) for name, text in zip(columns, row[1:], strict=True)])
    if len(times) < 3:
        raise DataError(path, line, "three rows or more below the header", f"{len(times)}")
    return make_series(path, times, np.array(values), columns, lines=lines)


def make_series(
    path: str | os.PathLike,
    times: Sequence[str],
    values: np.ndarray,
    columns: tuple[str, ...],
    *,
    lines: Sequence[int | None] | None = None,
) -> Series:
    """Make a series of rows in the order of time, with what is missing filled in, see `read`.

    Args:
        path: where they come from, and `lines` of it, for errors.
        times: N texts, three or more.
        values: (N, D), NaN where there is no number.
        columns: the D names.
    Raises:
        DataError: as in `read`.
    """
    lines = lines or [None] * len(times)
    moments, utc = parse_times(path, lines, times)
    steps, grid = find_steps(path, lines, moments, utc=utc)
    filled = np.full((len(grid), values.shape[1]), np.nan)
    filled[steps] = values
    repaired = _fill(path, filled, columns)
    if repaired:
        missing = len(filled) - len(values)
        warnings.warn(
            f"{path}: {repaired} missing numbers were filled in on the line between their neighbours"
            + (f" ({missing} rows were missing)." if missing else "."),
            stacklevel=3,
        )
    return Series(grid, filled, columns, repaired)


def _number(path, line, name, text):
    if text.strip().lower() in MISSING:
        return math.nan
    try:
        if "_" in text:  # which Python passes over: 1_5 is 15
            raise ValueError(text)
        number = float(text)
    except ValueError as error:
        raise DataError(path, line, f"a number in column {name!r}", repr(text)) from error
    if not math.isfinite(number):
        raise DataError(path, line, f"a finite number in column {name!r}", repr(text))
    return number


def _fill(path, values, columns) -> int:
    """Put numbers where there are none, on the line between the neighbours; how many."""
    missing = np.isnan(values)
    indices = np.arange(len(values))
    for number, name in enumerate(columns):
        gaps = missing[:, number]
        if gaps.mean() > MAX_MISSING_SHARE:
            raise DataError(path, None, f"column {name!r} with at most a fifth missing", f"{gaps.mean():.0%} missing")
        if gaps[0] or gaps[-1]:
            raise DataError(path, None, f"column {name!r} with a first and a last number", "none: cut the rows off")
        values[gaps, number] = np.interp(indices[gaps], indices[~gaps], values[~gaps, number])
    return int(missing.sum())
