"""Texts in one file a class, one text a line: sentence polarity (rt-polarity.pos, .neg), surnames by language."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from zoo.data.files import DataError, open_text

NAME = re.compile(r"(?P<txt>.+)\.txt(\.gz)?|.+\.(?P<polarity>pos|neg)(\.gz)?")


def read(paths: Mapping[str, str | os.PathLike], *, encoding: str = "utf-8") -> list[tuple[str, str]]:
    """Reads texts and their labels, class after class.

    Args:
        paths: file by label.
        encoding: of all files.
    Returns:
        List of (text, label).
    Raises:
        DataError: an empty line or file, or undecodable text.
    """
    examples = []
    for label, path in paths.items():
        for line, text in enumerate(open_text(path, encoding=encoding), 1):
            if not text.strip():
                raise DataError(path, line, "one text", "an empty line")
            examples.append((text.strip(), label))
    return examples


def read_folder(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[tuple[str, str]]:
    """Reads a folder of such files: LABEL.txt, or NAME.pos and NAME.neg, plain or gzipped; in the order of the labels.

    Raises:
        DataError: as `read`; a file of another name, two files for one label, or fewer than two labels.
    """
    paths: dict[str, Path] = {}
    for file in sorted(Path(path).iterdir()):
        if file.name.startswith("."):
            continue
        match = NAME.fullmatch(file.name)
        if not match or not file.is_file():
            raise DataError(path, None, "only files LABEL.txt, NAME.pos, NAME.neg or these with .gz", repr(file.name))
        label = match["txt"] or match["polarity"]
        if label in paths:
            raise DataError(path, None, "one file a label", f"{paths[label].name!r} and {file.name!r}")
        paths[label] = file
    if len(paths) < 2:
        raise DataError(path, None, "a file for each of two labels or more", f"the labels {sorted(paths)}")
    return read({label: paths[label] for label in sorted(paths)}, encoding=encoding)
