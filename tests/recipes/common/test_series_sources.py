"""Series by name, path and set of TFDS, with their settings; and how they are cut into windows, by hand."""

import gzip
from datetime import date, timedelta

import numpy as np
import pytest

from tests.runs import StoredSet
from zoo.data.featurizers.forecast_windows import ForecastWindows
from zoo.data.readers.series import Series
from zoo.data.synthetic import series as generated
from zoo.recipes.common import series_sources
from zoo.recipes.common.series_sources import GENERATED, KNOWN, Known, cut, load
from zoo.storage.files import DataError

TABLE = "time,a,b\n1949-01,1,10\n1949-02,2,20\n1949-03,3,30\n"
# Row t holds t and 10 t.
ROWS = Series(np.arange(40).astype("datetime64[D]"), np.arange(40.0)[:, None] * [1, 10], ("a", "b"))


def make_windows(**changed):
    options = {"history": 3, "horizon": 2, "season": 4, "means": (0.0, 5.0), "deviations": (1.0, 20.0)}
    return ForecastWindows(("a", "b"), "b", **(options | changed))


def make_settings(**changed):
    return Known("", "b", 3, 2, 4, "training", **changed)


@pytest.fixture
def sets(stored, monkeypatch):
    """Sets of TFDS by name, with the features that are numbers."""

    class NumberedSet(StoredSet):
        @property
        def numbers(self):
            (example, *_) = next(iter(self.parts.values()))
            return [name for name, value in example.items() if not isinstance(value, str)]

    monkeypatch.setattr(series_sources, "DataSet", NumberedSet)
    return stored


def test_a_generated_series_has_its_rows_and_seed():
    table, settings = load("synthetic", None, 30, 3)
    np.testing.assert_array_equal(table.values, generated.generate(30, seed=3).values)
    assert settings is GENERATED
    assert table.columns[0] == settings.target
    assert settings.season == 24  # hours


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_file_brings_its_settings(tmp_path, name):
    for ending, write in (("", str.encode), (".gz", lambda text: gzip.compress(text.encode()))):
        path = tmp_path / (KNOWN[name].file + ending)
        path.write_bytes(write(TABLE))
        assert load(str(path), None, 0, 0)[1] is KNOWN[name]
        # By its folder, too, without a name and with it.
        for choice in (None, name):
            table, settings = load(str(tmp_path), choice, 0, 0)
            assert settings is KNOWN[name]
            assert table.values.tolist() == [[1, 10], [2, 20], [3, 30]]
        path.unlink()


def test_in_any_other_table_the_last_column_is_forecast(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(TABLE)
    table, settings = load(str(path), None, 0, 0)
    assert table.columns == ("a", "b")
    assert settings == Known("mine.csv", "b", 48, 12, 1, "last_value")
    with pytest.raises(FileNotFoundError, match="No such file or folder: .*other.csv"):
        load(str(tmp_path / "other.csv"), None, 0, 0)


def test_a_set_is_put_in_the_order_of_time(sets):
    rows = [{"time": f"19{year}", "load": float(year), "label": "x", "price": 1.0} for year in (53, 50, 52, 54, 51)]
    sets["mine"] = {"train": rows[:3], "test": rows[3:]}
    table, settings = load("tfds:mine", None, 0, 0)
    assert table.values.tolist() == [[year, 1] for year in (50, 51, 52, 53, 54)]
    assert table.times.astype(str).tolist() == ["1950", "1951", "1952", "1953", "1954"]
    assert table.columns == ("load", "price")
    assert settings == Known("tfds:mine", "price", 48, 12, 1, "last_value")


def test_a_set_is_cut_to_its_first_and_last_whole_row(sets):
    values = [np.nan, 1.0, 2.0, np.nan, 4.0, 5.0, np.nan, np.nan]
    sets["blossoms"] = {"train": [{"year": 800 + row, "temp": value} for row, value in enumerate(values)]}
    with pytest.warns(UserWarning, match="tfds:blossoms: 1 missing numbers were filled in"):
        table, settings = load("tfds:blossoms", None, 0, 0)
    assert table.values[:, 0].tolist() == [1, 2, 3, 4, 5]
    assert (str(table.times[0]), settings.target) == ("0801", "temp")


def test_a_set_like_the_generated_series_has_its_settings(sets):
    rows = [{"time": f"2020-01-01T0{hour}", "demand": 1.0, "load": 2.0} for hour in range(4)]
    sets["zoo"] = {"train": rows}
    assert load("tfds:zoo", None, 0, 0)[1] is GENERATED


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"time": "1949", "a": 1.0}, {"time": "1950", "a": 2.0}], "with 2 whole rows of 1 numbers"),
        ([{"time": str(1949 + row)} for row in range(4)], "with 4 whole rows of 0 numbers"),
        ([{"time": str(1949 + row), "a": np.nan, "b": 1.0} for row in range(4)], "with 0 whole rows of 2 numbers"),
    ],
)
def test_a_set_without_three_whole_rows_is_no_series(sets, rows, message):
    sets["short"] = {"train": rows}
    with pytest.raises(ValueError, match=f"Received: tfds:short, {message}"):
        load("tfds:short", None, 0, 0)


