"""Pieces of a long series: what was seen for some time, and what came after it, on scales to learn from."""

import os
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from zoo.data.featurizers.featurizer import Featurizer
from zoo.data.readers import series

NORMALIZATIONS = {
    "training": "the training rows' mean and deviation: of a series that stays where it is",
    "window": "the mean and deviation of what was seen: of a series whose swings grow and shrink",
    "last_value": "the last number seen, by the deviation of what was seen: of a series that wanders",
    "season": "the numbers of a season before, by the deviation of what was seen: of a series that repeats",
}


@dataclass(frozen=True)
class ForecastWindows(Featurizer):
    """Windows of a time series as frames, with their normalization.

        frames = (x - m) / d,    targets_h = (y_h - r_h) / d,    h = 1 .. horizon

    normalize_by "training": m, r and d are the training rows' mean and deviation. "window": those of what is seen.
    "last_value": m and r are the last number seen, d the deviation of what is seen. "season": as "last_value", but r_h
    is the number a whole number of seasons before y_h.

    Args:
        columns: names of the series' columns.
        target: the one that is forecast.
        history: rows that are seen.
        horizon: rows that are forecast.
        season: rows after which the series repeats itself.
        normalize_by: a name of `NORMALIZATIONS`.
        means, deviations: of the training rows, column by column.
    Raises:
        ValueError: an unknown name; a season that is longer than what is seen, where it is needed.
    """

    KIND: ClassVar[str] = "windows"
    columns: tuple[str, ...]
    target: str
    history: int
    horizon: int
    season: int = 1
    normalize_by: str = "training"
    means: tuple[float, ...] = ()
    deviations: tuple[float, ...] = ()

    @property
    def features(self) -> int:
        return len(self.columns)

    def __post_init__(self):
        for name, value, known in (
            ("normalize_by", self.normalize_by, NORMALIZATIONS),
            ("target", self.target, self.columns),
        ):
            if value not in known:
                raise ValueError(f"`{name}` is one of {', '.join(known)}. Received: {value!r}")
        for name in ("columns", "means", "deviations"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if len(set(self.columns)) < len(self.columns):
            raise ValueError(f"`columns` are different names. Received: {', '.join(self.columns)}. Rename one.")
        if min(self.history, self.horizon, self.season) < 1:
            raise ValueError(
                "history, horizon and season are at least 1. "
                f"Received: {self.history}, {self.horizon} and {self.season}"
            )
        if self.normalize_by == "season" and self.season > self.history:
            raise ValueError(
                f"A season that is looked back to must be seen. Received: season={self.season}, history={self.history}"
            )

    @property
    def column_index(self) -> int:
        """The target's column."""
        return self.columns.index(self.target)

    def encode(self, value: Any) -> np.ndarray:
        """(history, D) float32, from rows (N, D) of which the last are seen, or from the path of a table."""
        rows = self.read_history(value)
        middle, deviation = self._scale(rows)
        return ((rows - middle) / deviation).astype("float32")

    def read_history(self, value: Any) -> np.ndarray:
        """The last `history` rows of a table or an array, as they are."""
        if isinstance(value, str | os.PathLike):
            table = series.read(value)
            missing = [name for name in self.columns if name not in table.columns]
            if missing:
                raise ValueError(f"{value} has no column {missing[0]!r}. Received: {', '.join(table.columns)}")
            value = table.values[:, [table.columns.index(name) for name in self.columns]]
        rows = np.asarray(value, "float64")
        rows = rows[:, None] if rows.ndim == 1 else rows
        if rows.ndim != 2 or rows.shape[1] != len(self.columns) or not np.isfinite(rows).all():
            raise ValueError(f"A series has rows of {len(self.columns)} finite numbers. Received: shape {rows.shape}")
        if len(rows) < self.history:
            raise ValueError(f"A forecast looks at {self.history} rows. Received: {len(rows)}")
        return rows[-self.history :]

    def targets(self, rows: np.ndarray, future: np.ndarray) -> np.ndarray:
        """(horizon, 1) float32: the target's future on the model's scale."""
        return ((future[:, None] - self._reference(rows)) / self._of_target(rows)).astype("float32")

    def numbers(self, rows: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Convert targets back to the units of the series: (..., horizon, 1) -> (..., horizon)."""
        return (targets * self._of_target(rows) + self._reference(rows))[..., 0]

    def repeated(self, rows: np.ndarray) -> np.ndarray:
        """(horizon,): each number of a whole number of seasons before, the seasonal-naive forecast."""
        positions = np.arange(self.horizon) % self.season - self.season
        return rows[positions, self.column_index]

    def _scale(self, rows):
        deviation = np.array(self.deviations) if self.normalize_by == "training" else rows.std(axis=0)
        # A constant window keeps the scale of the training rows.
        deviation = np.where(deviation > 0, deviation, np.array(self.deviations))
        middle = {"training": np.array(self.means), "window": rows.mean(axis=0)}.get(self.normalize_by, rows[-1])
        return middle, np.where(deviation > 0, deviation, 1.0)

    def _of_target(self, rows):
        return self._scale(rows)[1][self.column_index]

    def _reference(self, rows):
        if self.normalize_by == "season":
            return self.repeated(rows)[:, None]
        return self._scale(rows)[0][self.column_index]


def origins(first: int, last: int, horizon: int, *, history: int, stride: int = 1) -> range:
    """The rows at which forecasts begin: all of a forecast lies in first .. last - 1, what is seen may lie before it.

    Raises:
        ValueError: there is no room for one.
    """
    begin = max(first, history)
    if last - horizon < begin:
        raise ValueError(
            f"Rows {first} to {last - 1} have no room for a forecast of {horizon} rows after {history} that are seen: "
            "give a longer series, or a smaller history or horizon."
        )
    return range(begin, last - horizon + 1, stride)
