"""JSON objects that a person can read, written whole or not at all."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from zoo.storage.data_error import DataError, parse_json
from zoo.storage.files import dump_json, replace_file


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Writes JSON that a person can read, whole or not at all; numbers that are not finite as null."""
    with replace_file(path) as temporary:
        temporary.write_text(dump_json(content, indent=2) + "\n", encoding="utf-8")


def read_json(path: Path, required: Iterable[str] = ()) -> dict[str, Any]:
    """Read a JSON object; {} if there is no such file.

    Args:
        path: the file.
        required: keys that the object has.
    Raises:
        DataError: the file holds something else.
    """
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(path, None, "JSON in UTF-8 (restore it, or remove it)", str(error)) from error
    content = parse_json(text, path, expected="JSON (restore it, or remove it)")
    if not isinstance(content, dict):
        raise DataError(path, 1, "a JSON object (restore it, or remove it)", f"{text!r:.60}")
    if missing := [key for key in required if key not in content]:
        rule = f"an object with {', '.join(required)} (restore it, or remove it)"
        raise DataError(path, 1, rule, f"none of the name {missing[0]!r}")
    return content
