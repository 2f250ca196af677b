"""Tables with a header: CSV (quoted as in RFC 4180) and TSV (never quoted, one row a line), plain or gzipped."""

import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from zoo.data.files import DataError, open_text


def read(
    path: str | os.PathLike,
    *,
    text: str = "text",
    label: str = "label",
    encoding: str = "utf-8",
) -> list[tuple[str, str]]:
    """Read two columns of a table; blank lines are passed over.

    Args:
        path: a file named .csv, .tsv, .csv.gz or .tsv.gz.
        text: header of the column of inputs.
        label: header of the column of targets.
        encoding: of the file.
    Returns:
        List of (text, label).
    Raises:
        DataError: another name, a missing or doubled header, a row of another width, an empty field, no rows.
    """
    lines = rows(path, encoding)
    line, header = next(lines)
    for name in (text, label):
        if header.count(name) != 1:
            raise DataError(path, line, f"one column {name!r} in the header", f"the columns {header}")
    columns = header.index(text), header.index(label)
    examples = []
    for line, row in lines:
        if len(row) != len(header):
            raise DataError(path, line, f"{len(header)} fields as in the header", f"{len(row)}: {row!s:.60}")
        example = row[columns[0]].strip(), row[columns[1]].strip()
        if not all(example):
            raise DataError(path, line, f"a {text} and a {label}", f"an empty field: {example}")
        examples.append(example)
    if not examples:
        raise DataError(path, line, "rows below the header", "none")
    return examples


def rows(path: str | os.PathLike, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with the number of their first line; blank ones are passed over."""
    for line, row in _all_rows(path, encoding):
        if any(map(str.strip, row)):
            yield line, row


def _all_rows(path, encoding):
    lines = open_text(path, encoding=encoding)
    match Path(str(path).removesuffix(".gz")).suffix:
        case ".tsv":
            yield from ((line, text.split("\t")) for line, text in enumerate(lines, 1))
        case ".csv":
            # A quoted field may hold line ends: the csv module needs them back.
            reader = csv.reader((line + "\n" for line in lines), strict=True)
            csv.field_size_limit(sys.maxsize)  # a field may be a book
            line = 1
            try:
                for row in reader:
                    yield line, row
                    line = reader.line_num + 1
            except csv.Error as error:
                raise DataError(path, line, "a row of CSV", str(error)) from error
        case suffix:
            raise DataError(path, None, "a file named .csv or .tsv", f"{suffix!r}")
