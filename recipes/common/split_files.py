"""Files of a folder by the split in their names, as sets are published: train-X, X.dev, test/X ..."""

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoo.data.readers.formats import Format, data_files, read_head
from zoo.storage.data_error import DataError

# CoNLL has testa for validation and testb for testing, MNIST t10k for testing, SIGMORPHON NAME.trn, NAME.dev, NAME.tst,
# and TREC's test is named by its year.
WORDS = {
    "train": "training|train|trn",
    "validation": "validation|valid|val|development|devel|dev|testa",
    "test": "testing|testb|test|tst|t10k|trec_10",
}
ANY_WORD = "|".join(WORDS.values())
# A word of its own ("wnut17train", "train-c"), or, where no name has one, within another ("mytrain").
OWN_WORD = re.compile(rf"(?<![a-z])({ANY_WORD})(?![a-z])", re.IGNORECASE)
WITHIN = re.compile(r"(train|valid|dev|test)", re.IGNORECASE)
# What numbers the files of one split: cs_pdt-ud-train-c, de_hdt-ud-train-a-1.
PART = re.compile(r"[-_.]([a-z]|\d{1,2})([-_.]\d{1,2})?", re.IGNORECASE)
# Folders within a folder that are looked into.
DEPTH = 2


@dataclass(frozen=True)
class SplitFile:
    """A file that holds examples.

    Args:
        path: the file.
        format: what it holds.
        split: "train", "validation", "test", or "" if its name has none.
        group: its name and those of its folders without the split: of several data sets in a folder, which one.
        part: what numbers it among the files of its split; "" if nothing does.
    """

    path: Path
    format: Format
    split: str
    group: str
    part: str = ""


def find_split_files(
    folder: Path,
    formats: Sequence[Format],
    *,
    group: str | None = None,
    option: str = "",
    prefer: str = "",
    joined: Sequence[str] = (),
    depth: int = DEPTH,
    required: bool = True,
    also: str = "",
) -> dict[str, list[SplitFile]]:
    """Find the files of a folder that are read, by split one, or several that are numbered; {} if there is none.

    Args:
        folder: holds a file for each split, or one file ("" is then its split), or several sets of such files.
        formats: those that the recipe reads; files of none are passed over.
        group: of several sets the one that is read, by the end of its name: "jump" of tasks_train_addprim_jump.txt.
        option: of the command line that names it, for the error.
        prefer: a regular expression for the name of a file that is read where there are several for a split.
        joined: splits of which all files are read, one after the other.
        depth: folders within folders that are looked into if the folder itself has no file for a split.
        required: whether a folder without a file of these formats is an error.
        also: what else the recipe reads of a folder, for this error.
    Raises:
        DataError: no file of these formats. ValueError: several for one split, or no such group.
    """
    recognised, missed = _recognised(folder, data_files(folder), formats)
    if depth and not any(file.split for file in recognised):
        within, missed_within = _recognised(folder, data_files(folder, depth=depth), formats)
        if not recognised or any(file.split for file in within):
            recognised, missed = within, missed_within
    if not recognised and not required:
        return {}
    if not recognised:
        names = [f"{format.name} ({missed[format.name]})" for format in formats]
        held = ", ".join(sorted(path.name for path in folder.iterdir())) or "nothing"
        expected = f"files in one of the formats: {'; '.join([also, *names] if also else names)}"
        raise DataError(folder, None, expected, f"{held:.200}")
    chosen = recognised if group is None else _of_group(folder, recognised, group, option)
    splits = {split: [file for file in chosen if file.split == split] for split in (*WORDS, "")}
    if any(splits[split] for split in WORDS):
        splits[""] = []
        _warn_of_unread(folder, recognised)
    return {
        split: files if split in joined else _one(folder, split, files, option, prefer)
        for split, files in splits.items()
        if files
    }


def read_files(files: Mapping[str, Sequence[SplitFile]]) -> dict[str, list[Any]]:
    """Read what `find_split_files` found, each file in the format that it is in."""
    return {split: [one for file in own for one in file.format.read(file.path)] for split, own in files.items()}


