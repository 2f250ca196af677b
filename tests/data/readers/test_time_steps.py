"""Steps of every length, gaps that are rows and gaps that are holidays, and clocks that are changed."""

import numpy as np
import pytest

from zoo.data.readers.time_steps import find_steps
from zoo.storage.files import DataError

DAYS = np.arange("2023-01-02", "2026-01-01", dtype="datetime64[D]")
MONTHS = np.arange("2020-01", "2024-01", dtype="datetime64[M]")
STARTS = MONTHS.astype("datetime64[D]")
ENDS = (MONTHS + 1).astype("datetime64[D]") - 1


def find(times, **options):
    times = np.asarray(times)
    steps, grid = find_steps("mine.csv", range(2, 2 + len(times)), times, **options)
    np.testing.assert_array_equal(grid[steps], times)
    assert grid.dtype == times.dtype and (np.diff(grid) > np.timedelta64(0)).all()
    return steps, grid


@pytest.mark.parametrize(
    "times",
    [
        STARTS,
        ENDS,
        STARTS + 14,
        np.minimum(STARTS + 29, ENDS),  # the 30th, and the last of February
        np.busday_offset(STARTS, 0, roll="forward"),
        np.busday_offset(ENDS, 0, roll="backward"),
        MONTHS,
        MONTHS[::3],
        STARTS[::3],
        ENDS[2::3],
        STARTS[::12],
        ENDS[11::12],
        MONTHS.astype("datetime64[Y]")[::12],
        ENDS + np.timedelta64(16, "h"),
        DAYS,
        DAYS[::7],
        DAYS[::28],
        DAYS[np.is_busday(DAYS)],
        DAYS[np.is_busday(DAYS, weekmask="1111001")],
        DAYS[np.is_busday(DAYS, weekmask="1111110")],
        DAYS[np.is_busday(DAYS)] + np.timedelta64(16, "h"),
        DAYS[:50].astype("datetime64[h]"),
        np.datetime64("2024-01-01T00:00") + np.arange(50) * np.timedelta64(15, "m"),
        np.datetime64("2024-01-01T00:00:00.000000") + np.arange(50) * np.timedelta64(33_333, "us"),
    ],
)
def test_regular_times_have_no_gaps(times):
    steps, grid = find(times)
    assert len(grid) == len(times)
    np.testing.assert_array_equal(steps, np.arange(len(times)))


@pytest.mark.parametrize("times", [STARTS, ENDS, STARTS[::3], ENDS[::3], MONTHS, DAYS[::7], DAYS[:60]])
def test_a_missing_row_is_put_where_it_was(times):
    steps, grid = find(np.delete(times, [3, 4, 8]))
    np.testing.assert_array_equal(grid, times)
    assert steps.tolist() == np.delete(np.arange(len(times)), [3, 4, 8]).tolist()


def test_a_holiday_is_no_step():
    days = DAYS[np.is_busday(DAYS, holidays=["2023-04-07", "2023-12-25", "2023-12-26"])]
    steps, grid = find(days)
    np.testing.assert_array_equal(steps, np.arange(len(days)))
    np.testing.assert_array_equal(grid, days)


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ([2, 1, 3], "mine.csv:3: expected a time after 1970-01-03, the one before, found 1970-01-02: sort the rows"),
        ([1, 2, 2], "mine.csv:4: expected a time after"),
        ([3, 2, 1], "mine.csv:3: expected a time after"),
        ([1, 3, 5, 7, 8], "mine.csv:6: expected times 2 days apart, as most are, .* found 1970-01-09"),
        ([1, 2, 3, 4, 5, 10**6], "mine.csv:7: expected at most a fifth .*, as 6 rows .* 999,994 missing"),
    ],
)
def test_irregular_times_are_refused_with_their_line(times, message):
    with pytest.raises(DataError, match=message):
        find(np.array(times, "datetime64[D]"))


def local(begin, change, shift, minutes):
    """Times of a clock that is turned at an instant by an hour."""
    times = np.datetime64(begin) + np.arange(48 * 60 // minutes) * np.timedelta64(minutes, "m")
    return np.where(times >= np.datetime64(change), times + np.timedelta64(shift, "h"), times)


@pytest.mark.parametrize("minutes", [15, 30, 60, 180])
@pytest.mark.parametrize(
    ("begin", "change", "shift"),
    [
        ("2023-10-28T00:00", "2023-10-29T03:00", -1),  # Central Europe
        ("2024-03-30T00:00", "2024-03-31T02:00", 1),
        ("2023-11-04T00:00", "2023-11-05T02:00", -1),  # the United States
        ("2024-03-09T00:00", "2024-03-10T02:00", 1),
        ("2024-04-06T00:00", "2024-04-07T03:00", -1),  # Australia
        ("2024-10-05T00:00", "2024-10-06T02:00", 1),
        ("2024-09-07T00:00", "2024-09-08T00:00", 1),  # Chile
    ],
)
def test_a_clock_change_is_named(begin, change, shift, minutes):
    times = local(begin, change, shift, minutes)
    pattern = f"through a clock change .write them with UTC offsets.*an hour {'missing' if shift > 0 else 'twice'}"
    with pytest.raises(DataError, match=pattern):
        find(times)
    # The same at another time of the year, or in UTC, is a row that is missing, or one too many.
    if shift > 0 and minutes == 60:
        assert len(find(times + np.timedelta64(100, "D"))[1]) == len(times) + 1
        assert len(find(times, utc=True)[1]) == len(times) + 1
