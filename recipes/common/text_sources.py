"""Sources of texts for language models: one long text, or sentences."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from zoo.data.readers import conll
from zoo.data.readers import text as text_files
from zoo.data.readers.formats import Format, recognise
from zoo.data.reading_limit import first_part, first_part_of_splits
from zoo.recipes.common import sources
from zoo.recipes.common.split_files import find_split_files, read_files
from zoo.recipes.common.tfds_sources import PREFIX, complete_parts, read_parts

PARTS = ("train", "validation", "test")
# Features of sets of TFDS: tiny_shakespeare, lm1b, wiki40b and one's own.
TFDS = (("text",),)
# A file of this name is cut as the public Tiny Shakespeare is by everyone.
SHAKESPEARE = ("input.txt", "input.txt.gz")
FORMATS = (
    Format("CoNLL-U", conll.lacks_universal, lambda path: [words for words, _ in conll.read(path, column="form")]),
    Format(
        "text, a sentence a line",
        text_files.lacks_text,
        lambda path: [line.split() for line in text_files.read_lines(path)],
        is_plain=True,
    ),
)


def texts(data: str, *, synthetic: Callable[[], str]) -> tuple[dict[str, list[dict[str, Any]]], bool]:
    """{"target": text, or a sentence's words} by split, and whether each split is one long text.

    Args:
        data: "synthetic"; "tfds:NAME" of a set with the feature `text`, see `_set`; a file of text, one long one: 80 %
            for training, then 10 % for validation and 10 % for testing; a file named input.txt, or a folder with one:
            the first 90 % of the characters are for training, the last 10 % for both validation and testing; a folder
            with a file of sentences for each split (see `sources.sentences`), or one file of them: CoNLL-U, or in a
            folder text with a sentence a line. Plain or .gz.
        synthetic: generates one long text.
    Raises:
        FileNotFoundError: no such path, or no file for a split. DataError: it is there and not what it should be.
    """
    parts: dict[str, list] = {}
    if data.startswith(PREFIX):
        parts, long = _set(data)
    else:
        long = _long(data, synthetic)
    if long is not None:
        return {part: [{"target": text}] for part, text in zip(PARTS, long, strict=True)}, True
    parts = parts or _sentences(sources.require_path(data))
    return {part: [{"target": words} for words in parts[part]] for part in PARTS}, False


def chunks(target: str | list[str]) -> list:
    """A long text by lines, so that no splitter has to hold it whole; a sentence as it is."""
    return target.splitlines(keepends=True) if isinstance(target, str) else [target]


def _long(data: str, synthetic: Callable[[], str]) -> list[str] | None:
    """The text for each split; None if the data are sentences."""
    if data == "synthetic":
        return _cut(synthetic(), 0.8, 0.9)
    path = sources.require_path(data)
    if path.is_dir():
        path = next((path / name for name in SHAKESPEARE if (path / name).is_file()), path)
    if path.is_dir() or not recognise(path, FORMATS).is_plain:
        return None
    text = first_part(text_files.read(path), "characters")
    if path.name in SHAKESPEARE:
        train, held_out, _ = _cut(text, 0.9, 1.0)
        return [train, held_out, held_out]
    return _cut(text, 0.8, 0.9)


def _set(data: str) -> tuple[dict[str, list], list[str] | None]:
    """Words of sentences by split, and nothing, if all texts are of one line; else nothing, and the long text of each
    split: its texts with a blank line between them. What splits a set lacks is cut from the end of training."""
    parts = first_part_of_splits(read_parts(data, TFDS, each=str, size=len), is_whole=False)
    if not any("\n" in text for part in parts.values() for text in part):
        return complete_parts({split: [text.split() for text in part] for split, part in parts.items()}), None
    whole = {split: "\n\n".join(part) for split, part in parts.items()}
    if len(whole) == 1:
        return {}, _cut(whole["train"], 0.8, 0.9)
    if len(whole) == 3:
        return {}, [whole[part] for part in PARTS]
    train, validation, _ = _cut(whole["train"], 0.9, 1.0)
    return {}, [train, validation, whole["test" if "test" in whole else "validation"]]


def _cut(text: str, first: float, second: float) -> list[str]:
    one, two = int(len(text) * first), int(len(text) * second)
    return [text[:one], text[one:two], text[two:]]


def _sentences(path: Path) -> dict[str, list]:
    parts = {"": recognise(path, FORMATS).read(path)} if path.is_file() else read_files(find_split_files(path, FORMATS))
    return sources.complete_splits(path, _first_parts(parts))


def _first_parts(parts: Mapping[str, Sequence[list[str]]]) -> dict[str, list]:
    return first_part_of_splits(parts, size=lambda words: sum(map(len, words)) + len(words))
