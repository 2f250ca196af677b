"""Where a recipe's data come from: generated, a path in a published or a plain format, or TFDS."""

from collections.abc import Callable
from pathlib import Path

from zoo.data.readers import class_files, jsonl, table
from zoo.data.splits import split_by_index

TABLES = (".tsv", ".csv", ".tsv.gz", ".csv.gz")


def labelled_texts(
    data: str,
    *,
    synthetic: Callable[[], list[tuple[str, str]]],
    tfds: tuple[str, str, str],
    published: Callable[[Path], dict[str, list] | None] = lambda path: None,
) -> dict[str, list[tuple[str, str]]]:
    """(text, label) pairs by split.

    Args:
        data: "synthetic", "tfds:NAME", or a path: what `published` recognises; a folder of one text file a class; a
            table (.tsv, .csv) or JSON lines (.jsonl) with `text` and `label`.
        synthetic: generates examples, which are then split by index.
        tfds: name, input and target of the TFDS data set that fits.
        published: reads the task's own public files into splits, or returns None for another path.
    Raises:
        FileNotFoundError: no such path. DataError: it is there and not what it should be.
    """
    if data == "synthetic":
        return split_by_index(synthetic())
    if data.startswith("tfds:"):
        return _from_tfds(data.removeprefix("tfds:"), *tfds[1:])
    path = existing(data)
    splits = published(path)
    if splits is not None:
        return splits
    if path.is_dir():
        # Each class is split on its own, by the line's index in its file.
        by_class: dict[str, list] = {}
        for text, label in class_files.read_folder(path):
            by_class.setdefault(label, []).append((text, label))
        parts = [split_by_index(examples) for examples in by_class.values()]
        return {name: [example for part in parts for example in part[name]] for name in parts[0]}
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        return split_by_index(jsonl.read(path))
    if path.name.endswith(TABLES):
        return split_by_index(table.read(path))
    raise ValueError(
        f"Data are `synthetic`, `tfds:NAME`, a folder of one text file a class, or a file ending in .tsv, .csv or "
        f".jsonl. Received: {data}"
    )


def existing(data: str) -> Path:
    """The path, if there is something."""
    path = Path(data)
    if not path.exists():
        raise FileNotFoundError(
            f"No such file or folder: {data}. Data are `synthetic`, `tfds:NAME`, or a path that exists."
        )
    return path


def _from_tfds(name, source, target):
    from zoo.data.tfds import load

    whole = load(name, "train", source, target)
    parts = split_by_index(whole)
    try:
        test = load(name, "test", source, target)
    except ValueError:  # a set without a test part is split as any other
        return parts
    return {"train": parts["train"] + parts["test"], "validation": parts["validation"], "test": test}
