"""Sources of labelled data: generated, a path in a published or a plain format, or TFDS."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from zoo.data.readers import class_files, frames, jsonl, table
from zoo.data.readers.formats import Format, Head, data_files, read_any, recognise
from zoo.data.reading_limit import Labels, sample, sample_splits
from zoo.data.splits import split_by_index, split_by_label
from zoo.recipes.common.split_files import find_split_files, read_files, split_of
from zoo.recipes.common.tfds_sources import PREFIX, FeatureSets, from_tfds, hold_out_validation
from zoo.storage.files import DataError, visible_files


def labelled_texts(
    data: str,
    *,
    synthetic: Callable[[], list[tuple[str, str]]],
    tfds: FeatureSets,
    formats: Sequence[Format] = (),
    split: Callable[[list], dict[str, list]] | None = None,
    validation: Callable[[list], dict[str, list]] | None = None,
    prefer: str = "",
    text_column: str = "text",
    label_column: str = "label",
    encoding: str = "utf-8",
) -> dict[str, list[tuple[str, str]]]:
    """(text, label) pairs by split.

    Args:
        data: "synthetic", "tfds:NAME", or a path: a file in one of `formats`, JSON lines, a table with a header, or
            rows of a numbered class and a text; a folder of such files for each split, or with one of them; a folder
            of one text file a class; a folder of a folder for each class with a .txt file for each text, or of `train`
            and `test` with such folders. Without official splits it is split by label.
        synthetic: generates examples, which are then split by index.
        tfds: the features of a TFDS data set that are input and target, or others instead of them. A table may have
            its columns under these names, too.
        formats: of the task's own public files.
        split: splits a file of these formats.
        validation: takes validation from official training data, {"train": ..., "validation": ...}.
        prefer: a regular expression for the file that is read where a folder has several for a split.
        text_column, label_column: names in a table's header, or in JSON lines.
        encoding: of text files.
    Raises:
        FileNotFoundError: no such path. DataError: it is there and not what it should be.
    """
    if data == "synthetic":
        return split_by_index(synthetic())
    if data.startswith(PREFIX):
        return from_tfds(data, tfds)
    path = require_path(data)
    columns: list[Sequence[str]] = [(text_column, label_column)]
    if columns == [("text", "label")]:
        columns += [way for way in tfds if way != columns[0]]
    known = [*formats, *column_formats(columns, encoding), class_rows(encoding)]
    if path.is_file():
        format = recognise(path, known, encoding=encoding)
        examples = sample(format.read(path), _labels)
        return split(list(examples)) if split and format in formats else split_by_label(examples, _label)
    parts = read_files(find_split_files(path, known, prefer=prefer, depth=0, required=False))
    if not parts:
        return _classes_of_folder(path, known, encoding)
    parts = sample_splits(parts, _labels)
    if len(parts) == 1:
        (only,) = parts.values()
        return split(only) if split else split_by_label(only, _label)
    return complete_splits(path, parts, validation=validation or _stratified_validation)


def _classes_of_folder(path: Path, known: Sequence[Format], encoding: str) -> dict[str, list[tuple[str, str]]]:
    """Texts of a folder of a file, or of a folder, for each class."""
    names = [folder.name for folder in class_files.label_folders(path)]
    if {"train", "test"} <= set(names):
        listed = {name: class_files.list_documents(path / name) for name in ("train", "test")}
        parts = {name: _documents(part, encoding) for name, part in sample_splits(listed, _labels).items()}
        return _stratified_validation(parts["train"]) | {"test": parts["test"]}
    if names:
        return split_by_label(_documents(sample(class_files.list_documents(path), _labels), encoding), _label)
    if {"train", "test"} <= {split_of(file.name)[0] for file in data_files(path)}:
        find_split_files(path, known, depth=0)  # raises: train.txt and test.txt are no classes
    # Each class is split on its own, by the index of the line among those of its file that no line equals.
    return split_by_index(list(sample(class_files.read_folder(path, encoding=encoding), _labels)), _label)


def _documents(listed: Sequence[tuple[Path, str]], encoding: str) -> list[tuple[str, str]]:
    return [(class_files.read_document(file, encoding=encoding), label) for file, label in listed]


def column_formats(columns: Sequence[Sequence[str]], encoding: str = "utf-8") -> list[Format]:
    """JSON lines and tables of two columns, under any of these names: readers of (first, second) pairs."""
    return [
        Format(
            f"{kind} {' and '.join(names)}",
            partial(_lacks, lacks, tuple(names)),
            partial(reader.read, text=names[0], label=names[1], encoding=encoding),
        )
        for names in columns
        for kind, lacks, reader in (
            ("JSON lines with", jsonl.lacks_keys, jsonl),
            ("a table with the columns", table.lacks_columns, table),
        )
    ]


def _lacks(lacks: Callable[..., str], names: tuple[str, ...], head: Head) -> str:
    return lacks(head, *names)


def class_rows(encoding: str = "utf-8") -> Format:
    """Rows of a numbered class and a text."""
    name = "rows of a class's number and a text, without a header (Yelp, AG's news)"
    return Format(name, table.lacks_classes, partial(table.read_classes, encoding=encoding))


def _label(example: tuple[Any, str]) -> str:
    return example[1]


def _labels(example: tuple[Any, str]) -> list[str]:
    return [example[1]]


def _stratified_validation(train: list) -> dict[str, list]:
    return split_by_label(train, _label, parts=("train", "validation"))


def sentences(
    data: str,
    *,
    synthetic: Callable[[], list],
    formats: Sequence[Format],
    tfds: FeatureSets,
    each: Callable[..., Any] = lambda *values: values,
    labels: Labels | None = None,
) -> dict[str, list]:
    """Examples of tasks that answer at every step, by split.

    Args:
        data: "synthetic", "tfds:NAME", one file, which is split by index, or a folder with a file for each split by
            its name, see `zoo.recipes.common.split_files` and `complete_splits`.
        synthetic: generates examples, which are then split by index.
        formats: of files.
        tfds: the features of a TFDS data set that an example is made of, or others instead of them.
        each: makes an example of their values.
        labels: those of an example, of which a quick training keeps all.
    Raises:
        FileNotFoundError: no such path, or no file for a split. ValueError: two files for one split.
    """
    if data == "synthetic":
        return split_by_index(synthetic())
    if data.startswith(PREFIX):
        return from_tfds(data, tfds, each=each)
    path = require_path(data)
    if path.is_file():
        return split_by_index(sample(read_any(path, formats), labels))
    return complete_splits(path, sample_splits(read_files(find_split_files(path, formats)), labels))


def complete_splits(
    folder: Path,
    parts: Mapping[str, list],
    *,
    validation: Callable[[list], dict[str, list]] = hold_out_validation,
) -> dict[str, list]:
    """The three splits of those that a folder has; one file, "", is split by index.

    Without a file for validation it comes out of training; without one for testing the one for validation is for that;
    without one for training the one for validation is, but for its last tenth.

    Raises:
        FileNotFoundError: there is a file for one split alone.
    """
    splits = dict(parts)
    if "" in splits:
        return split_by_index(splits[""])
    if len(splits) < 2:
        files = ", ".join(path.name for path in data_files(folder)) or "nothing"
        raise FileNotFoundError(
            f"A folder holds a file named ...test... and one named ...train... or ...dev.... "
            f"Received: {folder}, with {files}."
        )
    if "train" not in splits:
        last = max(1, len(splits["validation"]) // 10)
        splits["train"], splits["validation"] = splits["validation"][:-last], splits["validation"][-last:]
    if "test" not in splits:
        splits["test"] = splits.pop("validation")
    return splits if "validation" in splits else splits | validation(splits["train"])


def hold_out(train: list, *, every: int) -> dict[str, list]:
    """Training and validation from training alone: every so-many-th example is for validation."""
    return {
        "train": [example for number, example in enumerate(train, 1) if number % every],
        "validation": train[every - 1 :: every],
    }


def recordings(folder: Path) -> dict[str, list[tuple[np.ndarray, str]]]:
    """Frames (S, D) with their class by split: a folder a class, in it a .csv file a recording, each class split alone.

    Raises:
        DataError: no such folder; a file that is not lines of equally many finite numbers below at most one header.
    """
    classes = class_files.label_folders(folder) if folder.is_dir() else []
    if len(classes) < 2:
        raise DataError(folder, None, "a folder of .csv files for each of two classes or more", f"{len(classes)}")
    listed: list[tuple[Path, str]] = []
    for path in classes:
        files = [file for file in visible_files(path) if file.name.endswith((".csv", ".csv.gz"))]
        if not files:
            raise DataError(path, None, "a .csv file a recording", "none")
        listed += [(file, path.name) for file in files]
    return split_by_index([(frames.read(file), label) for file, label in sample(listed, _labels)], _label)


def require_path(data: str) -> Path:
    """The path, if there is something; ~ stands for a person's home."""
    path = Path(data).expanduser()
    if not path.exists():
        raise FileNotFoundError(
            f"No such file or folder: {data}. Data are `synthetic`, `tfds:NAME`, or a path that exists."
        )
    return path
