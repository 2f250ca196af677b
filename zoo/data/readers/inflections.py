"""Tables of inflected forms: `lemma<TAB>form<TAB>features` a line, features joined by ";" (UniMorph)."""

import os
import re
from collections.abc import Sequence

from zoo.data.files import DataError, open_text

# "V;IND;PRS;1;PL" or "V.PTCP;PST". A form in this column, which some tables have, begins with a small letter.
FEATURES = re.compile(r"[A-Z][^\s;]*(;[^\s;]+)*")


def read(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[dict[str, str]]:
    """Reads forms, each as an example: from a lemma and features to the form.

    Args:
        path: the file, plain or gzipped. Empty lines, which some tables have between lemmas, are passed over.
        encoding: of the file.
    Returns:
        List of {"source": "nähren V;IND;PRS;1;PL", "target": "nähren", "lemma": "nähren"}, in the order of the file.
        A lemma or form may be of several words; features hold no blank, so that what follows the last blank of a
        source are the features.
    Raises:
        DataError: a line that has not three columns, an empty field, or a third one that holds no features.
    """
    examples = []
    for line, text in enumerate(open_text(path, encoding=encoding), 1):
        if not text:
            continue
        fields = [field.strip() for field in text.split("\t")]
        if len(fields) != 3:
            raise DataError(path, line, "lemma, form and features, separated by tabs", f"{len(fields)}: {text!r:.60}")
        if not all(fields):
            raise DataError(path, line, "a lemma, a form and features", f"an empty field: {fields}")
        lemma, form, features = fields
        if not FEATURES.fullmatch(features):
            raise DataError(path, line, "features in the third column (V;PST;3;SG)", f"{features!r:.60}")
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
