"""Sources of time series, and their division into rows, windows and splits."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from zoo.data.featurizers.forecast_windows import ForecastWindows, origins
from zoo.data.readers import series
from zoo.data.readers.formats import data_files, read_head
from zoo.data.reading_limit import first_part
from zoo.data.synthetic import series as generated
from zoo.data.tfds import DataSet
from zoo.recipes.common.sources import require_path
from zoo.recipes.common.tfds_sources import PREFIX, read_parts
from zoo.storage.files import DataError


@dataclass(frozen=True)
class Known:
    """A public series and its default settings.

    Args:
        file: its name in the distribution.
        target: the column that is forecast.
        begins: its first times; with the column it is known by them in a file of another name.
        history, horizon, season, normalize_by: as in `zoo.data.featurizers.forecast_windows.ForecastWindows`.
        rows: where training and validation end; None: at 70 and 80 %.
        end: the last row that is tested on, exclusive; None: all.
        stride: rows between two forecasts in validation and test.
    """

    file: str
    target: str
    history: int
    horizon: int
    season: int
    normalize_by: str
    rows: tuple[int, int] | None = None
    end: int | None = None
    stride: int = 1
    begins: tuple[str, ...] = ()


# 12, 4 and 4 months of 30 days, as everybody cuts it; one forecast a day.
HOURS = Known(
    "ETTh1.csv", "OT", 96, 24, 24, "last_value", (8640, 11520), 14400, 24, ("2016-07-01 00:00", "2016-07-01 01:00")
)
QUARTERS = Known(
    "ETTm1.csv", "OT", 96, 24, 96, "last_value", (34560, 46080), 57600, 96, ("2016-07-01 00:00", "2016-07-01 00:15")
)
KNOWN = {
    "passengers": Known(
        "airline-passengers.csv", "Passengers", 36, 12, 12, "season", begins=("1949-01", "1949-02", "1949-03")
    ),
    "sunspots": Known("monthly-sunspots.csv", "Sunspots", 132, 12, 132, "window", stride=3, begins=("1749-01",)),
    "temperatures": Known(
        "daily-min-temperatures.csv", "Temp", 56, 7, 365, "training", stride=3, begins=("1981-01-01", "1981-01-02")
    ),
    "ett_h1": HOURS,
    "ett_h2": replace(HOURS, file="ETTh2.csv"),
    "ett_m1": QUARTERS,
    "ett_m2": replace(QUARTERS, file="ETTm2.csv"),
}
# Features of sets of TFDS, a row an example: cherry_blossoms (the temperature of March in Kyoto, year by year); one's
# own, with any other features that are numbers.
TFDS = (("year", "temp"), ("time",))
GENERATED = Known("", "demand", 48, 12, generated.SEASON, "training", stride=6)


def load(data: str, name: str | None, rows: int, seed: int) -> tuple[series.Series, Known]:
    """The series, and what is known of it.

    Args:
        data: "synthetic", a table, a folder that holds series of `KNOWN` or one table, or "tfds:NAME" (see `_set`).
        name: which of them, where a folder holds several.
        rows, seed: of what is generated.
    """
    if data == "synthetic":
        return generated.generate(rows, seed=seed), GENERATED
    if data.startswith(PREFIX):
        table = _set(data)
        known = GENERATED if GENERATED.target in table.columns else _own(data, table)
    else:
        path, available = _choose(require_path(data), name)
        table = series.read(path)
        known = _own(path.name, table) if available is None else KNOWN[available]
    whole = len(table.values)
    read = first_part(range(whole), "rows")
    if len(read) < whole:  # the published ends are those of the whole series
        known = replace(known, rows=None, end=None)
        table = replace(table, times=table.times[: len(read)], values=table.values[: len(read)])
    return table, known


def _own(name: str, table: series.Series) -> Known:
    return Known(name, table.columns[-1], 48, 12, 1, "last_value")


def _choose(path: Path, name: str | None) -> tuple[Path, str | None]:
    """The table that is read, and which series of `KNOWN` it is, if it is one."""
    if path.is_file():
        return path, recognise(path)
    tables = [file for file in data_files(path) if file.name.removesuffix(".gz").endswith((".csv", ".tsv"))]
    held = {known: file for file in tables if (known := recognise(file)) is not None}
    if not held and len(tables) == 1 and name is None:
        return tables[0], None
    if not held:
        files = ", ".join(known.file for known in KNOWN.values())
        raise DataError(path, None, f"one of {files}, or one other table", f"{len(tables)} tables")
    held = {known: held[known] for known in KNOWN if known in held}
    if name is None and len(held) > 1:
        raise ValueError(f"{path} holds several series: choose one with --series: {', '.join(held)}.")
    name = name or next(iter(held))
    if name not in held:
        raise ValueError(f"{path} holds the series {', '.join(held)}. Received: --series {name}")
    return held[name], name


def recognise(path: Path) -> str | None:
    """Return the series of `KNOWN` that a table is: by its published name, or by its target and its first times."""
    published = next((name for name, known in KNOWN.items() if path.name.removesuffix(".gz") == known.file), None)
    if published is not None:
        return published
    lines = [line.replace('"', "") for line in read_head(path).lines]
    header, *rows = [line.split("\t" if "\t" in line else ",") for line in lines or [""]]
    for name, known in KNOWN.items():
        begins = [row[0].startswith(time) for row, time in zip(rows, known.begins, strict=False)]
        if known.target in header[1:] and len(begins) == len(known.begins) and all(begins):
            return name
    return None


def _set(data: str) -> series.Series:
    """All splits of a set in the order of time, which TFDS does not keep, from the first row to the last whose numbers
    are all known; a time is a year or an ISO text."""
    data_set = DataSet(data)
    ways = [[*way, *(name for name in data_set.numbers if way == ("time",))] for way in TFDS]
    rows = sorted((row for part in read_parts(data, ways, whole=True).values() for row in part), key=lambda row: row[0])
    values = np.array([row[1:] for row in rows], "float64")
    known = np.flatnonzero(~np.isnan(values).any(axis=1))
    if len(known) < 3 or not values.shape[1]:
        raise ValueError(
            f"A series has three rows or more of a time and numbers. Received: {data}, with {len(known)} whole rows of "
            f"{values.shape[1]} numbers. Choose another set."
        )
    rows_between = slice(known[0], known[-1] + 1)
    columns = next(tuple(way[1:]) for way in ways if set(way) <= set(data_set.features))
    return series.make_series(data, [str(row[0]) for row in rows[rows_between]], values[rows_between], columns)


def cut(table: series.Series, known: Known, windows: ForecastWindows) -> dict[str, list[dict]]:
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
    examples_of = {}
    for split, (first, last, stride) in parts.items():
        examples_of[split] = [
            _example(table.values, row, windows)
            for row in origins(first, last, windows.horizon, history=windows.history, stride=stride)
        ]
    return examples_of


def _example(values: np.ndarray, row: int, windows: ForecastWindows) -> dict:
    history = values[row - windows.history : row]
    future = values[row : row + windows.horizon, windows.column_index]
    example = {"source": history, "target": windows.targets(history, future), "future": future, "row": row}
    return example | ({"repeated": windows.repeated(values[:row])} if row >= windows.season else {})
