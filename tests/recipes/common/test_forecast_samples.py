"""Futures in the units of a series, their errors by hand, and intervals that one factor widens."""

import json

import numpy as np
import pytest

import zoo
from zoo.data.featurizers.forecast_windows import ForecastWindows
from zoo.inference.codec import Hypothesis
from zoo.inference.compiled import make_decoder
from zoo.recipes.common import forecast_samples as module
from zoo.recipes.common.forecast_samples import Calibration, coverage, errors, sample_futures, scaled_error

ROWS = np.array([[1.0, 10.0], [3.0, 30.0], [5.0, 20.0]])
OTHER = ROWS * [1.0, 2.0]
# Forecasts of the second column, relative to its last number, in deviations of the rows that are read.
WINDOWS = ForecastWindows(
    ("load", "demand"), "demand", 3, 2, normalize_by="last_value", means=(3.0, 20.0), deviations=(1.0, 5.0)
)
DEVIATION = np.sqrt(200 / 3)  # of 10, 30, 20


@pytest.fixture
def arguments(monkeypatch):
    """The arguments of the decoder and of `generate`, which emits the sample's number at every step."""
    received = {}

    def make(model, name, **options):
        received["decoder"] = (model, name, options)
        return "decoder"

    def generate(model, inputs, **options):
        received["inputs"], received["options"] = inputs, options
        count = received["decoder"][2]["samples"]
        paths = [np.full((WINDOWS.horizon, 1), float(number)) for number in range(count)]
        return [[Hypothesis(path, None, 0.0, 0.0, False) for path in paths] for _ in inputs]

    monkeypatch.setattr(module, "make_decoder", make)
    monkeypatch.setattr(module, "generate", generate)
    return received


def test_futures_are_in_the_units_of_the_series(arguments):
    paths = sample_futures("model", [{"source": ROWS, "future": None}, {"source": OTHER}], WINDOWS, samples=3)
    numbers = np.arange(3)[:, None] * DEVIATION * np.ones(2)
    np.testing.assert_allclose(paths, [20 + numbers, 40 + 2 * numbers])
    assert [list(example) for example in arguments["inputs"]] == [["source"], ["source"]]
    assert arguments["options"]["vocabularies"] == {"source": WINDOWS}


def test_futures_are_drawn_to_the_horizon_by_their_seed(arguments, monkeypatch):
    monkeypatch.setattr(module, "AT_A_TIME", 10)  # paths
    for samples, batch_size in ((3, 3), (10, 1), (12, 1)):
        sample_futures("model", [{"source": ROWS}], WINDOWS, samples=samples, seed=7)
        options = {"samples": samples, "seed": 7, "maximum_length": 2}
        assert arguments["decoder"] == ("model", "sampling", options)
        assert arguments["options"]["decoder"] == "decoder"
        assert arguments["options"]["batch_size"] == batch_size
        sample_futures("model", [{"source": ROWS}], WINDOWS, samples=samples, on_batch=print)
        assert arguments["options"]["on_batch"] is print


def test_a_seed_repeats_its_futures(monkeypatch):
    def make(model, name, **options):
        decoder = make_decoder(model, name, **options)
        decoder.run_eagerly = True
        return decoder

    monkeypatch.setattr(module, "make_decoder", make)
    sizes = {"source_features": 2, "target_features": 1, "units": 2}
    model = zoo.build("encoder_decoder", output="gaussian", attention=None, cell="gru", **sizes)
    for weight in model.weights:  # scores of 0: means of 0, and log-deviations of softplus(7) - 7, a thousandth
        weight.assign(np.zeros(weight.shape))
    examples = [{"source": ROWS}, {"source": OTHER}]
    paths, again, other = (sample_futures(model, examples, WINDOWS, samples=50, seed=seed) for seed in (1, 1, 2))
    assert paths.shape == (2, 50, 2)
    np.testing.assert_array_equal(paths, again)
    assert not np.isclose(paths, other).any(axis=1).any()
    # Within five standard errors of 100 draws.
    np.testing.assert_allclose((paths.mean(axis=(1, 2)) - [20, 40]) / DEVIATION / [1, 2], 0, atol=0.5)
    np.testing.assert_allclose(paths.std(axis=(1, 2)) / DEVIATION, [1, 2], rtol=0.35)


