"""Times by every way of writing them, and what is none."""

import warnings

import numpy as np
import pytest

from zoo.data.readers.times import parse_times
from zoo.storage.files import DataError


def parse(*texts):
    return parse_times("mine.csv", range(2, 2 + len(texts)), texts)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("1949", "1949"),
        ("801", "0801"),
        ("1949-11", "1949-11"),
        ("194911", "1949-11"),
        ("1949-Q2", "1949-04"),
        ("1949 q4", "1949-10"),
        ("1949Q1", "1949-01"),
        ("Q1 2000", "2000-01"),
        ("2000-S2", "2000-07"),
        ("2000H1", "2000-01"),
        ("2000M02", "2000-02"),
        ("2000-M12", "2000-12"),
        ("Jan 2019", "2019-01"),
        ("2019 DEC", "2019-12"),
        ("2019Sept", "2019-09"),
        ("05-Jan-2020", "2020-01-05"),
        ("5 January 2020", "2020-01-05"),
        ("Jan 5, 2020", "2020-01-05"),
        ("2020-Feb-05", "2020-02-05"),
        ("2020-W01", "2019-12-30"),
        ("2020W53", "2020-12-28"),
        ("2020-W53-7", "2021-01-03"),
        ("2020W011", "2019-12-30"),
        ("2020-001", "2020-01-01"),
        ("2020366", "2020-12-31"),
        ("2024-01-31", "2024-01-31"),
        ("20240131", "2024-01-31"),
        ("2024/1/5", "2024-01-05"),
        ("2024.01.05", "2024-01-05"),
        (" 2016-07-01 00:00:00 ", "2016-07-01T00:00:00"),
        ("2016-07-01T05", "2016-07-01T05"),
        ("2016-07-01 5:30", "2016-07-01T05:30"),
        ("20160701T0530", "2016-07-01T05:30"),
        ("20160701T053015", "2016-07-01T05:30:15"),
        ("2016-07-01T05:30:15.5", "2016-07-01T05:30:15.500"),
        ("2016-07-01T05:30:15.123456789", "2016-07-01T05:30:15.123456"),
    ],
)
def test_a_time_in_its_own_unit(text, time):
    times, utc = parse(text)
    assert (times[0], times.dtype, utc) == (np.datetime64(time), np.datetime64(time).dtype, False)


@pytest.mark.parametrize(
    "text",
    """
    yesterday|now|NaT||19490|1949-13|194913|2024-02-30|20240230|2024-0101|01/02/2024|2024-01-01T25:00|2024-01-01T00:00+1
    |2021-W53|2020-W00|2020-W1|2020-W01-8|2021-366|2020-000|2000-S3|2000M13|Q5 2000|Foo 2020|32 Jan 2020|5 2020
    |2024-01+01:00|-1949|11111111111951-05|\u0661949|1_949|1900000000
    """.replace("\n", "").split("|"),
)
def test_what_is_no_time_is_refused_with_its_line(text):
    with pytest.raises(DataError, match=r"mine.csv:3: expected times as 1949.*write the year first") as error:
        parse("1949", text)
    assert error.value.received == repr(text)


@pytest.mark.parametrize("offset", ["+02:00", "+0200", "+02", " +02:00"])
def test_offsets_are_taken_off_without_a_warning(offset):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        times, utc = parse(f"2024-03-31T01:00{offset}", "2024-03-31T02:30-05:30")
    assert times.tolist() == np.array(["2024-03-30T23:00", "2024-03-31T08:00"], "datetime64[m]").tolist()
    assert utc


@pytest.mark.parametrize("zone", ["Z", "z", " UTC", "+00:00", "-0000"])
def test_utc_is_an_offset_of_nothing(zone):
    times, utc = parse(f"2024-03-31T01:00{zone}")
    assert (str(times[0]), utc) == ("2024-03-31T01:00", True)


@pytest.mark.parametrize("text", ["1704067200", "1704067200000"])
def test_unix_time_is_utc(text):
    times, utc = parse(text)
    assert (times[0], utc) == (np.datetime64("2024-01-01"), True)


@pytest.mark.parametrize("time", ["00:00", "17:30"])
def test_days_with_offsets_stay_days(time):
    times, utc = parse(f"2024-03-30T{time}+01:00", f"2024-03-31T{time}+02:00", f"2024-04-01T{time}+02:00")
    assert times.astype(str).tolist() == [f"2024-03-30T{time}", f"2024-03-31T{time}", f"2024-04-01T{time}"]
    assert utc


def test_offsets_are_in_all_rows_or_in_none():
    with pytest.raises(DataError, match=r"mine.csv:3: expected UTC offsets in all rows or in none"):
        parse("2024-03-30T00:00+01:00", "2024-03-31T00:00")


def test_rows_may_be_counted():
    times, _ = parse("0", "1", "202401", "20240101")
    assert np.diff(times).astype(int).tolist() == [1, 202400, 20037700]


def test_the_finest_unit_is_that_of_all():
    times, _ = parse("2024-01-01", "2024-01-01 06:00")  # R leaves midnight out
    assert times.astype(str).tolist() == ["2024-01-01T00:00", "2024-01-01T06:00"]
