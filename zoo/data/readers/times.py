"""Times as tables write them: ISO 8601, also compact, with or without UTC offsets; years, halves, quarters, months by
name or as 2020M01, weeks; Unix time.
"""

import os
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from zoo.storage.files import DataError

# The year comes first: 01/02/2024 could be in January or in February.
TIME = re.compile(
    r"(?P<year>\d{4})"
    r"(?:[- ]?Q(?P<quarter>[1-4])|[- ]?[HS](?P<half>[12])|[- ]?M(?P<numbered>\d\d?)"
    r"|-?W(?P<week>\d\d)(?:-?(?P<weekday>[1-7]))?|-?(?P<ordinal>\d{3})"
    r"|(?:(?P<separator>[-/.])(?P<month>\d\d?)(?:(?P=separator)(?P<day>\d\d?))?|(?P<compact>\d\d(?:\d\d)?))"
    r"(?:(?:T|\s+)(?P<hour>\d\d?)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?)?"
    r"\s*(?P<offset>Z|UTC|[-+]\d\d(?::?\d\d)?)?)?)",
    re.ASCII | re.IGNORECASE,
)
# "Jan 2020", "5 January 2020", "5-Jan-2020", "2020 JAN", "2020-Jan-05", "Jan 5, 2020"; "Q1 2020".
MONTHS = "january february march april may june july august september october november december".split()
NAME = r"(?P<name>[A-Za-z]{3,9})\.?"
NAMED = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        rf"(?:(?P<day>\d\d?)[- /.]+)?{NAME}[- /,]+(?P<year>\d{{4}})",
        rf"(?P<year>\d{{4}})[- /.]*{NAME}(?:[- /.]+(?P<day>\d\d?))?",
        rf"{NAME} +(?P<day>\d\d?),? +(?P<year>\d{{4}})",
        r"Q(?P<quarter>[1-4])[- /]+(?P<year>\d{4})",
    )
)
# Seconds or milliseconds since 1970, from 2001 to 2030.
UNIX_TIME = re.compile(r"1[0-8]\d{8}(\d{3})?", re.ASCII)
YEAR, ROW_NUMBER = re.compile(r"\d{1,4}", re.ASCII), re.compile(r"\d{1,9}", re.ASCII)
EXPECTED = (
    "times as 1949, 1949-Q1, 1949-01, Jan 1949, 1949-W01, 1981-01-31, 19810131, 2016-07-01 00:00:00 or "
    "2016-07-01T00:00+02:00 (write the year first)"
)


def parse_times(path: str | os.PathLike, lines: Sequence[int | None], texts: Sequence[str]) -> tuple[np.ndarray, bool]:
    """Return the times of a column, and whether they have UTC offsets.

    With offsets they are in UTC; if they are all at one time of the day, they stay local.

    Args:
        path, lines: the file, and the line of each text, for errors.
        texts: the column. If it begins with 0 or 1 it counts rows, as years from then on.
    Returns:
        (N,) datetime64 in the finest unit of the texts, microseconds at most; and a boolean.
    Raises:
        DataError: a text that is no time, or UTC offsets in some rows only.
    """
    years = ROW_NUMBER if texts[0].strip() in ("0", "1") else YEAR
    clocks, offsets = [], []
    for line, text in zip(lines, texts, strict=True):
        try:
            clock, offset = _parse(text.strip(), years)
        except ValueError as error:
            raise DataError(path, line, EXPECTED, repr(text)) from error
        clocks.append(clock)
        offsets.append(offset)
        if (offset is None) != (offsets[0] is None):
            raise DataError(path, line, "UTC offsets in all rows or in none", repr(text))
    times = np.array(clocks)
    if offsets[0] is None:
        return times, False
    times_of_day = times - times.astype("datetime64[D]")
    if (times_of_day == times_of_day[0]).all():  # days as people live them: in UTC their length changes with the clock
        return times, True
    return times - np.array(offsets, "timedelta64[m]"), True


def _parse(text: str, years: re.Pattern) -> tuple[np.datetime64, int | None]:
    """The time on the clock, and its UTC offset in minutes."""
    if years.fullmatch(text):
        return np.datetime64(int(text) - 1970, "Y"), None
    if UNIX_TIME.fullmatch(text):
        return np.datetime64(int(text), "s" if len(text) == 10 else "ms"), 0
    match = next(filter(None, (pattern.fullmatch(text) for pattern in (TIME, *NAMED))), None)
    if match is None:
        raise ValueError(text)
    part: dict[str, Any] = dict.fromkeys(TIME.groupindex) | match.groupdict()
    if part["week"]:  # its Monday, if it names no day
        weekday = int(part["weekday"] or 1)
        return np.datetime64(date.fromisocalendar(int(part["year"]), int(part["week"]), weekday)), None
    if part["ordinal"]:
        day_of_year = np.datetime64(f"{part['year']}-01-01") + (int(part["ordinal"]) - 1)
        if not part["ordinal"].strip("0") or str(day_of_year)[:4] != part["year"]:
            raise ValueError(text)
        return day_of_year, None
    month, day = part["month"] or part["numbered"], part["day"]
    if part.get("name"):
        month = str(_month(part["name"]))
    elif part["quarter"]:
        month = str(3 * int(part["quarter"]) - 2)
    elif part["half"]:
        month = str(6 * int(part["half"]) - 5)
    elif part["compact"]:
        month, day = part["compact"][:2], part["compact"][2:]
    iso = f"{part['year']}-{int(month):02d}"
    if day:
        iso += f"-{int(day):02d}"
    if part["hour"]:
        clock = ":".join(part[name] for name in ("minute", "second") if part[name])
        iso += f"T{int(part['hour']):02d}" + (f":{clock}" if clock else "")
    if part["fraction"]:
        iso += f".{part['fraction'][:6]}"  # nanoseconds would end in the year 2262
    return np.datetime64(iso), _minutes(part["offset"])


def _month(name: str) -> int:
    """The number of a month by its English name, or by three letters or more of it."""
    months = [number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower())]
    if not months:
        raise ValueError(name)
    return months[0]


def _minutes(offset: str | None) -> int | None:
    if offset is None:
        return None
    digits = re.sub(r"\D", "", offset).ljust(4, "0")
    return (-1 if offset[0] == "-" else 1) * (60 * int(digits[:2]) + int(digits[2:]))
