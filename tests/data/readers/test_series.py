import gzip
import tracemalloc

import numpy as np
import pytest

from zoo.data.readers import series
from zoo.storage.files import DataError


def write(folder, text, name="series.csv"):
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_times_and_columns(tmp_path):
    path = write(tmp_path, '"Month","a","b"\n"1949-11",1,-2.5\n"1949-12",3,1e3\n"1950-01",5,0\n')
    found = series.read(path)
    assert found.columns == ("a", "b")
    assert found.times.tolist() == np.array(["1949-11", "1949-12", "1950-01"], "datetime64[M]").tolist()
    assert found.values.tolist() == [[1, -2.5], [3, 1000], [5, 0]]
    assert found.repaired == 0
    (tmp_path / "zipped.csv.gz").write_bytes(gzip.compress(path.read_bytes()))
    np.testing.assert_array_equal(series.read(tmp_path / "zipped.csv.gz").values, found.values)


def test_what_is_missing_is_filled_in_and_counted(tmp_path):
    rows = [f"2020-01-{day:02d},{2 * day},{-day}" for day in range(1, 21)]
    rows[4] = "2020-01-05,,-5"
    rows[9] = "2020-01-10,nan,NA"
    del rows[14:16]
    with pytest.warns(UserWarning, match=r"7 missing numbers were filled in .* \(2 rows were missing\)"):
        found = series.read(write(tmp_path, "day,a,b\n" + "\n".join(rows)))
    days = np.arange(1, 21)
    np.testing.assert_allclose(found.values, np.stack([2 * days, -days], axis=1))
    assert found.times[-1] == np.datetime64("2020-01-20")
    assert found.repaired == 7


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("t,a\n2020-01-01,1\n2020-01-02,warm\n2020-01-03,3\n", r"series.csv:3.*a number in column 'a'.*'warm'"),
        ("t,a\n2020-01-01,1\n2020-01-02,inf\n2020-01-03,3\n", r"series.csv:3.*a finite number.*'inf'"),
        ("t,a\n2020-01-01,1\nyesterday,2\n2020-01-03,3\n", r"series.csv:3.*times as.*'yesterday'"),
        ("t,a\n2020-01-02,1\n2020-01-01,2\n2020-01-03,3\n", r"series.csv:3.*a time after 2020-01-02.*sort the rows"),
        ("t,a\n2020-01-01,1\n2020-01-01,2\n2020-01-03,3\n", r"series.csv:3.*a time after 2020-01-01"),
        ("t,a\n2020-01-01,1\n2020-01-02,2,3\n2020-01-03,3\n", r"series.csv:3.*2 fields as in the header"),
        ("t,a\n2020-01-01,1\n2020-01-02,2\n", r"series.csv.*three rows or more.*2"),
        ("t\n2020-01-01\n", r"series.csv:1.*a column of times and one or more of numbers"),
        ("t,a\n2020-01-01,\n2020-01-02,2\n2020-01-03,3\n2020-01-04,3\n2020-01-05,3\n", r"a first and a last number"),
        ("t,a\n2020-01-01,1\n2020-01-02,\n2020-01-03,3\n", r"at most a fifth missing.*33% missing"),
        (
            "t,a\n2020-01-01T00,1\n2020-01-01T06,1\n2020-01-01T12,1\n2020-01-01T13,1\n2020-01-01T19,1\n",
            r"series.csv:5.*times 6 hours apart",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, message):
    with pytest.raises(DataError, match=message):
        series.read(write(tmp_path, text))


@pytest.mark.real_data
def test_public_series(real_data):
    folder = real_data / "univariate_series"
    assert series.read(folder / "airline-passengers.csv").values.shape == (144, 1)
    assert series.read(folder / "monthly-sunspots.csv").values.shape == (2820, 1)
    with pytest.warns(UserWarning, match="2 rows were missing"):  # the last days of two leap years
        assert series.read(folder / "daily-min-temperatures.csv").values.shape == (3652, 1)
    found = series.read(real_data / "ett_h1" / "ETTh1.csv.gz")
    assert (found.values.shape, found.columns[-1]) == ((17420, 7), "OT")


@pytest.mark.parametrize(
    ("name", "rows", "last"),
    [
        ("dates/month_starts.csv", 180, "2019-12-01"),
        ("dates/weekdays.csv", 699, "2017-09-08"),
        ("dates/compact.csv", 300, "2024-10-26"),
        ("perfect_season/tides.csv", 600, "2002-08-23"),
        ("tables/dollar_column.csv", 500, "2002-05-15"),
    ],
)
def test_no_row_is_missing_in_regular_dates(cases, name, rows, last):
    found = series.read(cases / name)
    assert (len(found.times), len(found.values), found.repaired) == (rows, rows, 0)
    assert str(found.times[-1]) == last


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("dates/local_autumn.csv", r"autumn.csv:29: expected .*clock change.*with UTC offsets.*02:00: an hour twice"),
        ("tables/twice.csv", r"twice.csv:1: expected .*different names.*found 'v' 2 times"),
        ("damaged/series.csv-514-a.csv", r"a.csv:30: expected times as 1949.*found '11111111111951-05'"),
    ],
)
def test_a_table_that_is_refused(cases, name, message):
    with pytest.raises(DataError, match=message):
        series.read(cases / name)


