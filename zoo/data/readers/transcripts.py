"""A folder of WAV files with a table of what is said in them."""

import os
import warnings
from pathlib import Path

import numpy as np

from zoo.data.files import DataError, visible_files
from zoo.data.paths import path_below
from zoo.data.readers import jsonl, table, wav

TABLES = (".tsv", ".csv", ".jsonl")


def find(path: Path) -> Path | None:
    """The table of a folder, or the path itself if it is one; None if there is none.

    Raises:
        DataError: several tables in one folder.
    """
    if path.is_file():
        return path if path.name.removesuffix(".gz").endswith(TABLES) else None
    found = [file for file in visible_files(path) if file.name.removesuffix(".gz").endswith(TABLES)]
    if len(found) > 1:
        raise DataError(path, None, "one table of transcripts", ", ".join(file.name for file in found))
    return found[0] if found else None


def read(path: str | os.PathLike) -> list[tuple[tuple[int, np.ndarray], str]]:
    """Reads a table of transcripts and the sounds it names.

    Args:
        path: a .tsv or .csv file with the columns `file` and `text`, or a .jsonl file with these keys; plain or .gz.
            Files lie below the folder of the table.
    Returns:
        List of ((rate, samples), text). Sounds of several channels are mixed to one, silent ones are left out; one
        warning says how many.
    Raises:
        DataError: another table, a file that is not there or not below the folder, or that is no WAV with a sound.
    """
    path = Path(path)
    reader = jsonl if path.name.removesuffix(".gz").endswith(".jsonl") else table
    examples, silent = [], []
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for number, (name, text) in enumerate(reader.read(path, text="file", label="text"), 1):
            file = path_below(path.parent, name, table=path, row=number)
            if not file.is_file():
                raise DataError(path, None, "names of files", f"the folder {name!r:.80} in row {number}")
            try:
                examples.append((wav.read(file), text))
            except wav.SilenceError:
                silent.append(name)
    if not examples:
        raise DataError(path, None, "a sound that is not silent", f"{len(silent)} silent ones")
    if silent:
        warnings.warn(wav.silence_warning(path, silent, len(examples)), stacklevel=2)
    if told:
        warnings.warn(
            f"{path}: {len(told)} of {len(examples)} sounds were repaired, the first: {told[0].message}", stacklevel=2
        )
    return examples
