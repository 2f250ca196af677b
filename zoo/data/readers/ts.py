"""Multivariate series with a class: the .ts files of the UEA archive (https://www.timeseriesclassification.com)."""

import os
import re
from collections.abc import Iterator

import numpy as np

from zoo.data.readers.formats import Format, Head
from zoo.storage.data_error import parse_numbers, parse_whole_number
from zoo.storage.files import DataError, open_text

# What ARFF, the archive's other format, does not have.
ENTRY = re.compile(r"@(problemname|timestamps|univariate|dimensions?|equallength|serieslength|classlabel)\b", re.I)


def read(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[tuple[np.ndarray, str]]:
    """Reads series and their classes. A line holds channels between colons, values between commas, the class last.

    Args:
        path: the file.
        encoding: of the file.
    Returns:
        List of (frames (S, D) float32, class).
    Raises:
        DataError: a header without classes or with time stamps, a value that is not a finite number, channels of
            different lengths or another number of them, a class that the header does not name.
    """
    lines = enumerate(open_text(path, encoding=encoding), 1)
    header = _header(path, lines)
    classes = header["classlabel"][1:]
    channels = parse_whole_number(_first(header, "dimensions"))
    examples = []
    for line, text in lines:
        if not text.strip():
            continue
        *series, label = text.strip().split(":")
        if label not in classes:
            raise DataError(path, line, f"a class ({', '.join(classes)}) at the end", f"{label!r:.60}")
        channels = channels or len(series)
        if len(series) != channels or not series:
            raise DataError(path, line, f"{channels or 1} channels before the class", f"{len(series)}")
        try:
            columns = [parse_numbers(channel.split(",")) for channel in series]
        except ValueError as error:
            raise DataError(path, line, "numbers between commas", str(error)) from error
        if len({len(column) for column in columns}) > 1:
            raise DataError(path, line, "channels of one length", f"{[len(column) for column in columns]}")
        frames = np.stack(columns, axis=1)
        if not np.isfinite(frames).all():
            raise DataError(path, line, "finite values", f"{frames[~np.isfinite(frames)][0]}")
        examples.append((frames, label))
    if not examples:
        raise DataError(path, None, "series after @data", "none")
    return examples


def _header(path: str | os.PathLike, lines: Iterator[tuple[int, str]]) -> dict[str, list[str]]:
    """Reads up to @data; returns the words of every entry by its name in lower case."""
    header: dict[str, list[str]] = {}
    line = 0
    for line, text in lines:
        if not text.strip() or text.startswith("#"):
            continue
        name, *words = text.split()
        if not name.startswith("@"):
            raise DataError(path, line, "@data before the first series", f"{text!r:.60}")
        if name.lower() == "@data":
            break
        header[name[1:].lower()] = words
    if _first(header, "classlabel").lower() != "true":
        raise DataError(path, line, "@classLabel true and the classes before @data", f"the entries {list(header)}")
    if _first(header, "timestamps", "false").lower() != "false":
        raise DataError(path, line, "@timeStamps false (give every value without its time)", "time stamps")
    if parse_whole_number(_first(header, "dimensions", "1")) is None:
        raise DataError(path, line, "@dimensions and a whole number", f"{header['dimensions']!s:.60}")
    return header


def _first(header: dict[str, list[str]], name: str, default: str = "") -> str:
    """The first word of an entry; "" of one without words, the default of one that is not there."""
    return next(iter(header[name]), "") if name in header else default


def _mismatch(head: Head) -> str:
    return "" if any(map(ENTRY.match, head.lines)) else "it has no entries @classLabel, @dimensions ..."


FORMAT = Format("series of the UEA archive (.ts)", _mismatch, read)
