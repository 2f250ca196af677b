import numpy as np
import pytest

from zoo.data.featurizers.forecast_windows import ForecastWindows, origins

ROWS = np.array([[1.0, 10], [2, 30], [5, 20], [4, 60]])
FUTURE = np.array([6.0, 8.0, 7.0])
OPTIONS = {"columns": ["load", "demand"], "target": "demand", "history": 4, "horizon": 3}
OPTIONS |= {"means": [2.0, 20.0], "deviations": [2.0, 5.0], "season": 2}


def windows(**more):
    return ForecastWindows(**{**OPTIONS, **more})


def test_frames_and_targets_normalized_by_training():
    made = windows()
    np.testing.assert_allclose(made.encode(ROWS), (ROWS - [2, 20]) / [2, 5])
    np.testing.assert_allclose(made.targets(ROWS, FUTURE)[:, 0], (FUTURE - 20) / 5)


def test_normalized_by_the_window():
    made = windows(normalize_by="window")
    np.testing.assert_allclose(made.encode(ROWS), (ROWS - ROWS.mean(axis=0)) / ROWS.std(axis=0), rtol=1e-6)
    np.testing.assert_allclose(made.targets(ROWS, FUTURE)[:, 0], (FUTURE - 30) / ROWS[:, 1].std(), rtol=1e-6)


def test_normalized_by_the_last_value():
    made = windows(normalize_by="last_value")
    np.testing.assert_allclose(made.encode(ROWS), (ROWS - ROWS[-1]) / ROWS.std(axis=0), rtol=1e-6)
    np.testing.assert_allclose(made.targets(ROWS, FUTURE)[:, 0], (FUTURE - 60) / ROWS[:, 1].std(), rtol=1e-6)


def test_normalized_by_the_season_before():
    made = windows(normalize_by="season")
    assert made.repeated(ROWS).tolist() == [20, 60, 20]
    np.testing.assert_allclose(made.targets(ROWS, FUTURE)[:, 0], (FUTURE - [20, 60, 20]) / ROWS[:, 1].std(), rtol=1e-6)


@pytest.mark.parametrize("normalize_by", ["training", "window", "last_value", "season"])
def test_numbers_come_back(normalize_by):
    made = windows(normalize_by=normalize_by)
    paths = np.stack([made.targets(ROWS, FUTURE), made.targets(ROWS, 2 * FUTURE)])
    np.testing.assert_allclose(made.numbers(ROWS, paths), [FUTURE, 2 * FUTURE], rtol=1e-5)


def test_what_never_moves_has_the_scale_of_the_series():
    still = np.full((4, 2), 3.0)
    assert not windows(normalize_by="last_value").encode(still).any()
    np.testing.assert_allclose(windows(normalize_by="last_value").targets(still, FUTURE)[:, 0], (FUTURE - 3) / 5)


def test_only_the_last_rows_are_seen(tmp_path):
    longer = np.concatenate([ROWS + 100, ROWS])
    np.testing.assert_array_equal(windows().encode(longer), windows().encode(ROWS))
    table = tmp_path / "mine.csv"
    lines = [f"2020-01-0{day},{demand},{load}" for day, (load, demand) in enumerate(ROWS, 1)]
    table.write_text("\n".join(["day,demand,load", *lines]), encoding="utf-8")  # columns by name, not by place
    np.testing.assert_array_equal(windows().encode(table), windows().encode(ROWS))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (ROWS[:3], "looks at 4 rows. Received: 3"),
        (ROWS[:, :1], "rows of 2 finite numbers"),
        (np.full((4, 2), np.nan), "rows of 2 finite numbers"),
    ],
)
def test_other_rows_are_refused(value, message):
    with pytest.raises(ValueError, match=message):
        windows().encode(value)


def test_a_table_without_the_column_is_refused(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("day,load\n2020-01-01,1\n2020-01-02,2\n2020-01-03,3\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no column 'demand'. Received: load"):
        windows().encode(table)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"normalize_by": "mean"}, "`normalize_by` is one of training, window, last_value, season. Received: 'mean'"),
        ({"target": "demands"}, "`target` is one of load, demand. Received: 'demands'"),
        ({"horizon": 0}, "at least 1"),
        ({"columns": ["demand", "demand"]}, "different names. Received: demand, demand"),
        ({"normalize_by": "season", "season": 5}, "must be seen. Received: season=5, history=4"),
    ],
)
def test_settings_that_cannot_be(wrong, message):
    with pytest.raises(ValueError, match=message):
        windows(**wrong)


def test_forecasts_lie_in_their_part_and_look_back_beyond_it():
    assert list(origins(10, 20, 3, history=4)) == list(range(10, 18))
    assert list(origins(0, 10, 3, history=4, stride=2)) == [4, 6]
    with pytest.raises(ValueError, match="no room for a forecast of 3 rows"):
        origins(10, 12, 3, history=4)
