"""Regular steps in time: equal distances, whole months (quarters, years), and working days."""

import os
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from zoo.storage.files import DataError

# More missing rows or numbers are no gaps to fill: the bound on what one far-away time makes of a short table.
MAX_MISSING_SHARE = 0.2
# Monday to Friday, Sunday to Thursday, Monday to Saturday.
WORKING_WEEKS = ("1111100", "1111001", "1111110")
# Days by which the first and the last working day of a month move.
MONTH_SLACK = 3
HOUR = np.timedelta64(1, "h")

Scale = tuple[np.ndarray, Callable[[np.ndarray], np.ndarray] | None]


def find_steps(
    path: str | os.PathLike, lines: Sequence[int | None], times: np.ndarray, *, utc: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return the step at which each row stands, and the times of all steps from the first row to the last.

    Args:
        path, lines: the file, and the line of each row, for errors.
        times: (N,) datetime64, two or more.
        utc: whether they are known to be UTC, which has no clock changes.
    Returns:
        (N,) int64 that rise from 0, and (T,) datetime64. A working day without a row is no step, but a holiday.
    Raises:
        DataError: a time that does not come after the one before it; a clock change; a time between two steps; more
            than `MAX_MISSING_SHARE` of the steps without a row.
    """
    step = _commonest(np.diff(times))
    _check_order(path, lines, times, step, utc)
    for numbers, to_times in _scales(times, step):
        length = _commonest(np.diff(numbers))
        if not ((numbers - numbers[0]) % length).any():
            steps = (numbers - numbers[0]) // length
            _check_gaps(path, lines, times, steps)
            if to_times is None:
                return np.arange(len(times)), times
            grid = to_times(numbers[0] + length * np.arange(steps[-1] + 1)).astype(times.dtype)
            grid[steps] = times
            return steps, grid
    row = np.flatnonzero((times - times[0]) % step != np.timedelta64(0))[0]
    rule = f"times {step} apart, as most are, or at whole months or working days"
    raise DataError(path, lines[row], rule, f"{times[row]}")


def _commonest(differences: np.ndarray):
    values, counts = np.unique(differences[differences > differences.dtype.type(0)], return_counts=True)
    return values[counts.argmax()] if len(values) else differences.dtype.type(1)


def _check_order(path, lines, times, step, utc):
    jumps = np.diff(times)
    changes = np.zeros(len(jumps), bool)
    if not utc and np.datetime_data(times.dtype)[0] not in "YMWD":
        changes = (np.abs(jumps - step) == HOUR) & _clock_may_change(times[:-1] + step)
    for row in np.flatnonzero(changes | (jumps <= np.timedelta64(0)))[:1]:
        line, before, time = lines[row + 1], times[row], times[row + 1]
        if not changes[row]:
            raise DataError(
                path,
                line,
                f"a time after {before}, the one before",
                f"{time}: sort the rows, or correct one of the two",
            )
        raise DataError(
            path,
            line,
            f"times {step} apart through a clock change (write them with UTC offsets, as {before}+01:00, or in UTC, "
            f"as {before}Z)",
            f"{time} after {before}: an hour {'missing' if jumps[row] > step else 'twice'}, as in local times",
        )


def _clock_may_change(times: np.ndarray) -> np.ndarray:
    """Return whether clocks are changed at such times somewhere: in a night before Sunday or Friday, in spring or
    autumn.
    """
    days = times.astype("datetime64[D]")
    weekdays = (days.astype("int64") + 3) % 7  # 0 is Monday; 1970-01-01 was a Thursday
    months = times.astype("datetime64[M]").astype("int64") % 12 + 1
    return np.isin(weekdays, (4, 6)) & np.isin(months, (3, 4, 9, 10, 11)) & (times - days <= 4 * HOUR)


def _check_gaps(path, lines, times, steps):
    missing = int(steps[-1]) + 1 - len(steps)
    if missing > MAX_MISSING_SHARE * (int(steps[-1]) + 1):
        row = int(np.diff(steps).argmax()) + 1
        raise DataError(
            path,
            lines[row],
            f"at most a fifth of the rows missing, as {len(times):,} rows can be completed",
            f"{missing:,} missing, most of them between {times[row - 1]} and {times[row]}",
        )


def _scales(times: np.ndarray, step: np.timedelta64) -> Iterator[Scale]:
    """Yield whole numbers that may count the steps, with the way back to times; those on which all rows lie are right.

    Where there is no way back, the rows are all steps that there are.
    """
    days = times.astype("datetime64[D]")
    clocks = times - days
    # Months and years count themselves.
    has_dates = np.datetime_data(times.dtype)[0] not in "YM" and (clocks == clocks[0]).all()
    if has_dates:
        yield from _months(days, clocks[0], slack=0)
    if has_dates and step == np.timedelta64(1, "D"):
        yield from _working_days(days)
    yield times.astype("int64"), lambda numbers: numbers.astype(times.dtype)
    if has_dates:  # after equal distances, as four weeks are about a month
        yield from _months(days, clocks[0], slack=MONTH_SLACK)


def _months(days: np.ndarray, clock: np.timedelta64, slack: int) -> Iterator[Scale]:
    """One row a month at most, always as far from its first or from its last day, give or take `slack` days."""
    months = days.astype("datetime64[M]")
    since = (days - months.astype("datetime64[D]")).astype("int64")
    until = ((months + 1).astype("datetime64[D]") - days).astype("int64")

    def to_times(numbers: np.ndarray) -> np.ndarray:
        begin = numbers.astype("datetime64[M]")
        last = (begin + 1).astype("datetime64[D]") - 1
        return np.minimum(begin.astype("datetime64[D]") + since.max(), last) + clock

    if (np.diff(months.astype("int64")) > 0).all() and min(np.ptp(since), np.ptp(until)) <= slack:
        yield months.astype("int64"), to_times


def _working_days(days: np.ndarray) -> Iterator[Scale]:
    """Each row is a step: a working day without a row is a holiday, of which every exchange has its own."""
    for week in WORKING_WEEKS:
        if np.is_busday(days, weekmask=week).all():
            yield np.busday_count(days[0], days, weekmask=week), None
