"""Examples of models that generate, dicts by input name, to arrays: what is read, and the target shifted by one."""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from zoo.data.batches.encoding import VECTOR, encode_column
from zoo.data.batches.padded import STEPPED, Batches
from zoo.data.batches.word_alignment import target_alignment
from zoo.data.featurizers.featurizer import Featurizer
from zoo.data.splits import Splits
from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary, SourceExtendedVocabulary, target_vocabulary
from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.special_ids import END, START, UNKNOWN
from zoo.storage.files import fingerprint

Kind = Vocabulary | Labels | PointerVocabulary | Featurizer
BEFORE_FRAMES = 0.0
# Levels of vocabularies in which an unknown token is worth a warning, and what their tokens are called.
UNITS = {"character": "character", "grapheme": "character", "tagged": "token"}


def teacher_forced(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns the input "target" of an example and the targets, the same one step ahead.

    Shapes:
        ids (T,) -> [START, y_1 .. y_T] and [y_1 .. y_T, END], both (T + 1,) int32;
        frames (T, D) -> [zeros, y_1 .. y_(T-1)] and y_1 .. y_T, both (T, D) float32.
    """
    values = np.asarray(values)
    if values.ndim == 1:
        return np.array([START, *values], "int32"), np.array([*values, END], "int32")
    frames = values.astype("float32")
    return np.concatenate([np.full_like(frames[:1], BEFORE_FRAMES), frames[:-1]]), frames


def encode_inputs(
    examples: Sequence[Mapping[str, Any]], vocabularies: Mapping[str, Kind]
) -> dict[str, list[np.ndarray]]:
    """Encodes what a generating model reads: every column that has a vocabulary, "vector", and a "source" of frames.

    "target" is not read. An open vocabulary of the target (`zoo.data.vocabularies.copy_vocabulary`) adds
    "source_as_target", the source's tokens by the ids that the output has for them.

    Other keys of an example are ignored. Tokens that the vocabulary lacks become id 1; `warn_of_unknown` warns of them.

    Args:
        examples: dicts by input name: {"source": "a text", "label": "Russian", "vector": [0.5, 2.0]}.
        vocabularies: by input name: of tokens for texts, of labels for one name, of a `Featurizer` for anything else.
    Shapes:
        texts (S,) int32, labels () int32, vectors (D,) float32 (a number is a vector of one), frames (S, D) or, of
        pictures, (S, H, W, C) float32 with "source_lengths" () int32; a list over the examples.
    Raises:
        ValueError: each names the example: no value under a name, a text without tokens, a label never seen in
            training, a vector of another width or not of finite numbers.
    """
    encoders: dict[str, Any] = {name: encoder for name, encoder in vocabularies.items() if name != "target"}
    if any(VECTOR in example for example in examples):
        encoders.setdefault(VECTOR, None)
    if "source" not in encoders and any(np.ndim(example.get("source", 0)) >= 2 for example in examples):
        encoders["source"] = None
    inputs = {
        name: encode_column(name, [_value(name, example, number) for number, example in enumerate(examples)], encoder)
        for name, encoder in encoders.items()
    }
    source, target = vocabularies.get("source"), vocabularies.get("target")
    if "source" in encoders and (source is None or isinstance(source, Featurizer)):
        inputs["source_lengths"] = [np.array(len(frames), "int32") for frames in inputs["source"]]
    if isinstance(source, Vocabulary) and isinstance(target, CopyVocabulary):
        offers = [target.for_source(source.split(example["source"])) for example in examples]
        inputs["source_as_target"] = [offer.source_ids for offer in offers]
    return inputs


def _value(name: str, example: Mapping[str, Any], number: int) -> Any:
    if name not in example:
        raise ValueError(f"example {number}: every example needs {name!r}, received: {list(example)}.")
    return example[name]


def unknown_share(encoded: Sequence[np.ndarray]) -> tuple[float, int | None]:
    """Returns the share of unknown ids in encoded texts, and the number of the first text that has one."""
    unknown = [int(np.sum(np.asarray(ids) == UNKNOWN)) for ids in encoded]
    first = next((number for number, count in enumerate(unknown) if count), None)
    return sum(unknown) / max(1, sum(map(len, encoded))), first


def warn_of_unknown(
    examples: Sequence[Mapping[str, Any]],
    inputs: Mapping[str, Sequence[np.ndarray]],
    vocabularies: Mapping[str, Kind],
) -> None:
    """Warns once for every text column of characters in which some were never seen in training.

    Among words some are always unknown; an unknown character means another alphabet or spelling, an unknown feature of
    a tagged form another scheme.

    Args:
        examples, inputs, vocabularies: what `encode_inputs` took and gave.
    """
    for name, column in inputs.items():
        vocabulary = vocabularies.get(name)
        share, first = unknown_share(column) if isinstance(vocabulary, Vocabulary) else (0.0, None)
        if isinstance(vocabulary, Vocabulary) and vocabulary.level in UNITS and first is not None:
            surface = vocabulary.split(examples[first][name])
            unknown = next(token for token in surface if token not in vocabulary)
            count, unit = round(share * sum(map(len, column))), UNITS[vocabulary.level]
            warnings.warn(
                f"{name}: {count} {f'{unit} was' if count == 1 else f'{unit}s were'} never seen in training "
                f"({share:.1%}), the first is {unknown!r} in example {first}.",
                stacklevel=2,
            )


def make_generation_splits(
    raw: Mapping[str, list[dict[str, Any]]],
    vocabularies: Mapping[str, Kind],
    *,
    batch_size: int = 32,
    buckets: int = 8,
    tokens: int | None = None,
    seed: int = 0,
    keep_unknown: bool = False,
) -> Splits:
    """Encodes raw examples for teacher forcing and batches them.

    Args:
        raw: dicts by input name under "train", "validation" and "test"; "target" is a text where it has a vocabulary,
            else frames (T, D).
        vocabularies: by input name.
        batch_size, buckets, tokens, seed: as in `Batches`.
        keep_unknown: as in `teacher_forced_batches`, for training; elsewhere such tokens are always kept.
    Raises:
        ValueError: a split without examples, or an example that cannot be encoded; each names the split and example.
    """
    batches = {}
    for split in ("train", "validation", "test"):
        if not raw[split]:
            raise ValueError(f"The {split} split holds no examples: give more data, ten examples or more.")
        try:
            batches[split] = teacher_forced_batches(
                raw[split],
                vocabularies,
                batch_size=batch_size,
                buckets=buckets,
                tokens=tokens,
                shuffle=split == "train",
                seed=seed,
                keep_unknown=keep_unknown or split != "train",
            )
        except ValueError as error:
            raise ValueError(f"{split} split: {error}") from error
    data = [raw[name] for name in ("train", "validation", "test")]
    return Splits(**batches, vocabularies=dict(vocabularies), fingerprint=fingerprint(data), raw=dict(raw))


def teacher_forced_batches(
    examples: Sequence[Mapping[str, Any]],
    vocabularies: Mapping[str, Kind],
    *,
    batch_size: int = 32,
    buckets: int = 8,
    tokens: int | None = None,
    shuffle: bool = False,
    seed: int = 0,
    keep_unknown: bool = False,
) -> Batches:
    """Encodes examples for teacher forcing and batches them.

    Args:
        examples: dicts by input name; with "word_alignment", pairs (source place, target place) from 0 or a text "0-0
            1-2" as word aligners write it, the batches have the input "target_alignment" (T, S): each target's weight
            is shared by the places it is linked to.
        vocabularies: by input name.
        batch_size, buckets, tokens, shuffle, seed: as in `Batches`.
        keep_unknown: a target's token that is in neither an open vocabulary nor the source becomes the unknown one,
            which counts as wrong, instead of an error.
    Raises:
        ValueError: an example that cannot be encoded, by its number.
    """
    inputs = encode_inputs(examples, vocabularies)
    pairs = []
    for number, example in enumerate(examples):
        vocabulary: Any = target_vocabulary(example, vocabularies)
        if keep_unknown and isinstance(vocabulary, SourceExtendedVocabulary):
            pairs.append(teacher_forced(vocabulary.encode(example["target"], keep_unknown=True)))
        else:
            pairs.append(_target(example, vocabulary, number))
    if any("word_alignment" in example for example in examples):
        inputs["target_alignment"] = [
            target_alignment(example, number, (len(target), len(source)))
            for number, (example, (_, target), source) in enumerate(zip(examples, pairs, inputs["source"], strict=True))
        ]
    return Batches(
        inputs | {"target": [shifted for shifted, _ in pairs]},
        [target for _, target in pairs],
        batch_size=batch_size,
        buckets=buckets,
        shuffle=shuffle,
        seed=seed,
        aligned=True,
        fixed=without_steps(inputs),
        tokens=tokens,
    )


def without_steps(inputs: Iterable[str]) -> list[str]:
    """Return the names of inputs that have one value per example."""
    return [name for name in inputs if name not in STEPPED]


def _target(example: Mapping[str, Any], vocabulary: Any, number: int) -> tuple[np.ndarray, np.ndarray]:
    value = example.get("target")
    if value is None:
        raise ValueError(f"example {number}: every example needs 'target', received: {list(example)}.")
    if vocabulary is None and (np.ndim(value) != 2 or not len(value) or not np.isfinite(value).all()):
        raise ValueError(
            f"example {number}: target must be finite frames (steps, features), received: {value!r:.60}. "
            'Texts need a vocabulary named "target".'
        )
    try:
        return teacher_forced(value if vocabulary is None else vocabulary.encode(value))
    except ValueError as error:
        raise ValueError(f"example {number}: {error}") from error
