"""Sources of images and clips with captions: a folder with a table of captions, a set of TFDS, NLVR."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from zoo.data.featurizers.featurizer import Featurizer
from zoo.data.readers import nlvr
from zoo.data.readers.formats import recognise
from zoo.data.reading_limit import reading_counts, sample, sample_splits
from zoo.data.splits import split_by_index
from zoo.recipes.common.sources import column_formats, complete_splits
from zoo.recipes.common.split_files import find_split_files
from zoo.recipes.common.tfds_sources import FeatureSets, from_tfds
from zoo.storage.files import open_text
from zoo.storage.paths import path_below

# Columns of the table: ours, those of Flickr8k and of sets of pictures with metadata.jsonl.
FORMATS = column_formats([("file", "caption"), ("image", "caption"), ("file_name", "text")])
NAMES = r"^captions\."


def captioned(folder: Path, sense: Featurizer, *, column: str) -> dict[str, list[dict[str, Any]]]:
    """Pictures or clips with captions, by split: index mod 10 of the files, 0 test and 1 validation.

    Args:
        folder: holds the files and a table or JSON lines with `file` and `caption`, as captions.tsv (plain or .gz); a
            file may have several captions. The table itself will do, too.
        sense: what makes numbers of a file.
        column: the name under which an example has them.
    Returns:
        By split a list of {column: pixels (uint8), "target": a caption, "captions": all of the file, "file": its name}.
    Raises:
        DataError: no table, none of its files, a damaged one, or one that is not there.
    """
    if folder.is_file():
        tables = {"": [folder]}
    else:
        named = find_split_files(folder, FORMATS, prefer=NAMES, depth=0)
        tables = {split: [file.path for file in files] for split, files in named.items()}
    rows = {split: [row for path in paths for row in _captions(path)] for split, paths in tables.items()}
    if "" in rows:
        return split_captions(_read(sample(rows[""], _captions_of), sense, column))
    parts = {split: _read(part, sense, column) for split, part in sample_splits(rows, _captions_of).items()}
    return {split: each_caption(part) for split, part in complete_splits(folder, parts).items()}


def _captions(path: Path) -> list[tuple[Path, str, list[str]]]:
    """The files that a table names: where each lies, its name, its captions."""
    captions: dict[str, list[str]] = {}
    first_row: dict[str, int] = {}
    for row, (file, caption) in enumerate(recognise(path, FORMATS).read(path), 1):
        captions.setdefault(file, []).append(" ".join(caption.split()))
        first_row.setdefault(file, row)
    return [(path_below(path.parent, file, table=path, row=first_row[file]), file, captions[file]) for file in captions]


def _captions_of(row: tuple[Path, str, list[str]]) -> list[str]:
    return row[2]


def _read(rows: Iterable[tuple[Path, str, list[str]]], sense: Featurizer, column: str) -> list[Any]:
    return [[{column: shrunk(sense, picture), "file": file}, captions] for picture, file, captions in rows]


def from_set(data: str, ways: FeatureSets, sense: Featurizer, *, column: str) -> dict[str, list[dict[str, Any]]]:
    """Read a set of TFDS: the features of `ways` are an image or clip, and a caption, captions or a label."""
    read = from_tfds(
        data,
        ways,
        each=lambda image, captions: (shrunk(sense, image), [captions] if isinstance(captions, str) else captions),
    )
    return {
        split: each_caption(
            ({column: image, "file": f"{split} {number}"}, [" ".join(one.split()) for one in captions])
            for number, (image, captions) in enumerate(part)
        )
        for split, part in read.items()
    }


def split_captions(examples: Iterable[Any]) -> dict[str, list[dict[str, Any]]]:
    """(example, its captions) by split."""
    return {split: each_caption(part) for split, part in split_by_index(list(examples)).items()}


def each_caption(examples: Iterable[tuple[dict[str, Any], list[str]]]) -> list[dict[str, Any]]:
    """An example once for each of its captions."""
    return [{**example, "target": one, "captions": captions} for example, captions in examples for one in captions]


def shrunk(sense: Featurizer, value: Any) -> np.ndarray:
    """Pixels of the size that a model reads, a byte each: what is kept of a picture until it is needed."""
    return np.round(255 * sense.encode(value)).astype("uint8")


def unique(examples: Iterable[dict[str, Any]], key: Callable[[dict[str, Any]], Any]) -> list[dict[str, Any]]:
    """The first example of every picture."""
    return list({key(example): example for example in reversed(list(examples))}.values())[::-1]


def statement_files(folder: Path) -> dict[str, Path]:
    """The files of statements of NLVR by split; {} in another folder."""
    if folder.is_file():
        return {}
    split_files = find_split_files(folder, [nlvr.FORMAT], depth=1, required=False)
    parts = {split: files[0].path for split, files in split_files.items() if split}
    return parts if "test" in parts and len(parts) > 1 else {}


def statements(folder: Path, sense: Featurizer) -> dict[str, list[dict]]:
    """True statements; without the part for training, dev is for it, but for its directory 5."""
    files = statement_files(folder)
    counts = reading_counts({split: sum(1 for _ in open_text(path)) for split, path in files.items()})
    parts = {
        split: _true_statements(path, sense, None if counts is None else counts[split]) for split, path in files.items()
    }
    if "train" in parts:
        return complete_splits(folder, parts)
    return {
        "train": [row for row in parts["validation"] if row["directory"] != "5"],
        "validation": [row for row in parts["validation"] if row["directory"] == "5"],
        "test": parts["test"],
    }


def _true_statements(path: Path, sense: Featurizer, count: int | None) -> list[dict]:
    select = partial(sample, count=count, labels=lambda row: [row[1]["directory"]])
    rows = nlvr.read(path, nlvr.images_of(path), select=select)
    captions: dict[str, list[str]] = {}
    for row in rows:
        captions.setdefault(row["image"], []).append(row["target"])
    return [
        {
            "picture": shrunk(sense, row["picture"]),
            "target": row["target"],
            "captions": captions[row["image"]],
            "file": row["image"],
            "directory": row["directory"],
        }
        for row in rows
    ]
