"""Words and how they are spoken: `word PH AH0 ...` a line (the CMU Pronouncing Dictionary)."""

import hashlib
import os
import re
from collections.abc import Sequence

from zoo.data.files import DataError, open_text

VARIANT = re.compile(r"\(\d+\)$")
PHONEME = re.compile(r"[A-Z]+[012]?")


def read(path: str | os.PathLike, *, stress: bool = True, encoding: str = "utf-8") -> list[dict[str, str]]:
    """Reads words and their phonemes, every variant ("a", "a(2)") as an example of its own.

    Args:
        path: the file; what follows " #" is a comment, and so is a line that begins with ";;;".
        stress: False to leave out the digits that mark stress ("AH0"); variants that then sound alike become one.
        encoding: of the file (that of older editions is latin-1).
    Returns:
        List of {"source": word, "target": "AH B AW T", "group": word}; variants of a word have the same group, which is
        the word without its number. So has the source: the number is not spelled.
    Raises:
        DataError: a line without a word or phonemes, comments alone, or a phoneme that is not capitals with at most one
            digit 0, 1 or 2.
    """
    examples: dict[tuple[str, str], dict[str, str]] = {}
    for line, text in enumerate(open_text(path, encoding=encoding), 1):
        entry = text.partition(" #")[0].split()
        if not entry or text.startswith(";;;"):
            continue
        word, *phonemes = entry
        wrong = [phoneme for phoneme in phonemes if not PHONEME.fullmatch(phoneme)]
        word = VARIANT.sub("", word)
        if not word or text[0].isspace() or not phonemes or wrong:
            found = f"the phoneme {wrong[0]!r}" if wrong else f"{text!r:.60}"
            raise DataError(path, line, "a word and its phonemes (HH AH0 L OW1)", found)
        spoken = " ".join(phonemes if stress else [phoneme.rstrip("012") for phoneme in phonemes])
        examples.setdefault((word, spoken), {"source": word, "target": spoken, "group": word})
    if not examples:
        raise DataError(path, None, "a word and its phonemes a line", "comments alone")
    return list(examples.values())


def split(examples: Sequence[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Splits by word, so that all variants of a word are in one part: about 90 % train, 5 % validation, 5 % test.

    The first byte of a word's SHA-1 decides: below 13 test, below 26 validation. So a word stays in its part whatever
    else the dictionary holds.
    """
    parts: dict[str, list] = {"train": [], "validation": [], "test": []}
    for example in examples:
        number = hashlib.sha1(example["group"].encode()).digest()[0]
        parts["test" if number < 13 else "validation" if number < 26 else "train"].append(example)
    return parts
