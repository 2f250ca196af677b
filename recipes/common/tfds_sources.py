"""A recipe's data if TFDS has them: which of a set's features it reads, and how its splits become ours."""

import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from zoo.data.reading_limit import note_reading, reading_counts
from zoo.data.splits import split_by_index
from zoo.data.tfds import DataSet

PREFIX = "tfds:"
# How sets call the splits that we have.
SPLITS = {"train": ("train",), "validation": ("validation", "valid", "val", "dev"), "test": ("test",)}
# Ways to read a set: the features of each, of which the first is taken that the set has.
FeatureSets = Sequence[Sequence[str]]


def read_parts(
    data: str,
    ways: FeatureSets,
    *,
    each: Callable[..., Any] = lambda *values: values,
    whole: bool = False,
    size: Callable[[Any], int] | None = None,
) -> dict[str, list]:
    """Examples by those of our splits that a set has.

    Args:
        data: "tfds:NAME".
        ways: the features that are read, in the order of `each`, or others instead of them.
        each: makes an example of an example's values; as soon as they are read, so that pictures may shrink.
        whole: read all of a set for a quick training, too: its caller bounds it in another way.
        size: of an example, for a quick training that reads the beginning of a set: no more are read when the sum
            reaches what is read of the split. Otherwise a sample is.
    Raises:
        ValueError: the set has the features of no way, or no examples for training.
    """
    data_set = DataSet(data)
    way = next((way for way in ways if set(way) <= set(data_set.features)), None)
    if way is None:
        needed = ", or ".join(" and ".join(way) for way in ways)
        raise ValueError(
            f"A set for this recipe has the features {needed}. Received: {data}, which has "
            f"{', '.join(data_set.features)}. Choose another set, or build one with these features."
        )
    named = {
        split: own[0] for split, names in SPLITS.items() if (own := [name for name in names if name in data_set.splits])
    }
    sizes = {} if whole else {split: sys.maxsize if size else data_set.size(name) for split, name in named.items()}
    counts = reading_counts(sizes) if sizes else None
    read, unknown = {}, 0
    for split, name in named.items():
        examples: list[Any] = []
        read_size = 0
        for row in data_set.rows(name, way, count=None if counts is None or size else counts[split]):
            if any(value is None for value in row):  # an unknown class, as of test data of a contest
                unknown += 1
            else:
                examples.append(each(*row))
                read_size += size(examples[-1]) if size else 0
            if counts is not None and size and read_size > counts[split]:
                break
        if counts is not None and not size:
            note_reading(len(examples), data_set.size(name))
        if examples:
            read[split] = examples
    if unknown:
        warnings.warn(f"{data}: {unknown} examples whose class is not known are left out.", stacklevel=2)
    if "train" not in read:
        raise ValueError(
            f"A set for training has a split train with examples. Received: {data}, with the splits "
            f"{', '.join(data_set.splits) or 'none'}. Choose another set."
        )
    return read


def from_tfds(
    data: str,
    ways: FeatureSets,
    *,
    each: Callable[..., Any] = lambda *values: values,
    split: Callable[[list], dict[str, list]] = split_by_index,
) -> dict[str, list]:
    """Examples for training, validation and testing.

    What a set lacks is taken from what it has: without a split for validation every tenth example of training is for
    it; without one for testing, that for validation is; training alone is split as any other data.

    Args:
        data, ways, each: as of `parts`.
        split: splits a set of training alone.
    """
    return complete_parts(read_parts(data, ways, each=each), split)


def complete_parts(
    parts: dict[str, list], split: Callable[[list], dict[str, list]] = split_by_index
) -> dict[str, list]:
    """The three splits of those that a set has, see `from_tfds`."""
    if len(parts) == 3:
        return parts
    if len(parts) == 1:
        return split(parts["train"])
    return {**hold_out_validation(parts["train"]), "test": parts["test" if "test" in parts else "validation"]}


def hold_out_validation(examples: list) -> dict[str, list]:
    """Training and validation from training alone."""
    parts = split_by_index(examples)
    return {"train": parts["train"] + parts["test"], "validation": parts["validation"]}