def test_a_dot_is_a_missing_number(cases):
    with pytest.warns(UserWarning, match="1 missing numbers"):
        found = series.read(cases / "tables" / "fred.csv")
    assert found.values[:, 0].tolist() == [*range(40)]


@pytest.mark.parametrize("mark", ["", " ", ".", "#N/A", "n/a", "NA", "<NA>", "NaN", "null", "None", "..", ":", "-"])
def test_marks_of_missing_numbers(tmp_path, mark):
    rows = [f"202{year},{mark if year == 3 else year}" for year in range(8)]
    with pytest.warns(UserWarning, match="1 missing numbers"):
        found = series.read(write(tmp_path, "year,a\n" + "\n".join(rows)))
    assert found.values[:, 0].tolist() == [*range(8)]


@pytest.mark.parametrize("text", ["1_5", "1_000.0", "0x10", "1,5", "1 5", "#VALUE!"])
def test_what_is_no_number(tmp_path, text):
    path = write(tmp_path, f"t\ta\n2000\t1\n2001\t{text}\n2002\t3\n", "series.tsv")
    with pytest.raises(DataError, match=f"series.tsv:3.*a number in column 'a', found '{text}'"):
        series.read(path)


def test_blank_lines_and_blanks_around_names_are_passed_over(tmp_path):
    found = series.read(write(tmp_path, "t, a , b\n2000,1,2\n\n2001,3,4\n,,\n2002,5,6\n\n"))
    assert found.columns == ("a", "b")
    assert found.values.tolist() == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize(
    ("dates", "line"),
    [
        (["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "9999-01-01"], 6),
        (["2024-01-01", "9998-01-01", "9998-01-02", "9998-01-03", "9998-01-04"], 3),
        (["2024-01-01T00:00:00.000001", "2024-01-01T00:00:00.000002", "9999-01-01T00:00:00.000003"], 4),
        (["2024-01", "2024-02", "2024-03", "9999-12"], 5),
        (["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "9999-01-01"], 7),  # working days
        (["0", "1", "2", "3", "999999999"], 6),  # numbers of rows
    ],
)
def test_a_far_away_date_is_refused_without_memory(tmp_path, dates, line):
    path = write(tmp_path, "t,a\n" + "".join(f"{date},1\n" for date in dates))
    tracemalloc.start()
    with pytest.raises(DataError, match=f"series.csv:{line}: expected at most a fifth .* missing, most of them"):
        series.read(path)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_hourly_rows_with_offsets_go_on_through_a_clock_change(tmp_path):
    utc = np.datetime64("2023-10-28T22:00") + np.arange(6) * np.timedelta64(1, "h")
    local = [
        f"{time + np.timedelta64(2 - late, 'h')}+0{2 - late}:00"
        for late, time in zip([0, 0, 0, 1, 1, 1], utc, strict=True)
    ]
    found = series.read(write(tmp_path, "t,a\n" + "".join(f"{time},1\n" for time in local)))
    assert (found.times == utc).all() and found.repaired == 0


@pytest.mark.parametrize("mark", ["1.#QNAN", "-1.#IND", "NaT", "\u2013", "n.a."])
def test_marks_of_a_missing_number(tmp_path, mark):
    rows = "".join(f"2020-01-{day:02d},{mark if day == 5 else day}\n" for day in range(1, 29))
    with pytest.warns(UserWarning, match="1 missing numbers"):
        found = series.read(write(tmp_path, f"date,v\n{rows}"))
    assert found.values[:, 0].tolist() == list(range(1, 29))


@pytest.mark.parametrize(
    ("texts", "steps"),
    [
        ([f"2020-W{week:02d}" for week in range(50, 54)] + ["2021-W01"], 7),
        (["Nov 2019", "Dec 2019", "Jan 2020", "Feb 2020"], 1),
        (["2019-S1", "2019-S2", "2020-S1"], 6),
    ],
)
def test_times_as_offices_of_statistics_write_them(tmp_path, texts, steps):
    rows = "".join(f"{text},{number}\n" for number, text in enumerate(texts))
    found = series.read(write(tmp_path, f"date,v\n{rows}"))
    assert np.diff(found.times).astype(int).tolist() == [steps] * (len(texts) - 1)
