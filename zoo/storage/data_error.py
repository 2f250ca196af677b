"""Damaged files: the error that names them, a guard around decoders, and strict readings of JSON and numbers."""

import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

# Levels of JSON within each other; with more, Python's own `repr` fails, too.
MAX_JSON_DEPTH = 100
# Digits of a whole number: what 64 bits hold for sure.
MAX_DIGITS = 18
# Characters that only an escape brings into JSON, and no text holds: NUL, and halves of a pair (surrogates).
NO_TEXT = re.compile("[\0\ud800-\udfff]")


class DataError(ValueError):
    """A file that is not what its reader expects: "FILE:LINE: expected ..., found ...".

    Args:
        path: the file.
        line: number of the line, from 1; None when the whole file or folder is meant.
        expected: the rule, and the remedy where there is one.
        found: what stands there instead.
    """

    def __init__(self, path: str | os.PathLike, line: int | None, expected: str, received: str):
        # All four arguments stay in `args`, so that the error survives the way home from a worker process.
        super().__init__(path, line, expected, received)
        self.path, self.line, self.expected, self.received = Path(path), line, expected, received

    def __str__(self) -> str:
        location = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{location}: expected {self.expected}, found {self.received}"


@contextmanager
def damage_as_data_error(path: str | os.PathLike, expected: str, *, line: int | None = None) -> Iterator[None]:
    """Turn whatever a decoder raises over damaged bytes into a DataError.

    Decoders of other packages raise nearly anything: `zlib.error`, `tokenize.TokenError`, `IndexError`, errors of their
    own. Open and read the file before: its absence is no damage.

    Args:
        path: the file, or its name within an archive.
        expected: the rule.
        line: where it stands, if there are lines.
    Raises:
        DataError: anything but an error that is a DataError already, or a package that is not installed.
    """
    try:
        yield
    except (DataError, ImportError):
        raise
    except Exception as error:
        message = str(error).partition("\n")[0].rstrip(":")
        raise DataError(path, line, expected, f"damage ({type(error).__name__}: {message:.100})") from error


def parse_json(text: str, path: str | os.PathLike, line: int | None = None, *, expected: str = "JSON") -> Any:
    """Parse JSON strictly: no NaN or Infinity, no bottomless nesting, no NUL or half a surrogate pair in a string.

    Args:
        text: the JSON.
        path, line: where it stands, for the error; without a line it is counted from 1 within the text.
        expected: the rule, for the error.
    Raises:
        DataError: anything else.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        if "\\u" in text or text.count("[") + text.count("{") > MAX_JSON_DEPTH:
            _check_values(value)
    except json.JSONDecodeError as error:
        raise DataError(path, line or error.lineno, expected, f"{error.msg}: {text!r:.60}") from error
    except RecursionError as error:
        raise DataError(path, line or 1, expected, f"more than {MAX_JSON_DEPTH} levels of nesting") from error
    except ValueError as error:  # a number of thousands of digits, or what the checks refuse
        raise DataError(path, line or 1, expected, str(error).partition(";")[0]) from error
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name}, which is no number of JSON")


def _check_values(value: Any) -> None:
    """Walk through values without recursion."""
    stack = [(value, 1)]
    while stack:
        item, depth = stack.pop()
        if depth > MAX_JSON_DEPTH and isinstance(item, dict | list):
            raise ValueError(f"more than {MAX_JSON_DEPTH} levels of nesting")
        if isinstance(item, str) and (wrong := NO_TEXT.search(item)):
            raise ValueError(f"the character U+{ord(wrong[0]):04X} in a text")
        if isinstance(item, dict):
            stack += [(each, depth + 1) for pair in item.items() for each in pair]
        elif isinstance(item, list):
            stack += [(each, depth + 1) for each in item]


def parse_whole_number(text: str) -> int | None:
    """The number that ASCII digits stand for, none below 0; None for another text, or more digits than 64 bits hold."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS else None


def parse_numbers(fields: Sequence[str]) -> np.ndarray:
    """Parse texts as numbers, (N,) float32; what float32 cannot hold becomes infinite.

    Raises:
        ValueError: a text that is no number; "1_5" is none, although Python reads it.
    """
    wrong = next((field for field in fields if "_" in field), None) if "_" in "".join(fields) else None
    if wrong is not None:
        raise ValueError(f"could not convert string to float: {wrong!r:.60}")
    with np.errstate(over="ignore"):
        return np.array(fields, "float64").astype("float32")
