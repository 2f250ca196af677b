"""Forecasts a series of numbers with an interval: an encoder-decoder whose steps are distributions over real numbers.

    zoo train forecasting --data univariate_series --series sunspots --epochs 8 --out runs/sunspots
    zoo train forecasting --data ett_h1 --horizon 96 --out runs/ett
    zoo generate runs/sunspots mine.csv

Of passengers there are 53 windows to learn from, four steps an epoch: `--series passengers --batch-size 16 --units 16
--learning-rate 5e-3 --epochs 200 --patience 40`.

Rows that were seen go into the encoder, each on the scale that --normalize-by names; the decoder emits a normal
distribution for every row to come, given the values before, and 200 such futures make the median and the interval.
An interval's width is corrected by one factor, chosen so that it holds 80 % of the validation rows; `raw_coverage_80`
is without it.

Data: `synthetic`; a folder with airline-passengers.csv, monthly-sunspots.csv, daily-min-temperatures.csv (70, 10 and
20 % in order of time) or ETTh1.csv (12, 4 and 4 months, target OT); any .csv or .tsv whose first column is a time and
whose others are numbers, of which --target is forecast from all (rows an hour, a day, a working day, a month, a quarter
... apart; hourly local times need UTC offsets); tfds:cherry_blossoms (`temp` by `year`), or a set
with a row an example, `time` and other features that are numbers.

Seen on 2 CPU cores beside other work, mean absolute error and share of the rows that the interval holds: sunspots, 12
months, 17.9 and 0.84 (seasonal-naive 32.8, linear 18.8; 3 minutes); temperatures, 7 days, 2.05 and 0.81 (2.96, 2.06; 2
minutes); passengers, 12 months, 13.3 and 0.79 (46.8, 24.7; 2 minutes); ETT, 24 hours, 3 epochs, 1.18 and
0.80 (1.53, 1.16; 4 minutes).

Beside it: what was a season before (seasonal-naive), and a linear model (DLinear, arXiv:2205.13504).
Papers: Salinas et al. 2020, arXiv:1704.04110 (DeepAR); Zhou et al. 2021, arXiv:2012.07436 (ETT).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import zoo
from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.featurizers.forecast_windows import ForecastWindows
from zoo.data.splits import Splits
from zoo.recipes.baselines.linear_forecast import linear_forecast
from zoo.recipes.common import series_sources
from zoo.recipes.common.forecast_samples import DRAWN, Calibration, coverage, errors, sample_futures, scaled_error
from zoo.recipes.common.series_sources import cut, load
from zoo.storage.files import replace_file

MODELS = {
    "recurrent": (
        "encoder_decoder",
        {
            "target_features": 1,
            "output": "gaussian",
            "components": 3,
            "attention": None,
            "conditioning": "both",
            "cell": "gru",
            "units": 64,
            "encoder": "forward",
            "dropout": 0.1,
        },
    )
}
# An epoch of a short series has a few steps.
OPTIMIZERS = {"recurrent": {"learning_rate": 2e-3, "schedule": "plateau", "plateau_steps": 60}}
FIT = {"epochs": 30, "patience": 5, "monitor": "val_nats"}
QUICK = {"rows": 1500, "epochs": 6, "units": 24, "learning_rate": 1e-2, "batch_size": 32}
TFDS = series_sources.TFDS


def data(
    *,
    data: str = "synthetic",
    series: str | None = None,
    target: str | None = None,
    history: int | None = None,
    horizon: int | None = None,
    season: int | None = None,
    normalize_by: str | None = None,
    rows: int = 4000,
    batch_size: int = 64,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Windows of a series.

    Args:
        data: synthetic, a path, or tfds:cherry_blossoms.
        series: of a folder with several: passengers, sunspots, temperatures or ett_h1.
        target: the column that is forecast; the series' own, or the last.
        history: rows that are seen.
        horizon: rows that are forecast.
        season: rows after which the series repeats itself; for the seasonal-naive forecast, and to normalize by it.
        normalize_by: scale of a window: training, window, last_value or season; see
            zoo.data.featurizers.forecast_windows.
        rows: how many to generate (synthetic only).
        batch_size: windows a step.
        seed: of generation and shuffling.
        vocabularies: those of a trained model; made from the training rows if None.
    """
    table, known = load(data, series, rows, seed)
    if vocabularies is None:
        end = (known.rows or (int(0.7 * len(table.values)),))[0]
        windows = ForecastWindows(
            columns=table.columns,
            target=target or known.target,
            history=history or known.history,
            horizon=horizon or known.horizon,
            season=season or known.season,
            normalize_by=normalize_by or known.normalize_by,
            means=tuple(table.values[:end].mean(axis=0).tolist()),
            deviations=tuple(table.values[:end].std(axis=0).tolist()),
        )
    else:
        windows = vocabularies["source"]
    return make_generation_splits(cut(table, known, windows), {"source": windows}, batch_size=batch_size, seed=seed)


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "output": hp.Choice("output", ["gaussian", "mixture"]),
        "cell": hp.Choice("cell", ["gru", "lstm"]),
        "units": hp.Int("units", 32, 128, step=32),
        "dropout": hp.Float("dropout", 0.0, 0.4, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 1e-2, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float | None]:
    """Return errors of the median and coverage of the interval.

    Mean absolute and squared error are in the series' units; MASE is by the mean error of the seasonal-naive forecast
    on training rows, None where that has no error or nothing to repeat. Coverage is the share of the rows in the
    interval, of which 80 % is wanted, with its width corrected on validation, and raw. Nats a number, of the density on
    the model's scale.
    """
    windows, examples = splits.vocabularies["source"], splits.raw[split]
    drawn, calibration = sample_futures(model, examples, windows), _calibrated(model, splits)
    metrics = errors(np.median(drawn, axis=1), examples)
    return {
        **metrics,
        "mase": scaled_error(metrics["mean_error"], splits.raw["train"]),
        "coverage_80": coverage(calibration.interval(drawn), examples),
        "raw_coverage_80": coverage(Calibration().interval(drawn), examples),
        "nats": float(model.evaluate(splits[split], verbose=0, return_dict=True)["nats"]),
    }


