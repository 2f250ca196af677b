"""Pieces of music as JSON: {"train": [piece, ...], ...}, a piece is a list of steps, a step the pitches that sound."""

import os
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from zoo.data.readers.formats import Format, Head
from zoo.storage.files import DataError, load_json

# The keys of a piano, as MIDI numbers.
LOWEST, HIGHEST = 21, 108
KEYS = HIGHEST - LOWEST + 1
# Steps of all pieces of a file together: 350 MB as rolls.
MAX_STEPS = 1_000_000
SPLITS = {"train": "train", "valid": "validation", "test": "test"}
START_PATTERN = re.compile(rb"\s*\{\s*\"(train|valid|test)\"")


def read(path: str | os.PathLike, *, encoding: str = "utf-8") -> dict[str, list[np.ndarray]]:
    """Reads pieces as piano rolls, by split.

    Args:
        path: a file such as jsb-chorales-quarter.json (a step is a quarter note) or Jsb16thSeparated.json; in the
            latter a voice that is silent has the pitch -1.
        encoding: of the file.
    Shapes:
        a list of rolls (T, 88) float32 of 0 and 1 under "train", "validation" and "test".
    Raises:
        DataError: no JSON of this form, a pitch that is no key of a piano, or more than MAX_STEPS.
    """
    content = load_json(path, encoding=encoding)
    if not isinstance(content, dict) or not set(SPLITS) <= set(content):
        received = sorted(content) if isinstance(content, dict) else type(content).__name__
        raise DataError(path, 1, f"an object with {', '.join(SPLITS)}", f"{received!s:.60}")
    steps = sum(len(piece) for key in SPLITS for piece in _list(path, content, key) if isinstance(piece, list))
    if steps > MAX_STEPS:
        raise DataError(path, None, f"at most {MAX_STEPS:,} steps in all pieces (give fewer)", f"{steps:,}")
    return {
        name: [_piece(path, piece, f"{key} piece {number}") for number, piece in enumerate(_list(path, content, key))]
        for key, name in SPLITS.items()
    }


def _list(path: str | os.PathLike, content: dict[str, Any], key: str) -> list:
    if not isinstance(content[key], list) or not content[key]:
        raise DataError(path, 1, f"a list of pieces under {key!r}", f"{content[key]!r:.60}")
    return content[key]


def _piece(path: str | os.PathLike, piece: Any, where: str) -> np.ndarray:
    if not isinstance(piece, list) or not piece:
        raise DataError(path, 1, f"a list of steps as {where}", f"{piece!r:.60}")
    for number, step in enumerate(piece):
        if not isinstance(step, list):
            raise DataError(path, 1, f"a list of pitches as step {number} of {where}", f"{step!r:.60}")
        wrong = [pitch for pitch in step if pitch != -1 and not _is_key(pitch)]
        if wrong:
            raise DataError(path, 1, f"pitches of {LOWEST} to {HIGHEST} in step {number} of {where}", f"{wrong[0]!r}")
    return piano_roll([[pitch for pitch in step if pitch != -1] for step in piece])


def _is_key(pitch: Any) -> bool:
    return isinstance(pitch, int | np.integer) and not isinstance(pitch, bool) and LOWEST <= int(pitch) <= HIGHEST


def piano_roll(steps: Sequence[Iterable[int]]) -> np.ndarray:
    """Returns the roll (T, 88) float32 of the pitches that sound at every step: 1 where a key is down.

    Raises:
        ValueError: a pitch that is no key of a piano.
    """
    roll = np.zeros((len(steps), KEYS), "float32")
    for number, step in enumerate(steps):
        for pitch in step:
            if not _is_key(pitch):
                raise ValueError(
                    f"pitches are MIDI numbers of {LOWEST} to {HIGHEST}, received: step {number}, {pitch}."
                )
            roll[number, pitch - LOWEST] = 1.0
    return roll


def pitches(roll: np.ndarray) -> list[list[int]]:
    """Returns the pitches that sound at every step of a roll (T, 88), the lowest first."""
    return [(np.flatnonzero(step > 0.5) + LOWEST).tolist() for step in np.asarray(roll)]


def _mismatch(head: Head) -> str:
    return "" if START_PATTERN.match(head.content) else "it is no JSON object of train, valid and test"


FORMAT = Format("JSON with pieces under train, valid and test (JSB chorales)", _mismatch, read)
