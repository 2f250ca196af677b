"""Many futures drawn from a forecasting model, and what they are worth: errors of a median, intervals that hold."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from zoo.data.featurizers.forecast_windows import ForecastWindows
from zoo.inference.compiled import make_decoder
from zoo.inference.generate import generate
from zoo.inference.run import read_json, write_json

DRAWN = 200
SHARE = 0.8
# Paths that are drawn at a time.
AT_A_TIME = 6400
FILE = "calibration.json"


def sample_futures(
    model: keras.Model,
    examples: list[dict[str, Any]],
    windows: ForecastWindows,
    *,
    samples: int = DRAWN,
    seed: int = 0,
    on_batch: Callable[[int, int], None] | None = None,
) -> np.ndarray:
    """Draws futures for rows that were seen: (N, samples, horizon), in the units of the series."""
    decoder = make_decoder(model, "sampling", samples=samples, seed=seed, maximum_length=windows.horizon)
    hypotheses = generate(
        model,
        [{"source": example["source"]} for example in examples],
        vocabularies={"source": windows},
        decoder=decoder,
        batch_size=max(1, AT_A_TIME // samples),
        on_batch=on_batch,
    )
    paths = [np.array([one.tokens for one in outputs]) for outputs in hypotheses]
    return np.array(
        [windows.numbers(windows.read_history(one["source"]), path) for one, path in zip(examples, paths, strict=True)]
    )


def errors(forecasts: np.ndarray, examples: list[dict[str, Any]]) -> dict[str, float]:
    """Mean absolute and mean squared error of forecasts (N, horizon)."""
    wrong = forecasts - np.array([example["future"] for example in examples])
    return {"mean_error": float(np.mean(np.abs(wrong))), "mse": float(np.mean(np.square(wrong)))}


def scaled_error(error: float, train: list[dict[str, Any]]) -> float | None:
    """Return MASE: a mean absolute error by that of the seasonal-naive forecast on training examples.

    None where it is not defined: a season repeats exactly, or no example has a season behind it.
    """
    train = [example for example in train if "repeated" in example]
    if not train:
        return None
    scale = errors(np.array([example["repeated"] for example in train]), train)["mean_error"]
    # Rounding is no error: a sine that is computed repeats itself to 16 digits.
    largest = max(float(np.abs(example["future"]).max()) for example in train)
    return error / scale if scale > 1e-12 * largest else None


def coverage(interval: tuple[np.ndarray, np.ndarray], examples: list[dict[str, Any]]) -> float:
    """Share of the rows that lie in their interval."""
    future, (low, high) = np.array([example["future"] for example in examples]), interval
    return float(np.mean((low <= future) & (future <= high)))


@dataclass(frozen=True)
class Calibration:
    """By how much intervals are widened, below and above the median alike; kept beside the model of a run.

    Args:
        factor: 1 leaves the quantiles 10 and 90 % of the futures as they are.
    """

    factor: float = 1.0

    @classmethod
    def fit(cls, drawn: np.ndarray, examples: list[dict[str, Any]]) -> "Calibration":
        """The factor with which the intervals hold 80 % of the rows of these examples."""
        low, median, high = _quantiles(drawn)
        future = np.array([example["future"] for example in examples])
        reach = np.where(future > median, high - median, median - low)
        return cls(float(np.quantile(np.abs(future - median) / np.maximum(reach, 1e-12), SHARE)))

    def save(self, folder: Path) -> None:
        """Writes readable JSON into the folder of a run."""
        write_json(folder / FILE, asdict(self))

    @classmethod
    def load(cls, folder: Path) -> "Calibration":
        """Return the saved calibration; without one, intervals as they are."""
        return cls(**read_json(folder / FILE))

    def interval(self, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper end for futures (N, samples, horizon): both (N, horizon)."""
        low, median, high = _quantiles(drawn)
        return median - self.factor * (median - low), median + self.factor * (high - median)


def _quantiles(drawn):
    return np.quantile(drawn, [(1 - SHARE) / 2, 0.5, (1 + SHARE) / 2], axis=1)
