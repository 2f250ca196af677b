"""The journal of a search, one event a line; a search that was killed continues from it."""

import json
import os
from pathlib import Path
from typing import Any

from zoo.storage.files import dump_json, finite


class Journal:
    """Events in the order they happened, each on the disk before the next; nothing written is ever changed.

    A kill while a line is written loses that line alone, and its event happens again.

    Args:
        path: of the file, which need not exist.
    Attributes:
        events: those read and those appended.
    Raises:
        ValueError: a line before the last is no event.
    """

    def __init__(self, path: str | os.PathLike):
        self.path = Path(path)
        self.events: list[dict[str, Any]] = []
        written = self.path.read_bytes() if self.path.is_file() else b""
        whole, _, _ = written.rpartition(b"\n")
        if whole:
            for number, line in enumerate(whole.split(b"\n"), 1):
                try:
                    event = json.loads(line)
                    if not isinstance(event, dict) or "event" not in event:
                        raise ValueError("an object without an event")
                    self.events.append(event)
                except (ValueError, RecursionError) as error:
                    raise ValueError(
                        f"{self.path}, line {number}: an event is one JSON object a line. Received: {line[:80]!r}. "
                        "Restore the file, or start the search over with --force."
                    ) from error
        if len(written) > len(whole) + bool(whole):  # the line that a kill cut off
            with open(self.path, "r+b") as file:
                file.truncate(len(whole) + bool(whole))

    def append(self, event: str, **content: Any) -> None:
        """Append an event, numbers that are not finite as null; it is on the disk when this returns."""
        line = finite({"event": event, **content})
        with open(self.path, "ab") as file:
            file.write(dump_json(line).encode("utf-8") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.events.append(line)
