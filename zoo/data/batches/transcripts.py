"""Sounds with transcripts of any length, as a model under connectionist temporal classification is trained on."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from zoo.data.splits import Splits, make_splits
from zoo.storage.files import fingerprint


def make_transcribed_splits(
    raw: Mapping[str, list[tuple[Any, str]]],
    vocabularies: Mapping[str, Any],
    *,
    batch_size: int = 32,
    buckets: int = 4,
    seed: int = 0,
) -> Splits:
    """Encodes raw examples and batches them; a transcript is padded to the longest of all splits.

    Args:
        raw: (input, transcript) pairs under "train", "validation" and "test".
        vocabularies: "labels", a `Vocabulary` of what transcripts are made of; "frames", a sense, where inputs are raw.
        batch_size, buckets, seed: as in `Batches`.
    Shapes:
        targets (L,) int32, padded with 0, which is the blank as well.
    Raises:
        ValueError: as `make_splits`; a transcript without any symbol.
    """
    labels = vocabularies["labels"]
    ids = {name: [labels.encode(text) for _, text in examples] for name, examples in raw.items()}
    for name, column in ids.items():
        for number, row in enumerate(column):
            if not len(row):
                raise ValueError(
                    f"{name} split: example {number}: a transcript needs a symbol, received none. Drop it."
                )
    longest = max(len(row) for column in ids.values() for row in column)
    padded = {
        name: [(value, np.pad(row, (0, longest - len(row)))) for (value, _), row in zip(raw[name], column, strict=True)]
        for name, column in ids.items()
    }
    sense = {name: one for name, one in vocabularies.items() if name != "labels"}
    splits = make_splits(padded, sense, batch_size=batch_size, buckets=buckets, seed=seed, lengths=True)
    data = [list(map(list, raw[name])) for name in ("train", "validation", "test")]
    return replace(splits, vocabularies=dict(vocabularies), fingerprint=fingerprint(data), raw=dict(raw))
