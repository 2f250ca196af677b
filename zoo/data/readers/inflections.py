"""Tables of inflected forms: lemma, form and features a line between tabs, features joined by ";" (UniMorph)."""

import os
import re
from collections.abc import Sequence

from zoo.data.readers.formats import Format, Head
from zoo.storage.files import DataError, open_text

# "V;IND;PRS;1;PL" or "V.PTCP;PST". A form in this column, which some tables have, begins with a small letter.
FEATURES = re.compile(r"[A-Z][^\s;]*(;[^\s;]+)*")


def read(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[dict[str, str]]:
    """Reads forms, each as an example: from a lemma and features to the form.

    Args:
        path: the file, plain or gzipped: `lemma<TAB>form<TAB>features`, or `lemma<TAB>features<TAB>form` as SIGMORPHON
            has it since 2022. Empty lines, which some tables have between lemmas, are passed over.
        encoding: of the file.
    Returns:
        List of {"source": "nähren V;IND;PRS;1;PL", "target": "nähren", "lemma": "nähren"}, in the order of the file.
        A lemma or form may be of several words; features hold no blank, so that what follows the last blank of a
        source are the features.
    Raises:
        DataError: a line that has not three columns, an empty field, or one that should hold features and does not.
    """
    lines = [(line, text) for line, text in enumerate(open_text(path, encoding=encoding), 1) if text.strip(" ")]
    column = _features_column([text for _, text in lines])
    examples = []
    for line, text in lines:
        fields = [field.strip() for field in text.split("\t")]
        if len(fields) != 3:
            raise DataError(path, line, "lemma, form and features, separated by tabs", f"{len(fields)}: {text!r:.60}")
        if not all(fields):
            raise DataError(path, line, "a lemma, a form and features", f"an empty field: {fields}")
        lemma, form, features = fields[0], fields[3 - column], fields[column]
        if not FEATURES.fullmatch(features):
            column = {1: "second", 2: "third"}[column]
            raise DataError(path, line, f"features in the {column} column (V;PST;3;SG)", f"{features!r:.60}")
        examples.append({"source": f"{lemma} {features}", "target": form, "lemma": lemma})
    return examples


def split_by_lemma(examples: Sequence[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Splits by lemma, so that no form of a tested word was seen in training.

    Lemmas are numbered in the order in which they first appear: number mod 10 is 0 test, 1 validation, else train.
    """
    numbers: dict[str, int] = {}
    parts: dict[str, list] = {"train": [], "validation": [], "test": []}
    for example in examples:
        number = numbers.setdefault(example["lemma"], len(numbers)) % 10
        parts[{0: "test", 1: "validation"}.get(number, "train")].append(example)
    return parts


def _features_column(lines: Sequence[str]) -> int:
    """The column of features: the third, unless more of the second are joined by ";"."""
    rows = [text.split("\t") for text in lines]
    joined = {column: sum(len(row) > column and ";" in row[column] for row in rows) for column in (1, 2)}
    return 1 if joined[1] > joined[2] else 2


def _mismatch(head: Head) -> str:
    fields = [field.strip() for field in head.first.split("\t")]
    if len(fields) != 3 or not all(fields):
        return f"line 1 has {len(fields)} columns between tabs"
    return "" if FEATURES.fullmatch(fields[_features_column(head.lines)]) else "line 1 has no features (V;PST;3;SG)"


FORMAT = Format("lemma, form and features a line (UniMorph, SIGMORPHON)", _mismatch, read)
