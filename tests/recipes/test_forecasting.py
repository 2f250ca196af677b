import json

import numpy as np
import pytest
from matplotlib.figure import Figure

import zoo
from tests.runs import splits_of
from zoo.data.synthetic import series
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import forecasting
from zoo.recipes.common.forecast_samples import Calibration, coverage, errors, sample_futures
from zoo.recipes.common.series_sources import load
from zoo.storage.files import DataError

SMALL = {"history": 24, "horizon": 6, "rows": 1000}
SHORT = {**SMALL, "rows": 500}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A short run, to be read only."""
    folder = tmp_path_factory.mktemp("forecasting") / "run"
    return train("forecasting", out=folder, settings=Settings(quick=True, epochs=1, verbose=0), **SHORT, units=8)


def test_a_short_run_is_measured_and_drawn(run):
    test, baseline = run.metrics["test"], run.metrics["baseline"]
    assert set(test) == {"mean_error", "mse", "mase", "coverage_80", "raw_coverage_80", "nats"}
    assert np.isfinite(list(test.values())).all()
    assert baseline["linear_mean_error"] < baseline["seasonal_naive_mean_error"]
    assert (run.folder / "forecasts.png").stat().st_size > 5000


@pytest.mark.slow
def test_a_quick_run_beats_what_was_a_season_before(tmp_path):
    run = train("forecasting", out=tmp_path / "run", settings=Settings(quick=True, epochs=5, verbose=0), **SMALL)
    figures, beside = run.metrics["test"], run.metrics["baseline"]
    assert set(figures) == {"mean_error", "mse", "mase", "coverage_80", "raw_coverage_80", "nats"}
    assert figures["mean_error"] < beside["seasonal_naive_mean_error"]
    assert 0.6 < figures["coverage_80"] < 0.95
    assert beside["linear_mean_error"] < beside["seasonal_naive_mean_error"]
    assert (run.folder / "forecasts.png").stat().st_size > 5000


def test_a_loaded_run_forecasts_a_table(run, tmp_path, command):
    made = series.generate(60, seed=3)
    table = tmp_path / "mine.csv"
    rows = [f"{time},{load},{demand}" for time, (demand, load) in zip(made.times, made.values, strict=True)]
    table.write_text("\n".join(["time,load,demand", *rows]), encoding="utf-8")
    output, errors, code = command("generate", run.folder, table, "--samples", 50, "--seed", 1)
    assert (errors, code) == ("", 0)
    lines = output.splitlines()
    assert len(lines) == 1 + SMALL["horizon"]
    median, low, high = np.array([line.split()[1:] for line in lines[1:]], "float64").T
    assert (low < median).all() and (median < high).all()
    # In the units of the series, and by the same draws.
    loaded = zoo.load(run.folder)
    windows = loaded.vocabularies["source"]
    drawn = sample_futures(loaded.model, [{"source": windows.read_history(table)}], windows, samples=50, seed=1)
    np.testing.assert_allclose(np.median(drawn[0], axis=0), median, atol=1e-3)
    # As wide as it had to be on validation.
    splits = splits_of("forecasting", **SHORT)
    ranges = sample_futures(loaded.model, splits.raw["validation"], windows)
    calibration = Calibration.load(run.folder)
    assert calibration.factor != 1
    assert coverage(calibration.interval(ranges), splits.raw["validation"]) == pytest.approx(0.8, abs=0.01)
    np.testing.assert_allclose(np.array(calibration.interval(drawn))[:, 0], [low, high], atol=1e-3)
    assert median.min() > 0 and median.max() < 40

    output, _, _ = command("generate", run.folder, table, "--samples", 50, "--seed", 1, "--json")
    answered = json.loads(output)
    np.testing.assert_allclose([answered[name] for name in ("median", "low", "high")], [median, low, high], atol=1e-3)
    _, errors, code = command("generate", run.folder, table, "--temperature", 0.5, "--out", tmp_path)
    assert (code, errors) == (2, "zoo: This model answers with many outputs together: omit --out, --temperature.\n")


def test_parts_follow_each_other_in_time():
    splits = splits_of("forecasting", **SMALL)
    rows = {part: [example["row"] for example in splits.raw[part]] for part in splits.raw}
    assert max(rows["train"]) + 6 <= 700 <= min(rows["validation"])
    assert max(rows["validation"]) + 6 <= 800 <= min(rows["test"])
    # The scale is that of the training rows alone.
    values = series.generate(1000).values
    np.testing.assert_allclose(splits.vocabularies["source"].means, values[:700].mean(axis=0))
    example = splits.raw["test"][3]
    np.testing.assert_array_equal(example["source"], values[example["row"] - 24 : example["row"]])
    np.testing.assert_array_equal(example["future"], values[example["row"] : example["row"] + 6, 0])
    np.testing.assert_array_equal(example["repeated"], values[example["row"] - 24 : example["row"] - 18, 0])


def test_intervals_are_widened_until_they_hold():
    random = np.random.default_rng(0)
    drawn, future = random.normal(size=(300, 200, 2)), 2 * random.normal(size=(300, 2))
    examples = [{"future": row} for row in future]
    assert coverage(Calibration().interval(drawn), examples) == pytest.approx(0.48, abs=0.05)  # of +- 1.28 / 2
    fitted = Calibration.fit(drawn, examples)
    assert fitted.factor == pytest.approx(2, abs=0.2)
    assert coverage(fitted.interval(drawn), examples) == pytest.approx(0.8, abs=0.01)
    assert errors(future + 2, examples) == pytest.approx({"mean_error": 2, "mse": 4})


def test_folders_that_hold_several_or_none(tmp_path):
    with pytest.raises(DataError, match="one of airline-passengers.csv"):
        load(str(tmp_path), None, 0, 0)
    for name in ("airline-passengers.csv", "monthly-sunspots.csv"):
        (tmp_path / name).write_text("Month,Passengers\n1949-01,1\n1949-02,2\n1949-03,3\n", encoding="utf-8")
    with pytest.raises(ValueError, match="choose one with --series: passengers, sunspots"):
        load(str(tmp_path), None, 0, 0)
    with pytest.raises(ValueError, match="Received: --series ett_h1"):
        load(str(tmp_path), "ett_h1", 0, 0)
    assert load(str(tmp_path), "passengers", 0, 0)[1].season == 12


@pytest.mark.slow
@pytest.mark.real_data
def test_public_series_are_cut_as_everybody_cuts_them(real_data):
    splits = splits_of("forecasting", data=str(real_data / "ett_h1"), horizon=96)
    rows = {part: [example["row"] for example in splits.raw[part]] for part in splits.raw}
    assert (rows["train"][0], rows["train"][-1]) == (96, 8640 - 96)
    assert (rows["validation"][0], rows["test"][0], rows["test"][-1]) == (8640, 11520, 11520 + 24 * 116)
    assert splits.vocabularies["source"].target == "OT"


@pytest.fixture
def perfect_season(cases):
    """Splits of a series that repeats every 12 days."""
    path = str(cases / "perfect_season" / "tides.csv")
    return splits_of("forecasting", data=path, season=12, history=24)


class StillModel:
    """A model of which only the nats are asked for."""

    def evaluate(self, batches, **_):
        return {"nats": 1.5}


@pytest.fixture
def still(monkeypatch):
    """Futures that are 1 everywhere."""

    def draw(model, examples, windows, **_):
        return np.ones((len(examples), 5, windows.horizon))

    monkeypatch.setattr(forecasting, "sample_futures", draw)


@pytest.mark.usefixtures("still")
def test_a_season_that_repeats_exactly_has_no_mase(perfect_season):
    metrics = forecasting.evaluate(StillModel(), perfect_season)
    assert metrics.pop("mase") is None
    assert np.isfinite(list(metrics.values())).all() and metrics["mean_error"] > 0
    assert np.isfinite(list(forecasting.baseline(perfect_season).values())).all()


@pytest.mark.slow
def test_a_run_of_a_perfect_season_ends_and_is_resumed(cases, tmp_path):
    arguments = {"data": str(cases / "perfect_season" / "tides.csv"), "season": 12, "history": 24, "units": 4}
    for settings in (Settings(quick=True, epochs=1, verbose=0), Settings(resume=True, verbose=0)):
        train("forecasting", out=tmp_path / "run", settings=settings, **arguments)
        metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
        assert metrics["test"]["mase"] is metrics["validation"]["mase"] is None


def test_a_column_with_dollars_is_drawn_as_written(cases, monkeypatch, tmp_path, still):
    splits = splits_of("forecasting", data=str(cases / "tables" / "dollar_column.csv"), history=12, horizon=4)
    figures = []
    savefig = Figure.savefig
    monkeypatch.setattr(Figure, "savefig", lambda self, *a, **b: (figures.append(self), savefig(self, *a, **b)))
    forecasting.plot(StillModel(), splits, tmp_path)
    name = figures[0].axes[0].yaxis.label
    assert (name.get_text(), name.get_parse_math()) == ("Cost $_in_k$", False)


@pytest.mark.parametrize(("name", "rows"), [("month_starts", 180), ("weekdays", 699), ("compact", 300)])
def test_regular_dates_are_cut_without_a_gap(cases, name, rows):
    splits = splits_of("forecasting", data=str(cases / "dates" / f"{name}.csv"), history=6, horizon=3)
    assert splits.raw["test"][-1]["row"] == rows - 3
