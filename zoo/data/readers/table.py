"""Tables with a header: CSV (quoted as in RFC 4180) or TSV (never quoted, one row a line), plain or gzipped."""

import csv
import os
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from zoo.data.readers.formats import Head
from zoo.storage.files import DataError, open_text

# As `"3","a title","its text"`.
CLASS = re.compile(r'("?)\d{1,4}\1[,\t]')


def read(
    path: str | os.PathLike,
    *,
    text: str = "text",
    label: str = "label",
    encoding: str = "utf-8",
) -> list[tuple[str, str]]:
    """Read two columns of a table; blank lines are passed over.

    Args:
        path: the file. Tabs in its first line make it TSV, commas CSV; with both its name decides.
        text: header of the column of inputs.
        label: header of the column of targets.
        encoding: of the file.
    Returns:
        List of (text, label).
    Raises:
        DataError: a missing or doubled header, a row of another width, an empty field, no rows.
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


def lacks_columns(head: Head, *names: str) -> str:
    """Return what keeps a file from being a table with these columns, by its header; "" if nothing does."""
    header = fields_of(head)
    missing = [name for name in names if name not in header]
    return f"its header has no column {missing[0]!r}" if missing else ""


def fields_of(head: Head) -> list[str]:
    """The fields of a file's first line; [] where it is no row of a table."""
    try:
        return next(iter(_split(head.path, head.first, [head.first])), (1, []))[1]
    except DataError:
        return []


def _all_rows(path, encoding):
    lines = open_text(path, encoding=encoding)
    first_lines = []
    for text in lines:
        first_lines.append(text)
        if text.strip():
            break
    yield from _split(path, first_lines[-1] if first_lines else "", chain(first_lines, lines))


def _split(path: str | os.PathLike, first: str, lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of their first line, by what the first line that is not blank separates its fields with."""
    has_tabs, has_commas = "\t" in first, "," in first
    is_named_csv = Path(str(path).removesuffix(".gz")).suffix == ".csv"
    if has_tabs if has_tabs != has_commas else not is_named_csv:
        yield from ((line, text.split("\t")) for line, text in enumerate(lines, 1))
        return
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


def read_classes(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[tuple[str, str]]:
    """Read rows without a header, a class and then a title or text, or both (Zhang et al. 2015: Yelp, AG's news ...).

    Returns:
        List of (text, class); a title and its text are joined by a blank.
    Raises:
        DataError: a row of one field, or an empty class or text.
    """
    examples = []
    for line, row in rows(path, encoding):
        label, text = row[0].strip(), " ".join(field.strip() for field in row[1:] if field.strip())
        if not label or not text:
            raise DataError(path, line, "a class and a text", f"{row!s:.60}")
        examples.append((text, label))
    return examples


def lacks_classes(head: Head) -> str:
    """Return what keeps a file from being rows of a numbered class and a text, by its first lines."""
    is_class = all(map(CLASS.match, head.lines)) and len(fields_of(head)) > 1
    return "" if is_class else "its lines do not begin with the number of a class"
