"""Words and how they are spoken, a line each: `word PH AH0 ...` (the CMU dictionary), or `word<TAB>p h o n e s`."""

import hashlib
import os
import re
from collections.abc import Sequence

from zoo.data.readers.formats import Format, Head
from zoo.storage.files import DataError, open_text

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
        entry = text.partition(" #")[0]
        if not entry.split() or text.startswith(";;;"):
            continue
        word, *phonemes = _separate(entry)
        wrong = [phoneme for phoneme in phonemes if not PHONEME.fullmatch(phoneme)]
        word = VARIANT.sub("", word)
        if not word or text[0].isspace() or not phonemes or wrong:
            received = f"the phoneme {wrong[0]!r}" if wrong else f"{text!r:.60}"
            raise DataError(path, line, "a word and its phonemes (HH AH0 L OW1)", received)
        pronunciation = " ".join(phonemes if stress else [phoneme.rstrip("012") for phoneme in phonemes])
        examples.setdefault((word, pronunciation), {"source": word, "target": pronunciation, "group": word})
    if not examples:
        raise DataError(path, None, "a word and its phonemes a line", "comments alone")
    return list(examples.values())


def read_tabs(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[dict[str, str]]:
    """Reads words and their phonemes, as WikiPron and SIGMORPHON's shared tasks publish them, without a header.

    Args:
        path: the file: `word<TAB>p h o n e s` a line, phonemes between blanks, in IPA or any other letters; a word may
            hold blanks. One word on several lines has several pronunciations; a line that comes twice counts once.
        encoding: of the file.
    Returns:
        As `read`.
    Raises:
        DataError: a line without a tab, a word or phonemes.
    """
    examples: dict[tuple[str, str], dict[str, str]] = {}
    for line, text in enumerate(open_text(path, encoding=encoding), 1):
        if not text.strip():
            continue
        word, *pronunciation = [" ".join(field.split()) for field in text.split("\t")]
        if len(pronunciation) != 1 or not word or not pronunciation[0]:
            raise DataError(path, line, "a word, a tab and its phonemes between blanks (p h o n e s)", f"{text!r:.60}")
        examples.setdefault((word, pronunciation[0]), {"source": word, "target": pronunciation[0], "group": word})
    return list(examples.values())


def formats(*, stress: bool = True, encoding: str = "utf-8") -> tuple[Format, Format]:
    """The formats of files for `read` and `read_tabs`."""
    return (
        Format(
            "words and phonemes in capitals (CMUdict)",
            _lacks_capitals,
            lambda path: read(path, stress=stress, encoding=encoding),
        ),
        Format(
            "words and phonemes with a tab between them (WikiPron, SIGMORPHON)",
            _lacks_tab,
            lambda path: read_tabs(path, encoding=encoding),
        ),
    )


def _separate(entry: str) -> list[str]:
    """A word, which may hold blanks where a tab follows it, and its phonemes."""
    word, tab, phonemes = entry.partition("\t")
    return [" ".join(word.split()), *phonemes.split()] if tab else entry.split()


def _lacks_capitals(head: Head) -> str:
    line = next((line for line in head.lines if not line.startswith(";;;")), "")
    _, *phonemes = _separate(line.partition(" #")[0]) or [""]
    if not phonemes:
        return "its first word has no phonemes"
    wrong = [phoneme for phoneme in phonemes if not PHONEME.fullmatch(phoneme)]
    return f"its first word has the phoneme {wrong[0]!r:.20}" if wrong else ""


def _lacks_tab(head: Head) -> str:
    if not all(head.first.partition("\t")):
        return "line 1 is not a word, a tab and phonemes"
    names = {name.strip().lower() for name in head.first.split("\t")}
    return "line 1 is a header" if {"source", "target"} <= names else ""


def split(examples: Sequence[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Splits by word, so that all variants of a word are in one part: about 90 % train, 5 % validation, 5 % test.

    The first byte of a word's SHA-1 decides: below 13 test, below 26 validation. So a word stays in its part whatever
    else the dictionary holds.
    """
    parts: dict[str, list] = {"train": [], "validation": [], "test": []}
    for example in examples:
        number = hashlib.sha1(example.get("group", example["source"]).encode()).digest()[0]
        parts["test" if number < 13 else "validation" if number < 26 else "train"].append(example)
    return parts
