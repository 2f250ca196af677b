"""Plain text: a whole file as one text, or a text a line."""

import os

from zoo.data.readers.formats import Head
from zoo.storage.files import open_text


def read(path: str | os.PathLike, *, encoding: str = "utf-8") -> str:
    """Reads a file as one text, in which every line, the last too, ends in a newline alone.

    Args:
        path: the file, plain or gzipped.
        encoding: of the file.
    Raises:
        DataError: bytes that the encoding does not know, or a file without any text.
    """
    return "".join(line + "\n" for line in open_text(path, encoding=encoding))


def read_lines(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[str]:
    """Reads the lines of a file, stripped of the blanks around them, without empty ones.

    Raises:
        DataError: as `read`.
    """
    return [line.strip() for line in open_text(path, encoding=encoding) if line.strip()]


def lacks_text(head: Head) -> str:
    """Return what keeps a file from being text, by its first lines; "" if nothing does."""
    return "it holds the byte 0x00" if b"\0" in head.content else ""
