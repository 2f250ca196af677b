"""Commands and their actions: `IN: jump twice OUT: I_JUMP I_JUMP` a line (SCAN, Lake and Baroni 2018)."""

import os

from zoo.data.readers.formats import Format, Head
from zoo.storage.files import DataError, open_text

START_PATTERN, MIDDLE = "IN: ", " OUT: "


def read(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[dict[str, str]]:
    """Reads commands and actions.

    Args:
        path: the file.
        encoding: of the file.
    Returns:
        List of {"source": command, "target": actions}.
    Raises:
        DataError: a line of another form. Empty lines are passed over.
    """
    examples = []
    for line, text in enumerate(open_text(path, encoding=encoding), 1):
        if not text.strip():
            continue
        source, _, target = text.removeprefix(START_PATTERN).partition(MIDDLE)
        target = target.rstrip()
        if not text.startswith(START_PATTERN) or not source[:1].strip() or not target[:1].strip() or MIDDLE in target:
            raise DataError(path, line, "IN: a command OUT: its actions", f"{text!r:.60}")
        examples.append({"source": source.rstrip(), "target": target})
    return examples


def _mismatch(head: Head) -> str:
    is_pair = head.first.startswith(START_PATTERN) and MIDDLE in head.first
    return "" if is_pair else f"line 1 is not {START_PATTERN}... {MIDDLE.strip()} ..."


FORMAT = Format("lines IN: a command OUT: its actions (SCAN)", _mismatch, read)
