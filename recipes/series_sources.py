"""Where a forecast's series come from, and how they are cut: rows in order of time, windows, scales."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recipes.sources import existing
from recipes.tfds_sources import PREFIX, parts
from zoo.data.files import DataError
from zoo.data.readers import series
from zoo.data.synthetic import series as generated
from zoo.data.tfds import DataSet
from zoo.data.windows import Windows, origins


@dataclass(frozen=True)
class Known:
    """A public series and how it is looked at unless somebody says otherwise.

    Args:
        file: its name in the distribution.
        target: the column that is forecast.
        history, horizon, season, around: as in `zoo.data.windows.Windows`.
        rows: where training and validation end; None: at 70 and 80 %.
        end: the last row that is tested on, exclusive; None: all.
        stride: rows between two forecasts in validation and test.
    """

    file: str
    target: str
    history: int
    horizon: int
    season: int
    around: str
    rows: tuple[int, int] | None = None
    end: int | None = None
    stride: int = 1


KNOWN = {
    "passengers": Known("airline-passengers.csv", "Passengers", 36, 12, 12, "season"),
    "sunspots": Known("monthly-sunspots.csv", "Sunspots", 132, 12, 132, "window", stride=3),
    "temperatures": Known("daily-min-temperatures.csv", "Temp", 56, 7, 365, "series", stride=3),
    # 12, 4 and 4 months of 30 days, as everybody cuts it; one forecast a day.
    "ett_h1": Known("ETTh1.csv", "OT", 96, 24, 24, "last", (8640, 11520), 14400, 24),
}
# Features of sets of TFDS, a row an example: cherry_blossoms (the temperature of March in Kyoto, year by year); one's
# own, with any other features that are numbers.
TFDS = (("year", "temp"), ("time",))
GENERATED = Known("", "demand", 48, 12, generated.SEASON, "series", stride=6)


def load(data: str, name: str | None, rows: int, seed: int) -> tuple[series.Series, Known]:
    """The series, and what is known of it.

    Args:
        data: "synthetic", a table, a folder that holds one of the files of `KNOWN`, or "tfds:NAME" (see `_set`).
        name: which of them, where a folder holds several.
        rows, seed: of what is generated.
    """
    if data == "synthetic":
        return generated.generate(rows, seed=seed), GENERATED
    if data.startswith(PREFIX):
        table = _set(data)
        return table, GENERATED if GENERATED.target in table.columns else Known(
            data, table.columns[-1], 48, 12, 1, "last"
        )
    path = existing(data)
    if path.is_dir():
        held = {known: file for known in KNOWN if (file := _file(path, KNOWN[known].file)) is not None}
        if not held:
            raise DataError(path, None, f"one of {', '.join(known.file for known in KNOWN.values())}", "none of them")
        if name is None and len(held) > 1:
            raise ValueError(f"{path} holds several series: choose one with --series: {', '.join(held)}.")
        name = name or next(iter(held))
        if name not in held:
            raise ValueError(f"{path} holds the series {', '.join(held)}. Received: --series {name}")
        return series.read(held[name]), KNOWN[name]
    table = series.read(path)
    for known in KNOWN.values():
        if path.name.removesuffix(".gz") == known.file:
            return table, known
    return table, Known(path.name, table.columns[-1], 48, 12, 1, "last")


def _set(data: str) -> series.Series:
    """All splits of a set in the order of time, which TFDS does not keep, from the first row to the last whose numbers
    are all known; a time is a year or an ISO text."""
    found = DataSet(data)
    ways = [[*way, *(name for name in found.numbers if way == ("time",))] for way in TFDS]
    rows = sorted((row for part in parts(data, ways).values() for row in part), key=lambda row: row[0])
    values = np.array([row[1:] for row in rows], "float64")
    known = np.flatnonzero(~np.isnan(values).any(axis=1))
    if len(known) < 3 or not values.shape[1]:
        raise ValueError(
            f"A series has three rows or more of a time and numbers. Received: {data}, with {len(known)} whole rows of "
            f"{values.shape[1]} numbers. Choose another set."
        )
    kept = slice(known[0], known[-1] + 1)
    columns = next(tuple(way[1:]) for way in ways if set(way) <= set(found.features))
    return series.make_series(data, [str(row[0]) for row in rows[kept]], values[kept], columns)


def _file(folder: Path, name: str) -> Path | None:
    return next((folder / (name + end) for end in ("", ".gz") if (folder / (name + end)).is_file()), None)


def cut(table: series.Series, known: Known, windows: Windows) -> dict[str, list[dict]]:
    """Examples by split: {"source": rows seen, "target": what comes, on the model's scale, "future": the same as it is,
    "repeated": the numbers a season before it, "row": where it begins}. Training looks at every row; what is seen may
    lie in the part before."""
    end = len(table.values) if known.end is None else min(known.end, len(table.values))
    train, validation = known.rows or (int(0.7 * end), int(0.8 * end))
    parts = {
        "train": (0, train, 1),
        "validation": (train, validation, known.stride),
        "test": (validation, end, known.stride),
    }
    found = {}
    for split, (first, last, stride) in parts.items():
        found[split] = [
            _example(table.values, row, windows)
            for row in origins(first, last, windows.horizon, history=windows.history, stride=stride)
        ]
    return found


def _example(values: np.ndarray, row: int, windows: Windows) -> dict:
    seen = values[row - windows.history : row]
    future = values[row : row + windows.horizon, windows.place]
    example = {"source": seen, "target": windows.targets(seen, future), "future": future, "row": row}
    return example | ({"repeated": windows.repeated(values[:row])} if row >= windows.season else {})
