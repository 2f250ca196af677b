"""Sources of pairs: generated, a path in a published or a plain format, or TFDS."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from zoo.data.readers import parallel
from zoo.data.readers.formats import Format, data_files, recognise
from zoo.data.readers.parallel import TABS
from zoo.data.reading_limit import sample, sample_splits
from zoo.data.splits import split_by_index
from zoo.recipes.common.sources import column_formats, complete_splits, require_path
from zoo.recipes.common.split_files import find_split_files, read_files, split_of
from zoo.recipes.common.tfds_sources import PREFIX, FeatureSets, from_tfds, hold_out_validation
from zoo.storage.files import DataError

Pairs = list[dict[str, str]]
PARTS = ("train", "validation", "test")
# Of Multi30k's test sets, the one of published results.
PUBLISHED_TEST = "2016"


def pairs(
    data: str,
    *,
    synthetic: Callable[[], Pairs],
    formats: Sequence[Format] = (),
    split: Callable[[Pairs], dict[str, Pairs]] | None = None,
    validation: Callable[[Pairs], dict[str, Pairs]] = hold_out_validation,
    group: str | None = None,
    option: str = "",
    prefer: str = "",
    tfds: FeatureSets = (("source", "target"),),
    languages: tuple[str, str] | None = None,
    test_set: str | None = None,
) -> dict[str, Pairs]:
    """{"source": text, "target": text} by split.

    Args:
        data: "synthetic", "tfds:NAME", or a path: a file in one of `formats`, a table with a header or JSON lines with
            `source` and `target` (or the names of `tfds`), or lines of two texts with a tab between them; a folder of
            parallel files (see `parallel_folder`), or of such files for each split (see
            `zoo.recipes.common.split_files`).
        synthetic: generates examples, which are then split by index.
        formats: of the task's own public files.
        split: splits a file of these formats.
        validation: takes validation from official training data, {"train": ..., "validation": ...}.
        group, option, prefer: of a folder with several sets of files, as of
            `zoo.recipes.common.split_files.find_split_files`.
        tfds: the features of a TFDS data set that are source and target, or others instead of them.
        languages: endings of the names of parallel files, of the source and of the target; None: there are none.
        test_set: as of `parallel_folder`.
    Raises:
        FileNotFoundError: no such path, or no file for a split. DataError: it is there and not what it should be.
        ValueError: several files for a split.
    """
    if data == "synthetic":
        return split_by_index(synthetic())
    if data.startswith(PREFIX):
        return {name: _dicts(part) for name, part in from_tfds(data, tfds).items()}
    path = require_path(data)
    columns = dict.fromkeys([("source", "target"), *map(tuple, tfds)])
    known = [*formats, *map(_of_dicts, column_formats(list(columns))), TABS]
    if path.is_file():
        format = recognise(path, known)
        return (split if split and format in formats else split_by_index)(list(sample(format.read(path))))
    if languages and _parallel_files(path, languages):
        return parallel_folder(path, languages, test_set=test_set)
    also = f"parallel files, train.{languages[0]}, train.{languages[1]} ..." if languages else ""
    parts = read_files(find_split_files(path, known, group=group, option=option, prefer=prefer, also=also))
    if split and len(parts) == 1:
        (only,) = parts.values()
        return split(list(sample(only)))
    return complete_splits(path, sample_splits(parts), validation=validation)


def _of_dicts(format: Format) -> Format:
    return replace(format, read=lambda path: _dicts(format.read(path)))


def parallel_folder(folder: Path, languages: tuple[str, str], *, test_set: str | None = None) -> dict[str, Pairs]:
    """Pairs of the lines of parallel files, by split.

    Args:
        folder: has train.SOURCE and train.TARGET, the same for val or dev, and for test; plain or with .gz. The rest of
            the names is free (test_2016.en, train.lc.norm.tok.en). Without val, every tenth pair of training is for
            validation; with train alone, or one pair of files of any name, it is split by index.
        languages: (SOURCE, TARGET).
        test_set: part of the name of the files for testing, where there are several; None: Multi30k's of 2016.
    Raises:
        FileNotFoundError: no files for training or for testing. DataError: a file without the other, or lines that do
            not pair up. ValueError: several files for one split.
    """
    files = _parallel_files(folder, languages)
    by_split: dict[str, list[str]] = {}
    for stem in files:
        by_split.setdefault(split_of(f"{stem}.{languages[0]}")[0], []).append(stem)
    if set(by_split) == {""} and len(files) == 1:
        by_split = {"train": list(files)}
    chosen = {split: _stem(folder, split, by_split[split], test_set) for split in PARTS if split in by_split}
    parts = {split: parallel.read(*_both(folder, stem, files[stem], languages)) for split, stem in chosen.items()}
    if "train" not in parts or ("validation" in parts and "test" not in parts):
        missing = "train" if "train" not in parts else "test"
        raise FileNotFoundError(
            f"A folder of parallel files holds {missing}.{languages[0]} and {missing}.{languages[1]}, plain or .gz. "
            f"Received: {folder}, with {', '.join(sorted(file.name for file in folder.iterdir())) or 'nothing'}."
        )
    if len(parts) == 1:
        return split_by_index(sample(parts["train"]))
    return complete_splits(folder, sample_splits(parts))


def _parallel_files(folder: Path, languages: tuple[str, str]) -> dict[str, dict[str, Path]]:
    """By the name without its ending, the file of each language."""
    files: dict[str, dict[str, Path]] = {}
    for file in data_files(folder):
        stem, _, language = file.name.removesuffix(".gz").rpartition(".")
        if language in languages:
            files.setdefault(stem, {})[language] = file
    return files


def _stem(folder: Path, split: str, stems: list[str], test_set: str | None) -> str:
    if split == "test":
        matching = [stem for stem in stems if (test_set or PUBLISHED_TEST) in stem]
        if test_set and not matching:
            raise ValueError(f"{folder} holds the test sets {', '.join(stems)}. Received: {test_set!r}")
        stems = matching if len(matching) == 1 else stems
    if len(stems) > 1:
        raise ValueError(
            f"A folder has one pair of files for each split. Received: {', '.join(stems)} in {folder}, "
            f"all for {split}. Move the others to another folder."
        )
    return stems[0]


def _both(folder: Path, stem: str, files: dict[str, Path], languages: tuple[str, str]) -> tuple[Path, Path]:
    for language in languages:
        if language not in files:
            held = ", ".join(file.name for file in files.values())
            raise DataError(folder, None, f"{stem}.{language}, plain or .gz", held)
    return files[languages[0]], files[languages[1]]


def _dicts(examples: list[tuple[str, str]]) -> Pairs:
    return [{"source": source, "target": target} for source, target in examples]
