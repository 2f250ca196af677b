"""Texts in one file a class, one text a line: sentence polarity (rt-polarity.pos, .neg), surnames by language."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from zoo.data.readers.formats import data_files
from zoo.storage.files import DataError, open_text, visible_files

TEXT = re.compile(r".+\.txt(\.gz)?")
NAME = re.compile(r"(?P<txt>.+)\.txt(\.gz)?|.+\.(?P<polarity>pos|neg)(\.gz)?")


def read(paths: Mapping[str, str | os.PathLike], *, encoding: str = "utf-8") -> list[tuple[str, str]]:
    """Reads texts and their labels, class after class. Empty lines are passed over.

    Args:
        paths: file by label.
        encoding: of all files.
    Returns:
        List of (text, label).
    Raises:
        DataError: an empty file, or undecodable text.
    """
    examples = []
    for label, path in paths.items():
        for text in open_text(path, encoding=encoding):
            if text.strip():
                examples.append((text.strip(), label))
    return examples


def read_documents(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[tuple[str, str]]:
    """Read a folder of folders, each a label, with one .txt file a text (as aclImdb): in the order of labels and names.

    The lines of a file are joined by blanks. A folder `unsup` of texts without a label is left out.

    Raises:
        DataError: fewer than two labels, a label without a file, an empty file or undecodable text.
    """
    return [(read_document(file, encoding=encoding), label) for file, label in list_documents(path)]


def list_documents(path: str | os.PathLike) -> list[tuple[Path, str]]:
    """Return the files that `read_documents` reads, with their labels."""
    folders = [folder for folder in label_folders(path) if folder.name != "unsup"]
    if len(folders) < 2:
        raise DataError(path, None, "a folder of .txt files for each of two labels or more", f"{len(folders)}")
    documents = []
    for folder in folders:
        files = [file for file in visible_files(folder) if TEXT.fullmatch(file.name)]
        if not files:
            raise DataError(folder, None, "a .txt file for each text", "none")
        documents += [(file, folder.name) for file in files]
    return documents


def read_document(path: str | os.PathLike, *, encoding: str = "utf-8") -> str:
    """Read a file as one text, its lines joined by blanks."""
    return " ".join(line.strip() for line in open_text(path, encoding=encoding) if line.strip())


def label_folders(path: str | os.PathLike) -> list[Path]:
    """The folders within a folder, hidden ones left out."""
    return [folder for folder in visible_files(path) if folder.is_dir()]


def read_folder(path: str | os.PathLike, *, encoding: str = "utf-8") -> list[tuple[str, str]]:
    """Reads a folder of such files: LABEL.txt, or NAME.pos and NAME.neg, plain or gzipped; in the order of the labels.

    README, LICENSE, and any .txt file beside a .pos and a .neg file are left out.

    Raises:
        DataError: as `read`; a file of another name, two files for one label, or fewer than two labels.
    """
    paths: dict[str, Path] = {}
    files = data_files(path)
    polar = [file for file in files if file.name.removesuffix(".gz").endswith((".pos", ".neg"))]
    for file in polar if len(polar) > 1 else files:
        match = NAME.fullmatch(file.name)
        if not match:
            raise DataError(path, None, "only files LABEL.txt, NAME.pos, NAME.neg or these with .gz", repr(file.name))
        label = match["txt"] or match["polarity"]
        if label in paths:
            raise DataError(path, None, "one file a label", f"{paths[label].name!r} and {file.name!r}")
        paths[label] = file
    if len(paths) < 2:
        raise DataError(path, None, "a file for each of two labels or more", f"the labels {sorted(paths)}")
    return read({label: paths[label] for label in sorted(paths)}, encoding=encoding)
