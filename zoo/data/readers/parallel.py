"""Parallel texts: two files whose lines with the same number mean the same (as of WMT), or both texts in one line."""

import os
from itertools import zip_longest

from zoo.data.readers.formats import Format, Head
from zoo.storage.files import DataError, open_text


def read(
    source_path: str | os.PathLike, target_path: str | os.PathLike, *, encoding: str = "utf-8"
) -> list[dict[str, str]]:
    """Reads pairs of lines. Lines that are empty in both files are passed over.

    Args:
        source_path: the file of what is read.
        target_path: the file of what is written.
        encoding: of both files.
    Returns:
        List of {"source": text, "target": text}.
    Raises:
        DataError: one file is shorter, or a line is empty in one of them.
    """
    examples = []
    lines = zip_longest(open_text(source_path, encoding=encoding), open_text(target_path, encoding=encoding))
    for line, pair in enumerate(lines, 1):
        texts = [None if text is None else text.strip() for text in pair]
        for text, path, other in zip(texts, (source_path, target_path), (target_path, source_path), strict=True):
            if text is None and any(texts):
                raise DataError(path, line, f"as many lines as in {os.fspath(other)}", f"its end after line {line - 1}")
            if not text and any(texts):
                raise DataError(path, line, f"a text beside line {line} of {os.fspath(other)}", "an empty line")
        if texts[0] and texts[1]:
            examples.append({"source": texts[0], "target": texts[1]})
    return examples


def read_tabs(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[dict[str, str]]:
    """Read lines `SOURCE<TAB>TARGET` without a header; what follows a second tab (Tatoeba's authors) is passed over.

    Lines `NUMBER<TAB>SOURCE<TAB>NUMBER<TAB>TARGET` are Tatoeba's own: their numbers are passed over.

    Raises:
        DataError: a line without a tab, or with an empty text; empty lines are passed over.
    """
    examples = []
    for line, text in enumerate(open_text(path, encoding=encoding), 1):
        if not text.strip():
            continue
        fields = [field.strip() for field in text.split("\t")]
        is_numbered = len(fields) == 4 and fields[0].isdecimal() and fields[2].isdecimal()
        source, target = fields[1::2] if is_numbered else (*fields, "")[:2]
        if not source or not target:
            raise DataError(path, line, "a text, a tab and a text", f"{text!r:.60}")
        examples.append({"source": source, "target": target})
    return examples


def _mismatch(head: Head) -> str:
    if head.path.name.removesuffix(".gz").endswith((".tsv", ".csv")):
        return "a .tsv or .csv file has a header"
    return "" if all(head.first.split("\t")[:2]) and "\t" in head.first else "line 1 has no tab"


TABS = Format("lines of two texts with a tab between them", _mismatch, read_tabs)