def test_errors_by_hand():
    examples = [{"future": np.array([1.0, 2.0])}, {"future": np.array([3.0, -1.0])}]
    forecasts = np.array([[2.0, 0.0], [3.0, 2.0]])  # off by 1, -2, 0 and 3
    assert errors(forecasts, examples) == {"mean_error": 6 / 4, "mse": 14 / 4}


def test_a_scaled_error_by_hand():
    train = [
        {"future": np.array([1.0, 2.0]), "repeated": np.array([2.0, 2.0])},
        {"future": np.array([3.0, 1.0]), "repeated": np.array([3.0, 4.0])},
        {"future": np.array([9.0, 9.0])},  # without a season behind it
    ]
    assert scaled_error(3.0, train) == 3.0  # of 1, 0, 0 and 3
    assert scaled_error(3.0, train[2:]) is None


@pytest.mark.parametrize("rounding", [0.0, 1e-15])
def test_a_season_that_repeats_exactly_scales_no_error(rounding):
    train = [{"future": np.array([5.0, 0.0]), "repeated": np.array([5.0, rounding])}]
    assert scaled_error(3.0, train) is None
    assert scaled_error(3.0, [{"future": np.zeros(1), "repeated": np.zeros(1)}]) is None


def test_the_ends_of_an_interval_belong_to_it():
    examples = [{"future": np.array([1.0, 2.0])}, {"future": np.array([3.0, 4.0])}]
    low = np.array([[1.0, 0.0], [3.1, 0.0]])
    high = np.array([[5.0, 2.0], [9.0, 3.9]])
    assert coverage((low, high), examples) == 2 / 4


# Quantiles of 10, 50 and 90 %: 1, 5 and 13.
SKEWED = np.array([0.0, 1, 2, 3, 4, 5, 7, 9, 11, 13, 15])


def test_an_interval_widens_on_both_sides_alike():
    paths = SKEWED[None, ::-1, None] + np.array([0.0, 100.0])
    low, high = Calibration().interval(paths)
    np.testing.assert_allclose([low, high], [[[1, 101]], [[13, 113]]])
    low, high = Calibration(1.5).interval(paths)
    np.testing.assert_allclose([low, high], [[[5 - 1.5 * 4, 99]], [[5 + 1.5 * 8, 117]]])


def test_the_factor_is_fitted_by_hand():
    """Distances from the median, in those of the interval's end on the same side: 0, 0.25, ... 2.5."""
    shares = np.arange(11) / 4
    future = 5 + np.where(np.arange(11) % 2, 8, -4) * shares
    examples = [{"future": np.array([number])} for number in future]
    paths = np.tile(SKEWED[None, :, None], (11, 1, 1))
    assert Calibration.fit(paths, examples).factor == pytest.approx(2.0)  # the ninth of eleven: 80 %
    assert coverage(Calibration(2.0 + 1e-9).interval(paths), examples) == 9 / 11


def test_futures_that_are_all_alike_give_a_finite_factor():
    paths = np.full((2, 5, 1), 3.0)
    assert Calibration.fit(paths, [{"future": np.array([3.0])}] * 2).factor == 0
    assert np.isfinite(Calibration.fit(paths, [{"future": np.array([4.0])}] * 2).factor)


def test_a_calibration_is_stored_beside_the_model(tmp_path):
    assert Calibration.load(tmp_path) == Calibration(1.0)
    Calibration(1.25).save(tmp_path)
    assert json.loads((tmp_path / "calibration.json").read_text()) == {"factor": 1.25}
    assert Calibration.load(tmp_path) == Calibration(1.25)