def split_of(name: str, word: re.Pattern = OWN_WORD) -> tuple[str, str, str]:
    """The split in a file's name, the rest of the name, and what follows the word; "" for what it lacks."""
    stem = name.removesuffix(".gz")
    match = word.search(stem)
    if match is None:
        return "", stem.rpartition(".")[0] or stem, ""
    after = stem[match.end() :]
    rest = after.rpartition(".")[0] if "." in after else after
    group = (stem[: match.start()].strip("-_. ") + "_" + rest.strip("-_. ")).strip("_")
    split = next(split for split, words in WORDS.items() if match[0].lower() in words.split("|"))
    return split, group, rest if PART.fullmatch(rest) else ""


def _recognised(folder: Path, paths: list[Path], formats: Sequence[Format]) -> tuple[list[SplitFile], dict[str, str]]:
    """The files of some format; and for each format what the first other file lacks."""
    missed = dict.fromkeys((format.name for format in formats), "there is no file")
    word = OWN_WORD if any(OWN_WORD.search(str(path.relative_to(folder))) for path in paths) else WITHIN
    files = []
    for number, path in enumerate(paths):
        head = read_head(path)
        for format in formats:
            reason = format.mismatch(head)
            if not reason:
                files.append(_named(folder, path, format, word))
                break
            if not number:
                missed[format.name] = f"{path.name}: {reason}"
    return files, missed


def _named(folder: Path, path: Path, format: Format, word: re.Pattern) -> SplitFile:
    split, group, part = split_of(path.name, word)
    parents = []
    for name in path.relative_to(folder).parts[:-1]:
        of_folder, rest, _ = split_of(name, word)
        split = split or of_folder
        parents.append(rest if of_folder else name)
    return SplitFile(path, format, split, "/".join(name for name in (*parents, group) if name), part)


def _of_group(folder: Path, candidates: list[SplitFile], group: str, option: str) -> list[SplitFile]:
    """The files of each split whose group is this one, or else ends with it, or else has it as a word."""
    name = re.escape(group)
    patterns = [
        re.compile(pattern, re.IGNORECASE)
        for pattern in (rf"(^|/){name}($|/)", rf"[._ -]{name}($|/)", rf"(^|[/._ -]){name}[._ -]")
    ]
    chosen: list[SplitFile] = []
    for split in (*WORDS, ""):
        own = [file for file in candidates if file.split == split]
        of_group = ([file for file in own if pattern.search(file.group)] for pattern in patterns)
        chosen += next((files for files in of_group if files), [])
    if not chosen:
        raise ValueError(f"{option} names one of {_groups(candidates)}, which {folder} holds. Received: {group!r}")
    return chosen


def _one(folder: Path, split: str, files: list[SplitFile], option: str, prefer: str) -> list[SplitFile]:
    """The file of a split, or all of them if they are numbered."""
    files = [file for file in files if not file.format.is_plain] or files
    if len(files) > 1 and prefer:
        files = [file for file in files if re.search(prefer, file.path.name)] or files
    if len(files) == 1 or (all(file.part for file in files) and len({_before_part(file) for file in files}) == 1):
        return files
    names = " and ".join(str(file.path.relative_to(folder)) for file in files[:2])
    remedy = f"choose one with {option}: {_groups(files)}" if option else "pass a single file"
    raise ValueError(
        f"A folder has one file for each split. Received: {names} in {folder}, both for {split or 'all splits'}. "
        f"Move one away, or {remedy}."
    )


def _before_part(file: SplitFile) -> str:
    return file.group.removesuffix(file.part.strip("-_. "))


def _groups(files: Iterable[SplitFile]) -> str:
    return ", ".join(sorted({file.group for file in files}))


def _warn_of_unread(folder: Path, files: list[SplitFile]) -> None:
    """Warn of files whose names have a split of which no file is read: of a test whose answers are not published, as
    GLUE's.
    """
    read, splits = {file.path for file in files}, {file.split for file in files}
    unread = [path.name for path in data_files(folder) if path not in read and split_of(path.name)[0]]
    absent = [name for name in unread if split_of(name)[0] not in splits]
    if absent:
        names = ", ".join(absent)
        warnings.warn(f"{folder}: left out, as of none of the formats that are read: {names}.", stacklevel=4)
