"""Where a recipe's data come from: generated, a path in a published or a plain format, or TFDS."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from recipes.tfds_sources import PREFIX, Ways, from_tfds, held_out
from zoo.data.damage import parse_numbers
from zoo.data.files import DataError, open_text, visible_files
from zoo.data.readers import class_files, jsonl, table
from zoo.data.splits import split_by_index, split_by_label

# What the first column is called in a header if it holds the numbers of rows.
INDEX_NAMES = ("", "index", "unnamed: 0")
TABLES = (".tsv", ".csv", ".tsv.gz", ".csv.gz")
# What a file's name says about the split it holds.
PARTS = {"train": ("train",), "validation": ("dev", "valid"), "test": ("test",)}
# The published test sets of CoNLL-2003, eng.testa and eng.testb: the first is for validation.
CONLL_TEST = re.compile(r"test([ab])(\.|$)")


def labelled_texts(
    data: str,
    *,
    synthetic: Callable[[], list[tuple[str, str]]],
    tfds: Ways,
    published: Callable[[Path], dict[str, list] | None] = lambda path: None,
    text_column: str = "text",
    label_column: str = "label",
    encoding: str = "utf-8",
) -> dict[str, list[tuple[str, str]]]:
    """(text, label) pairs by split.

    Args:
        data: "synthetic", "tfds:NAME", or a path: what `published` recognises; a folder of one text file a class; a
            folder of a folder for each class with a .txt file for each text, or of `train` and `test` with such
            folders; a table (.tsv, .csv) or JSON lines (.jsonl). Without official splits it is split by label.
        synthetic: generates examples, which are then split by index.
        tfds: the features of a TFDS data set that are input and target, or others instead of them.
        published: reads the task's own public files into splits, or returns None for another path.
        text_column, label_column: names in a table's header, or in JSON lines.
        encoding: of text files.
    Raises:
        FileNotFoundError: no such path. DataError: it is there and not what it should be.
    """
    if data == "synthetic":
        return split_by_index(synthetic())
    if data.startswith(PREFIX):
        return from_tfds(data, tfds)
    path = existing(data)
    splits = published(path)
    if splits is not None:
        return splits
    names = [folder.name for folder in class_files.label_folders(path)] if path.is_dir() else []
    if {"train", "test"} <= set(names):
        train, test = (class_files.read_documents(path / name, encoding=encoding) for name in ("train", "test"))
        return split_by_label(train, _label, parts=("train", "validation")) | {"test": test}
    if names:
        return split_by_label(class_files.read_documents(path, encoding=encoding), _label)
    if path.is_dir():
        # Each class is split on its own, by the line's index in its file.
        by_class: dict[str, list] = {}
        for text, label in class_files.read_folder(path, encoding=encoding):
            by_class.setdefault(label, []).append((text, label))
        return _split_each(by_class.values())
    columns = {"text": text_column, "label": label_column, "encoding": encoding}
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        return split_by_label(jsonl.read(path, **columns), _label)
    if path.name.endswith(TABLES):
        return split_by_label(table.read(path, **columns), _label)
    raise ValueError(
        f"Data are `synthetic`, `tfds:NAME`, a folder of one text file a class, of a folder of .txt files a class, or "
        f"a file ending in .tsv, .csv or .jsonl. Received: {data}"
    )


def _label(example: tuple[str, str]) -> str:
    return example[1]


def sentences(
    data: str,
    *,
    synthetic: Callable[[], list],
    read: Callable[[Path], list],
    tfds: Ways,
    each: Callable[..., Any] = lambda *values: values,
) -> dict[str, list]:
    """Examples of tasks that answer at every step, by split.

    Args:
        data: "synthetic", "tfds:NAME", one file, which is split by index, or a folder with a file for each split: one
            whose name holds "train", one with "dev" or "valid", one with "test". Without the second, every tenth
            sentence of training is for validation; without the first, dev is for training but for its last tenth.
        synthetic: generates examples, which are then split by index.
        read: the examples of one file.
        tfds: the features of a TFDS data set that an example is made of, or others instead of them.
        each: makes an example of their values.
    Raises:
        FileNotFoundError: no such path, or no file for a split. ValueError: two files for one split.
    """
    if data == "synthetic":
        return split_by_index(synthetic())
    if data.startswith(PREFIX):
        return from_tfds(data, tfds, each=each)
    path = existing(data)
    if not path.is_dir():
        return split_by_index(read(path))
    parts = {name: read(file) for name, file in _files_by_part(path).items()}
    if "train" not in parts:
        last = max(1, len(parts["validation"]) // 10)
        parts["train"], parts["validation"] = parts["validation"][:-last], parts["validation"][-last:]
    if "validation" not in parts:
        parts |= held_out(parts["train"])
    return parts


def _files_by_part(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    files = [file for file in visible_files(folder) if file.is_file()]
    for file in files:
        name = file.name.lower()
        letter = CONLL_TEST.search(name)
        parts = [part for part, words in PARTS.items() if any(word in name for word in words)]
        for part in [{"a": "validation", "b": "test"}[letter[1]]] if letter else parts:
            if part in found:
                raise ValueError(
                    f"A folder has one file for each split. Received: {found[part].name} and {file.name} in "
                    f"{folder}, both for {part}. Move one away, or pass a single file."
                )
            found[part] = file
    if "test" not in found or len(found) < 2:
        raise FileNotFoundError(
            f"A folder of sentences holds a file named ...test... and one named ...train... or ...dev.... "
            f"Received: {folder}, with {', '.join(file.name for file in files) or 'nothing'}."
        )
    return found


def hold_out(train: list, test: list, *, every: int) -> dict[str, list]:
    """Splits of data that come with a test part only: every so-many-th training example becomes validation data."""
    return {
        "train": [example for number, example in enumerate(train, 1) if number % every],
        "validation": train[every - 1 :: every],
        "test": test,
    }


def recordings(folder: Path) -> dict[str, list[tuple[np.ndarray, str]]]:
    """Frames (S, D) with their class by split: a folder a class, in it a .csv file a recording, each class split alone.

    Raises:
        DataError: no such folder; a file that is not lines of equally many finite numbers below at most one header.
    """
    classes = class_files.label_folders(folder) if folder.is_dir() else []
    if len(classes) < 2:
        raise DataError(folder, None, "a folder of .csv files for each of two classes or more", f"{len(classes)}")
    by_class = []
    for path in classes:
        files = [file for file in visible_files(path) if file.name.endswith((".csv", ".csv.gz"))]
        if not files:
            raise DataError(path, None, "a .csv file a recording", "none")
        by_class.append([(_frames(file), path.name) for file in files])
    return _split_each(by_class)


def _split_each(classes: Iterable[list]) -> dict[str, list]:
    """Splits each class on its own, so that every split has its share of every class."""
    parts = [split_by_index(examples) for examples in classes]
    return {name: [example for part in parts for example in part[name]] for name in parts[0]}


def _frames(path: Path) -> np.ndarray:
    lines = [(line, [field.strip() for field in text.split(",")]) for line, text in enumerate(open_text(path), 1)]
    header = lines.pop(0)[1] if _has_header([fields for _, fields in lines]) else []
    rows: list[np.ndarray] = []
    for line, fields in lines:
        try:
            rows.append(parse_numbers(fields))
        except ValueError as error:
            raise DataError(path, line, "numbers between commas", f"{','.join(fields)!r:.60}") from error
        if not np.isfinite(rows[-1]).all() or len(fields) != len(rows[0]):
            raise DataError(path, line, f"{len(rows[0])} finite numbers", f"{','.join(fields)!r:.60}")
    if not rows:
        raise DataError(path, None, "a frame of numbers a line", "a header alone")
    frames = np.stack(rows)
    # The row numbers that pandas writes are no channel.
    is_index = [name.strip('"').lower() in INDEX_NAMES for name in header[:1]] == [True]
    return frames[:, 1:] if is_index and frames.shape[1] > 1 and (np.diff(frames[:, 0]) == 1).all() else frames


def _has_header(lines: list[list[str]]) -> bool:
    """Whether the first line names channels: by words, or by numbers from 0 or 1 on, as pandas does.

    "0,1" above whole numbers alone is taken for a frame.
    """
    first = lines[0]
    try:
        parse_numbers(first)
    except ValueError:
        return True
    counts = [[str(number) for number in range(start, start + len(first))] for start in (0, 1)]
    is_whole = all(field.removeprefix("-").isdecimal() for fields in lines for field in fields)
    return len(first) > 1 and first in counts and (len(first) > 2 or not is_whole)


def existing(data: str) -> Path:
    """The path, if there is something."""
    path = Path(data)
    if not path.exists():
        raise FileNotFoundError(
            f"No such file or folder: {data}. Data are `synthetic`, `tfds:NAME`, or a path that exists."
        )
    return path
