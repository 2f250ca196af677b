import gzip

import numpy as np
import pytest

from zoo.data.files import DataError
from zoo.data.readers import series


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
        ("t,a\n2020-01-01,1\nyesterday,2\n2020-01-03,3\n", r"series.csv:3.*a time as.*'yesterday'"),
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
