"""Where pictures and clips with captions come from: a folder of a person's own, with a table of what they show."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from recipes.sources import TABLES
from recipes.tfds_sources import Ways, from_tfds
from zoo.data.files import DataError
from zoo.data.paths import path_below
from zoo.data.readers import jsonl, table
from zoo.data.senses import Sense
from zoo.data.splits import split_by_index

NAMES = ("captions.tsv", "captions.csv", "captions.jsonl")


def captioned(folder: Path, sense: Sense, *, column: str) -> dict[str, list[dict[str, Any]]]:
    """Pictures or clips with what is said of each, by split: index mod 10 of the files, 0 test and 1 validation.

    Args:
        folder: holds the files and captions.tsv, .csv or .jsonl (plain or .gz) with `file` and `caption`; a file may
            have several captions. The table itself will do, too.
        sense: what makes numbers of a file.
        column: the name under which an example has them.
    Returns:
        By split a list of {column: pixels (uint8), "target": a caption, "captions": all of the file, "file": its name}.
    Raises:
        DataError: no table, none of its files, a damaged one, or one that is not there.
    """
    path = _table(folder)
    read = jsonl.read if path.name.endswith((".jsonl", ".jsonl.gz")) else table.read
    by_file: dict[str, list[str]] = {}
    first_row: dict[str, int] = {}
    for row, (file, caption) in enumerate(read(path, text="file", label="caption"), 1):
        by_file.setdefault(file, []).append(" ".join(caption.split()))
        first_row.setdefault(file, row)
    found = []
    for file, captions in by_file.items():
        picture = path_below(path.parent, file, table=path, row=first_row[file])
        found.append([{column: shrunk(sense, picture), "file": file}, captions])
    return split_captions(found)


def of_set(data: str, ways: Ways, sense: Sense, *, column: str) -> dict[str, list[dict[str, Any]]]:
    """The same of a set of TFDS: the features of `ways` are a picture or clip, and a caption, captions or a label."""
    read = from_tfds(
        data, ways, each=lambda seen, said: (shrunk(sense, seen), [said] if isinstance(said, str) else said)
    )
    return {
        split: each_caption(
            ({column: seen, "file": f"{split} {number}"}, [" ".join(one.split()) for one in said])
            for number, (seen, said) in enumerate(part)
        )
        for split, part in read.items()
    }


def split_captions(found: Iterable[Any]) -> dict[str, list[dict[str, Any]]]:
    """(example, its captions) by split."""
    return {split: each_caption(part) for split, part in split_by_index(list(found)).items()}


def each_caption(found: Iterable[tuple[dict[str, Any], list[str]]]) -> list[dict[str, Any]]:
    """An example once for each of its captions."""
    return [{**example, "target": one, "captions": captions} for example, captions in found for one in captions]


def shrunk(sense: Sense, value: Any) -> np.ndarray:
    """Pixels of the size that a model reads, a byte each: what is kept of a picture until it is needed."""
    return np.round(255 * sense.encode(value)).astype("uint8")


def each_once(examples: Iterable[dict[str, Any]], key: Callable[[dict[str, Any]], Any]) -> list[dict[str, Any]]:
    """The first example of every picture."""
    return list({key(example): example for example in reversed(list(examples))}.values())[::-1]


def _table(path: Path) -> Path:
    if path.is_file():
        if not path.name.endswith((*TABLES, ".jsonl", ".jsonl.gz")):
            raise DataError(path, None, "a table (.tsv, .csv, .jsonl) of file and caption", path.name)
        return path
    for name in NAMES:
        for file in (path / name, path / f"{name}.gz"):
            if file.is_file():
                return file
    raise DataError(path, None, f"one of {', '.join(NAMES)}, with `file` and `caption`", "none of them")
