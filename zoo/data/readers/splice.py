"""Sequences of DNA with a class and a name: `class, name, sequence` a line (UCI: splice junctions, promoters)."""

import os
from collections.abc import Sequence

from zoo.data.readers.formats import Format, Head
from zoo.storage.files import DataError, open_text

HEADER = ("class", "name", "sequence")
# A, C, G, T, and the letters of IUPAC for places where the base is not known for sure.
BASES = frozenset("ACGTRYSWKMBDHVN")


def read(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[tuple[str, str]]:
    """Reads sequences of bases and their classes.

    Args:
        path: the file: rows of a class, a name and a sequence with commas or tabs between them, blanks around them
            allowed. There may be a header: class, name and sequence, in any order.
        encoding: of the file.
    Returns:
        List of (sequence in capitals, class), of any lengths and classes; splice.data has EI (exon to intron), IE and N
        (neither), and 60 bases each.
    Raises:
        DataError: a row of another form, an empty class, an unknown base, or no rows.
    """
    examples: list[tuple[str, str]] = []
    columns: tuple[int, ...] = ()
    separator = ""
    for line, text in enumerate(open_text(path, encoding=encoding), 1):
        if not text.strip():
            continue
        separator = separator or _separator(text)
        fields = _fields(text, separator)
        if not columns:
            columns = _columns(fields) or tuple(range(len(HEADER)))
            if _columns(fields):
                continue
        if len(fields) != len(HEADER) or not fields[columns[0]]:
            raise DataError(path, line, "class, name, sequence", f"{text!r:.60}")
        label, bases = fields[columns[0]], fields[columns[2]]
        if not bases or not BASES.issuperset(bases.upper()):
            raise DataError(path, line, f"bases out of {''.join(sorted(BASES))}", f"{bases!r:.80}")
        examples.append((bases.upper(), label))
    if not examples:
        raise DataError(path, None, "class, name, sequence below the header", "none")
    return examples


def _separator(text: str) -> str:
    """Commas separate the fields of UCI's files, also where tabs stand around them."""
    return "," if "," in text else "\t"


def _fields(text: str, separator: str) -> list[str]:
    return [field.strip().strip('"').strip() for field in text.split(separator)]


def _columns(row: Sequence[str]) -> tuple[int, ...]:
    """Where a header has class, name and sequence; () if the row is none."""
    names = [field.lower() for field in row]
    return tuple(names.index(name) for name in HEADER) if sorted(names) == sorted(HEADER) else ()


def _mismatch(head: Head) -> str:
    fields = _fields(head.first, _separator(head.first))
    if len(fields) != len(HEADER):
        return f"line 1 has {len(fields)} fields"
    if not _columns(fields) and not BASES.issuperset(fields[2].upper()):
        return f"line 1 has no bases in its third field, but {fields[2]!r:.20}"
    return ""


FORMAT = Format("class, name, sequence of bases a line (UCI)", _mismatch, read)