@pytest.mark.parametrize("time", ["in spring", -1, 10_000])
def test_times_are_years_or_iso_texts(sets, time):
    sets["timed"] = {"train": [{"time": time, "a": 1.0}] * 3}
    with pytest.raises(DataError, match=f"tfds:timed: expected times as 1949, .* found '{time}'"):
        load("tfds:timed", None, 0, 0)


def test_days_are_read_as_such(sets):
    days = [date(2024, 2, 28) + timedelta(number) for number in range(3)]
    sets["daily"] = {"train": [{"time": day.isoformat(), "a": 1.0} for day in days]}
    assert load("tfds:daily", None, 0, 0)[0].times.tolist() == days


def test_windows_follow_each_other_in_seven_one_and_two_tenths():
    parts = cut(ROWS, make_settings(), make_windows())
    rows = {name: [example["row"] for example in part] for name, part in parts.items()}
    # All of a forecast lies in its part: rows 0 to 27, 28 to 31 and 32 to 39; three rows before it are read.
    assert rows == {"train": [*range(3, 27)], "validation": [28, 29, 30], "test": [*range(32, 39)]}


def test_ends_and_strides_of_a_series_are_respected():
    parts = cut(ROWS, make_settings(rows=(10, 20), end=30, stride=4), make_windows())
    rows = {name: [example["row"] for example in part] for name, part in parts.items()}
    assert rows == {"train": [*range(3, 9)], "validation": [10, 14, 18], "test": [20, 24, 28]}
    # An end behind the last row is the last row.
    parts = cut(ROWS, make_settings(rows=(10, 20), end=99), make_windows())
    assert parts["test"][-1]["row"] == 38


def test_an_example_by_hand():
    parts = cut(ROWS, make_settings(), make_windows())
    example = parts["validation"][1]
    np.testing.assert_array_equal(example["source"], [[26, 260], [27, 270], [28, 280]])
    np.testing.assert_array_equal(example["future"], [290, 300])
    np.testing.assert_allclose(example["target"], [[(290 - 5) / 20], [(300 - 5) / 20]])
    np.testing.assert_array_equal(example["repeated"], [250, 260])  # four rows before
    relative = cut(ROWS, make_settings(), make_windows(normalize_by="last_value"))["validation"][1]
    np.testing.assert_allclose(relative["target"][:, 0], np.array([10, 20]) / np.std([260, 270, 280]), rtol=1e-6)


def test_without_a_season_behind_it_nothing_is_repeated():
    train = cut(ROWS, make_settings(), make_windows(season=6))["train"]
    assert [example["row"] for example in train if "repeated" not in example] == [3, 4, 5]
    np.testing.assert_array_equal(train[3]["repeated"], [0, 10])


def test_a_series_without_room_is_refused():
    with pytest.raises(ValueError, match="Rows 28 to 31 have no room for a forecast of 5 rows"):
        cut(ROWS, make_settings(), make_windows(horizon=5))


def test_a_set_of_months_has_months_as_steps(sets):
    rows = [{"time": f"2024-{month:02d}-01", "a": float(month)} for month in range(1, 13)]
    sets["monthly"] = {"train": rows[6:], "test": rows[:6]}
    assert load("tfds:monthly", None, 0, 0)[0].values[:, 0].tolist() == [*range(1, 13)]
