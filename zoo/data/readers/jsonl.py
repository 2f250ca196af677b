"""JSON lines: one object a line, with a text and its label, or tokens and their tags."""

import os
from collections.abc import Iterator
from typing import Any

from zoo.data.readers.formats import Head
from zoo.storage.data_error import parse_json
from zoo.storage.files import DataError, open_text


def read(
    path: str | os.PathLike, *, text: str = "text", label: str = "label", encoding: str = "utf-8"
) -> list[tuple[str, str]]:
    """Reads `{"text": "...", "label": "..."}`; a whole number as label becomes its digits.

    Args:
        path: the file.
        text: key of the input.
        label: key of the target.
        encoding: of the file.
    Returns:
        List of (text, label).
    Raises:
        DataError: a line that is not such an object.
    """
    examples = []
    for line, value in objects(path, encoding):
        example, target = value.get(text), value.get(label)
        if not isinstance(example, str) or not example.strip():
            raise DataError(path, line, f"a text under {text!r}", f"{example!r:.60}")
        if isinstance(target, bool) or not isinstance(target, str | int) or not str(target).strip():
            raise DataError(path, line, f"a string or whole number under {label!r}", f"{target!r:.60}")
        examples.append((example, str(target).strip()))
    return examples


def read_tags(
    path: str | os.PathLike, *, tokens: str = "tokens", tags: str = "tags", encoding: str = "utf-8"
) -> list[tuple[list[str], list[str]]]:
    """Reads `{"tokens": ["...", ...], "tags": ["...", ...]}`.

    Returns:
        List of (tokens, tags), lists of the same length.
    Raises:
        DataError: a line that is not such an object.
    """
    examples = []
    for line, value in objects(path, encoding):
        for key in (tokens, tags):
            column = value.get(key)
            if not isinstance(column, list) or not column or not all(isinstance(s, str) and s.strip() for s in column):
                raise DataError(path, line, f"a list of strings under {key!r}", f"{column!r:.60}")
        if len(value[tokens]) != len(value[tags]):
            received = f"{len(value[tokens])} {tokens} and {len(value[tags])} {tags}"
            raise DataError(path, line, "one tag a token", received)
        examples.append((value[tokens], value[tags]))
    return examples


def objects(path: str | os.PathLike, encoding: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield objects with the number of their line; blank lines are passed over."""
    for line, text in enumerate(open_text(path, encoding=encoding), 1):
        if not text.strip():
            continue
        value = parse_json(text, path, line, expected="a JSON object")
        if not isinstance(value, dict):
            raise DataError(path, line, "a JSON object", f"{text!r:.60}")
        yield line, value


def lacks_keys(head: Head, *names: str) -> str:
    """Return what keeps a file from being JSON lines with these keys, by its first object; "" if nothing does."""
    try:
        value = parse_json(head.first, head.path, 1)
    except DataError:
        value = None
    if not isinstance(value, dict):
        return "line 1 is no JSON object"
    missing = [name for name in names if name not in value]
    return f"its first object has no {missing[0]!r}" if missing else ""
