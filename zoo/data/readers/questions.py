"""Questions and their classes: `COARSE:fine word word ...` a line (Li and Roth 2002, the TREC questions)."""

import os
import re

from zoo.data.readers.formats import Format, Head
from zoo.storage.files import DataError, open_text

LINE = re.compile(r"(?P<fine>(?P<coarse>[A-Z]+):[a-z]+) (?P<question>.*\S)\s*")


def read(path: str | os.PathLike, *, classes: str = "coarse", encoding: str = "latin-1") -> list[tuple[str, str]]:
    """Reads questions and their classes.

    Args:
        path: the file.
        classes: "coarse" ("NUM") or "fine" ("NUM:date").
        encoding: the published files are Latin-1.
    Returns:
        List of (question, class).
    Raises:
        DataError: a line of another form. Empty lines are passed over.
        ValueError: other classes.
    """
    if classes not in ("coarse", "fine"):
        raise ValueError(f'classes must be "coarse" or "fine", received: {classes!r}.')
    examples = []
    for line, text in enumerate(open_text(path, encoding=encoding), 1):
        match = LINE.fullmatch(text)
        if not text.strip():
            continue
        if not match:
            raise DataError(path, line, "COARSE:fine and a question", f"{text!r:.60}")
        examples.append((match["question"], match[classes]))
    return examples


def format_of(classes: str) -> Format:
    """The format of files for `read` with these classes."""
    return Format("lines COARSE:fine and a question (TREC)", _mismatch, lambda path: read(path, classes=classes))


def _mismatch(head: Head) -> str:
    return "" if LINE.fullmatch(head.first) else "line 1 does not begin with COARSE:fine"