def _calibrated(model, splits) -> Calibration:
    examples = splits.raw["validation"]
    return Calibration.fit(sample_futures(model, examples, splits.vocabularies["source"]), examples)


def baseline(splits: Splits) -> dict[str, float]:
    """Mean and squared error on test of the seasonal-naive and of the linear forecast."""
    column = splits.vocabularies["source"].column_index
    histories = {part: np.array([one["source"][:, column] for one in splits.raw[part]]) for part in splits.raw}
    future = {part: np.array([one["future"] for one in splits.raw[part]]) for part in splits.raw}
    test = splits.raw["test"]
    train, validation = ((histories[part], future[part]) for part in ("train", "validation"))
    forecasts = {"linear": linear_forecast(train, validation, histories["test"])}
    if all("repeated" in example for example in test):
        forecasts["seasonal_naive"] = np.array([example["repeated"] for example in test])
    return {f"{name}_{figure}": value for name, one in forecasts.items() for figure, value in errors(one, test).items()}


def plot(model, splits: Splits, folder: Path) -> None:
    """Four test windows: what was seen, what came, the median and the interval, whose width the run keeps."""
    from zoo.plots.forecasts import plot_forecasts

    windows, test = splits.vocabularies["source"], splits.raw["test"]
    some = [test[index] for index in np.linspace(0, len(test) - 1, 4).astype(int)]
    drawn = sample_futures(model, some, windows)
    calibration = _calibrated(model, splits)
    calibration.save(folder)
    low, high = calibration.interval(drawn)
    shown = [
        (one["source"][:, windows.column_index], np.median(paths, axis=0), (below, above), one["future"])
        for one, paths, below, above in zip(some, drawn, low, high, strict=True)
    ]
    with replace_file(folder / "forecasts.png") as path:
        plot_forecasts(shown, path, name=windows.target)


def predict(
    run: zoo.Run,
    inputs: list[Any],
    *,
    samples: int = DRAWN,
    seed: int = 0,
    on_batch: Callable[[int, int], None] | None = None,
) -> list[dict[str, list[float]]]:
    """For every table the median and the ends of the interval of the rows to come, in the units of the series. The
    interval has the width that held 80 % of validation.
    """
    windows = run.vocabularies["source"]
    histories = [{"source": windows.read_history(path)} for path in inputs]
    drawn = sample_futures(run.model, histories, windows, samples=samples, seed=seed, on_batch=on_batch)
    low, high = Calibration.load(Path(run.folder)).interval(drawn)
    tables = zip(np.median(drawn, axis=1), low, high, strict=True)
    return [dict(zip(("median", "low", "high"), map(np.ndarray.tolist, table), strict=True)) for table in tables]


def format_answer(answer: dict[str, list[float]]) -> list[str]:
    """An answer as a table, a line for every row to come."""
    rows = zip(*(answer[name] for name in ("median", "low", "high")), strict=True)
    head = f"{'row':>4}  {'median':>12}  {'low':>12}  {'high':>12}"
    return [
        head,
        *(f"{row:>4}  " + "  ".join(f"{one:12.4f}" for one in numbers) for row, numbers in enumerate(rows, 1)),
    ]
