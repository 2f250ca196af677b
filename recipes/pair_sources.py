"""Where the pairs of a recipe that generates come from: generated, a path in a published or a plain format, or TFDS."""

from collections.abc import Callable, Mapping
from pathlib import Path

from recipes.sources import TABLES, existing
from recipes.tfds_sources import PREFIX, Ways, from_tfds, held_out
from zoo.data.files import DataError, visible_files
from zoo.data.readers import jsonl, parallel, table
from zoo.data.splits import split_by_index

Pairs = list[dict[str, str]]
# How the names of the files of a split begin.
BEGINNINGS = {"train": ("train",), "validation": ("val", "dev"), "test": ("test",)}


def pairs(
    data: str,
    *,
    synthetic: Callable[[], Pairs],
    published: Callable[[Path], dict[str, Pairs] | None] = lambda path: None,
    tfds: Ways = (("source", "target"),),
    languages: tuple[str, str] = ("en", "de"),
) -> dict[str, Pairs]:
    """{"source": text, "target": text} by split.

    Args:
        data: "synthetic", "tfds:NAME", or a path: what `published` recognises; a folder of parallel files (see
            `parallel_folder`); a table (.tsv, .csv) or JSON lines (.jsonl) with `source` and `target`.
        synthetic: generates examples, which are then split by index.
        published: reads the task's own public files into splits, or returns None for another path.
        tfds: the features of a TFDS data set that are source and target, or others instead of them.
        languages: endings of the names of parallel files, of the source and of the target.
    Raises:
        FileNotFoundError: no such path, or no file for a split. DataError: it is there and not what it should be.
        ValueError: none of these.
    """
    if data == "synthetic":
        return split_by_index(synthetic())
    if data.startswith(PREFIX):
        return {name: _dicts(part) for name, part in from_tfds(data, tfds).items()}
    path = existing(data)
    splits = published(path)
    if splits is not None:
        return splits
    if path.is_dir():
        return parallel_folder(path, languages)
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        return split_by_index(_dicts(jsonl.read(path, text="source", label="target")))
    if path.name.endswith(TABLES):
        return split_by_index(_dicts(table.read(path, text="source", label="target")))
    raise ValueError(
        f"Data are `synthetic`, `tfds:NAME`, a folder of parallel files "
        f"(train.{languages[0]}, train.{languages[1]}, ...), or a file ending in .tsv, .csv or .jsonl. Received: {data}"
    )


def parallel_folder(
    folder: Path, languages: tuple[str, str], *, names: Mapping[str, str] | None = None
) -> dict[str, Pairs]:
    """Pairs of the lines of parallel files, by split.

    Args:
        folder: has train.SOURCE and train.TARGET, the same for val or dev, and for test; plain or with .gz. Behind the
            first letters the names are free (test_2016.en). Without val, every tenth pair of training is for
            validation; with train alone, it is split by index.
        languages: (SOURCE, TARGET).
        names: of a split's files without their ending, where a folder has several for it:
            {"test": "test_2016"}.
    Raises:
        FileNotFoundError: no files for training or for testing. DataError: a file without the other, or lines that do
            not pair up. ValueError: several files for one split.
    """
    found = {split: _files(folder, languages, split, (names or {}).get(split)) for split in BEGINNINGS}
    parts = {split: parallel.read(*files) for split, files in found.items() if files}
    if "train" not in parts or ("validation" in parts and "test" not in parts):
        missing = "train" if "train" not in parts else "test"
        raise FileNotFoundError(
            f"A folder of parallel files holds {missing}.{languages[0]} and {missing}.{languages[1]}, plain or .gz. "
            f"Received: {folder}, with {', '.join(sorted(file.name for file in folder.iterdir())) or 'nothing'}."
        )
    if len(parts) == 1:
        return split_by_index(parts["train"])
    return parts if "validation" in parts else parts | held_out(parts["train"])


def _files(folder: Path, languages: tuple[str, str], split: str, name: str | None) -> tuple[Path, Path] | None:
    """The two files of a split."""
    files: dict[str, dict[str, Path]] = {}
    for file in visible_files(folder):
        stem, _, language = file.name.removesuffix(".gz").rpartition(".")
        wanted = stem == name if name else stem.lower().startswith(BEGINNINGS[split])
        if wanted and language in languages and file.is_file():
            files.setdefault(stem, {})[language] = file
    if len(files) > 1:
        raise ValueError(
            f"A folder has one pair of files for each split. Received: {', '.join(files)} in {folder}, "
            f"all for {split}. Move the others away."
        )
    for stem, both in files.items():
        for language in languages:
            if language not in both:
                raise DataError(
                    folder, None, f"{stem}.{language}, plain or .gz", ", ".join(f.name for f in both.values())
                )
        return both[languages[0]], both[languages[1]]
    return None


def _dicts(examples: list[tuple[str, str]]) -> Pairs:
    return [{"source": source, "target": target} for source, target in examples]
