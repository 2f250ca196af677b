"""Dialogues of one's own: JSON lines, each {"turns": ["...", "...", ...]}, plain or gzipped."""

import os

from zoo.data.readers.formats import Format
from zoo.data.readers.jsonl import lacks_keys, objects
from zoo.storage.files import DataError


def read(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[list[str]]:
    """Reads the turns of each dialogue.

    Raises:
        DataError: a line that is no such object, or a file without lines.
    """
    dialogues = []
    for line, value in objects(path, encoding):
        turns = value.get("turns")
        if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) for turn in turns):
            raise DataError(path, line, 'a list of texts under "turns"', f"{turns!r:.60}")
        dialogues.append(turns)
    if not dialogues:
        raise DataError(path, None, "a dialogue a line", "none")
    return dialogues


FORMAT = Format('JSON lines with "turns"', lambda head: lacks_keys(head, "turns"), read)
