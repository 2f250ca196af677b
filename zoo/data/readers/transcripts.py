"""WAV files with transcripts: a folder with a table, or a folder of a folder a word (Speech Commands)."""

import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from zoo.data.readers import jsonl, table, wav
from zoo.data.readers.formats import read_head
from zoo.storage.files import DataError, open_text, visible_files
from zoo.storage.paths import path_below

TABLES = (".tsv", ".csv", ".jsonl")
# The lists of Speech Commands, `word/name.wav` a line; its noise is no word.
LISTS = {"validation": "validation_list.txt", "test": "testing_list.txt"}
NOISE = "_background_noise_"

Row = tuple[Path, str]


def find(path: Path) -> Path | None:
    """The table of a folder, or the path itself if it is one; None if there is none.

    Of several tables in a folder the one that has `file` and `text` is meant.

    Raises:
        DataError: several such tables in one folder.
    """
    if path.is_file():
        return path if path.name.removesuffix(".gz").endswith(TABLES) else None
    tables = [file for file in visible_files(path) if file.name.removesuffix(".gz").endswith(TABLES)]
    if len(tables) > 1:
        tables = [file for file in tables if not _lacks_names(file)] or tables
    if len(tables) > 1:
        raise DataError(path, None, "one table of transcripts", ", ".join(file.name for file in tables))
    return tables[0] if tables else None


def _lacks_names(file: Path) -> str:
    head = read_head(file)
    return table.lacks_columns(head, "file", "text") and jsonl.lacks_keys(head, "file", "text")


def word_folders(path: Path) -> dict[str, list[Row]]:
    """Return the WAV files of a folder of a folder a word, with their words, by the lists of its splits.

    Returns:
        Under "train", "validation" and "test"; all under "" where there are no lists; {} of another folder.
    """
    folders = [folder for folder in visible_files(path) if folder.is_dir() and folder.name != NOISE]
    files = {folder.name: [file for file in visible_files(folder) if file.suffix == ".wav"] for folder in folders}
    if len(files) < 2 or not all(files.values()):
        return {}
    split_of = {
        line.strip(): split
        for split, name in LISTS.items()
        if (path / name).is_file()
        for line in open_text(path / name)
    }
    parts: dict[str, list[Row]] = {"train": [], "validation": [], "test": []} if split_of else {"": []}
    for word, own in files.items():
        for file in own:
            parts[split_of.get(f"{word}/{file.name}", "train" if split_of else "")].append((file, word))
    return {split: rows for split, rows in parts.items() if rows}


def read(
    path: str | os.PathLike, *, select: Callable[[Sequence[Row]], Sequence[Row]] = lambda rows: rows
) -> list[tuple[tuple[int, np.ndarray], str]]:
    """Reads a table of transcripts and the sounds it names.

    Args:
        path: a .tsv or .csv file with the columns `file` and `text`, or a .jsonl file with these keys; plain or .gz.
            Files lie below the folder of the table.
        select: chooses the rows whose sounds are read.
    Returns:
        List of ((rate, samples), text). Sounds of several channels are mixed to one, silent ones are left out; one
        warning has their number.
    Raises:
        DataError: another table, a file that is not there or not below the folder, or that is no WAV with a sound.
    """
    path = Path(path)
    reader = jsonl if path.name.removesuffix(".gz").endswith(".jsonl") else table
    rows = []
    for number, (name, text) in enumerate(reader.read(path, text="file", label="text"), 1):
        file = path_below(path.parent, name, table=path, row=number)
        if not file.is_file():
            raise DataError(path, None, "names of files", f"the folder {name!r:.80} in row {number}")
        rows.append((file, text))
    return read_sounds(select(rows), path)


def read_sounds(rows: Iterable[Row], path: str | os.PathLike) -> list[tuple[tuple[int, np.ndarray], str]]:
    """Read WAV files with transcripts, as `read`; `path` is their origin, for messages."""
    path = Path(path)
    folder = path if path.is_dir() else path.parent
    examples, silent = [], []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for file, text in rows:
            try:
                examples.append((wav.read(file), text))
            except wav.SilenceError:
                silent.append(file.relative_to(folder).as_posix())
    if not examples:
        raise DataError(path, None, "a sound that is not silent", f"{len(silent)} silent ones")
    if silent:
        warnings.warn(wav.silence_warning(path, silent, len(examples)), stacklevel=2)
    if caught:
        warnings.warn(
            f"{path}: {len(caught)} of {len(examples)} sounds were repaired, the first: {caught[0].message}",
            stacklevel=2,
        )
    return examples
