"""Formats of files, recognised by what they hold: the first lines decide, never the name."""

import codecs
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoo.storage.containers import BoundedGzipFile
from zoo.storage.data_error import DataError, damage_as_data_error
from zoo.storage.files import known_encoding, visible_files

# Bytes that are read to recognise a format: a first line may be a book, the others are of less use.
MAX_FIRST_LINE, HEAD_BYTES = 1 << 20, 1 << 14
MAX_LINES = 200
# What stands beside the data of a published set, and is none of them.
DOCUMENTATION = re.compile(r"(readme|licen[cs]e|changelog)([^a-z].*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Head:
    """The beginning of a file.

    Args:
        path: the file.
        content: its first bytes, unpacked if its name ends in .gz.
        lines: its first lines that are not blank, what their encoding does not know replaced; none of what has a NUL,
            and is no text.
    """

    path: Path
    content: bytes
    lines: tuple[str, ...]

    @property
    def first(self) -> str:
        """The first line that is not blank; "" without one."""
        return self.lines[0] if self.lines else ""


@dataclass(frozen=True)
class Format:
    """A format of files.

    Args:
        name: for messages: "JSON lines with text and label".
        mismatch: what keeps a file, by its head, from being of this format ("line 1 has no tab"); "" if nothing does.
        read: reads a file of this format.
        is_plain: nearly any text is of this format; beside a file of another one for the same split it is no data (UD
            has the text of every NAME.conllu in NAME.txt).
    """

    name: str
    mismatch: Callable[[Head], str]
    read: Callable[[Path], Any]
    is_plain: bool = False


def read_head(path: str | os.PathLike, *, encoding: str = "utf-8") -> Head:
    """Read the beginning of a file.

    Args:
        path: the file.
        encoding: of its text.
    Raises:
        DataError: a damaged gzip file.
    """
    path = Path(path)
    with (
        BoundedGzipFile(path) if path.suffix == ".gz" else open(path, "rb") as file,
        damage_as_data_error(path, "a whole gzip file (fetch it again)"),
    ):
        first = file.readline(MAX_FIRST_LINE)
        content = first + file.read(HEAD_BYTES)
    whole = content if len(content) < len(first) + HEAD_BYTES else content[: max(len(first), content.rfind(b"\n"))]
    encoding = known_encoding(encoding)
    is_wide = encoding.startswith(("utf-16", "utf-32"))  # only there is a NUL a part of a character
    text = "" if b"\0" in whole and not is_wide else whole.decode(encoding, "replace").removeprefix("\ufeff")
    lines = [line.rstrip("\r") for line in text.split("\n" if "\n" in text else "\r")]
    return Head(path, content, tuple(line for line in lines if line.strip())[:MAX_LINES])


def recognise(path: str | os.PathLike, formats: Iterable[Format], *, encoding: str = "utf-8") -> Format:
    """Return the first of the formats that a file is of.

    Raises:
        DataError: it is of none; the error names all that were tried, and what the file lacks for each.
    """
    head, missed = read_head(path, encoding=encoding), []
    for format in formats:
        reason = format.mismatch(head)
        if not reason:
            return format
        missed.append(f"{format.name} ({reason})")
    if not head.lines and head.content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataError(path, 1, f"{encoding} text (convert the file to UTF-8, or name its encoding)", "UTF-16")
    if not head.content.strip():
        raise DataError(path, 1, "at least one line of text", "an empty file")
    received = f"{head.first!r:.60}" if head.lines else f"the bytes {head.content[:8].hex(' ')}"
    raise DataError(path, None, f"one of the formats: {'; '.join(missed)}", received)


def read_any(path: str | os.PathLike, formats: Iterable[Format]) -> Any:
    """Read a file in whichever of the formats it is, see `recognise`."""
    return recognise(path, formats).read(Path(path))


def starts_with(pattern: str, missing: str) -> Callable[[Head], str]:
    """Return a `mismatch` by a regular expression for the beginning of the first line; `missing` describes what it
    lacks.
    """
    expression = re.compile(pattern)
    return lambda head: "" if expression.match(head.first) else missing


def data_files(folder: str | os.PathLike, *, depth: int = 0) -> list[Path]:
    """Return the files of a folder by their names, and of folders below it down to a depth.

    What a system adds unasked (see `zoo.storage.files.visible_files`) and documentation (README, LICENSE) are left out.
    """
    files: list[Path] = []
    for path in visible_files(folder):
        if path.is_dir():
            files += data_files(path, depth=depth - 1) if depth else []
        elif not DOCUMENTATION.fullmatch(path.name):
            files.append(path)
    return files
