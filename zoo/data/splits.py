"""Training, validation and test data of one task: encoded alike, batched, and named by a fingerprint."""

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from zoo.data.batches.contiguous import ContiguousBatches
from zoo.data.batches.encoding import encode
from zoo.data.batches.on_the_fly import FixedBatches, OnTheFlyBatches
from zoo.data.batches.padded import Batches
from zoo.data.batches.trees import TreeBatches
from zoo.data.vocabularies.vocabulary import Labels
from zoo.data.vocabularies.words import normalize
from zoo.storage.files import fingerprint

SPLIT_SEED = 0
# Of fewer different inputs no split of three parts could have its share: they are in several.
DISTINCT = 10


@dataclass
class Splits:
    """The data of a recipe: batches by split, the vocabularies that encoded them, and the raw examples.

    Args:
        train, validation, test: the batches, or the streams of one long sequence; only `train` is shuffled.
        vocabularies: by the name of what they encode ("tokens", "characters", "labels"; "source", "target", "label").
        fingerprint: of the raw data, see `zoo.storage.files.fingerprint`.
        raw: by split a list of (input, target), or of dicts by input name; of a stream a list of its text alone.
    """

    train: Batches | ContiguousBatches | TreeBatches | OnTheFlyBatches
    validation: Batches | ContiguousBatches | TreeBatches | FixedBatches
    test: Batches | ContiguousBatches | TreeBatches | FixedBatches
    vocabularies: dict[str, Any]
    fingerprint: str
    raw: dict[str, list] = field(repr=False, default_factory=dict)

    def __getitem__(self, split: str) -> Any:
        """Return the batches of "train", "validation" or "test"."""
        return {"train": self.train, "validation": self.validation, "test": self.test}[split]

    def merged(self) -> "Splits":
        """Return the splits with all examples in `test`: training, validation, test."""
        parts = [part for part in (self.train, self.validation, self.test) if isinstance(part, type(self.test))]
        whole = type(self.test).join(parts)  # what is drawn anew is no data to measure by
        raw = [pair for name in ("train", "validation", "test") for pair in self.raw.get(name, [])]
        return replace(self, test=whole, raw={**self.raw, "test": raw})


def split_by_index(examples: Sequence[Any], label: Callable[[Any], Any] | None = None) -> dict[str, list]:
    """Split data without an official split by position: index mod 10 = 0 is test, 1 is validation, the rest train.

    Examples of equal inputs stay together, so that no test input is trained on: the first takes the next index. (But
    for fewer than ten different inputs, where each example has an index of its own.)

    Args:
        examples: what is split: (input, target) pairs, dicts with a "source", or values that are inputs as a whole.
        label: the class of an example, if each class is to have indices of its own.
    """
    parts: dict[str, list] = {"train": [], "validation": [], "test": []}
    counts: dict[Any, int] = {}
    assigned: dict[Any, str] = {}
    for key, example in zip(_keys(examples), examples, strict=True):
        group = None if label is None else label(example)
        if key not in assigned:
            index = counts[group] = counts.get(group, -1) + 1
            assigned[key] = {0: "test", 1: "validation"}.get(index % 10, "train")
        parts[assigned[key]].append(example)
    return parts


def input_key(example: Any) -> Any:
    """Return a key that is equal for examples of equal inputs: of a pair its first, of a dict its "source", or all."""
    value = example[0] if isinstance(example, tuple) else example
    if isinstance(example, Mapping) and "source" in example:
        value = {name: part for name, part in example.items() if name != "target"}
    try:
        hash(value)
    except TypeError:
        try:
            return fingerprint([value])
        except ValueError:  # objects of a kind that names no contents
            return id(value)
    return value


def _keys(examples: Sequence[Any]) -> list:
    """By what examples are kept together: their inputs."""
    keys = [input_key(example) for example in examples]
    return keys if len(set(keys)) >= DISTINCT else list(range(len(examples)))


def share_in_training(raw: Mapping[str, Sequence[Any]], split: str = "test") -> float:
    """Return the share of a split's examples whose input occurs in the training data, too."""
    trained = {input_key(example) for example in raw.get("train", ())}
    examples = raw.get(split, ())
    return sum(input_key(example) in trained for example in examples) / max(1, len(examples))


def split_by_label(
    examples: Sequence[Any],
    label: Callable[[Any], Any],
    *,
    parts: Sequence[str] = ("train", "validation", "test"),
) -> dict[str, list]:
    """Split data without an official split so that every split has its share of every class.

    The examples of each class are shuffled, by a seed that is no setting: every training of the same data has the same
    splits. Of every ten, one is for testing and one for validation; the first of each class is for training, so a class
    of one example is learned. Examples of equal inputs count as one and stay together, with the class of the first.
    Within a split the order is that of the data.

    Args:
        examples: what is split.
        label: the class of an example, any value that can be a key.
        parts: the splits; without "test" its share is for training.
    """
    equal: dict[Any, list[int]] = {}
    for index, key in enumerate(_keys(examples)):
        equal.setdefault(key, []).append(index)
    together = {same[0]: same for same in equal.values()}
    members: dict[Any, list[int]] = {}
    for index in together:
        members.setdefault(label(examples[index]), []).append(index)
    generator, count = np.random.default_rng(SPLIT_SEED), 0
    indices: dict[str, list[int]] = {name: [] for name in parts}
    for firsts in members.values():
        first, *others = generator.permutation(firsts).tolist()
        indices["train"] += together[first]
        for index in others:  # the count goes on over the classes: small ones take turns
            name = {0: "test", 5: "validation"}.get(count % 10, "train")
            indices[name if name in indices else "train"] += together[index]
            count += 1
    return {name: [examples[index] for index in sorted(part)] for name, part in indices.items()}


def build_labels(raw: Mapping[str, Sequence[Any]], labels: Callable[[Any], Iterable[str]]) -> Labels:
    """Collect the labels of all splits, in the order of the alphabet.

    A label that occurs in no training example (usual for rare tags) is known, too: it is never predicted, and counts as
    wrong where it stands. One warning names such labels.

    Args:
        raw: examples by split.
        labels: those of an example.
    Raises:
        ValueError: fewer than two labels.
    """
    first: dict[str, dict[str, int]] = {split: {} for split in raw}
    for split, examples in raw.items():
        for number, example in enumerate(examples, 1):
            for name in map(normalize, labels(example)):
                first[split].setdefault(name, number)
    unseen: dict[str, str] = {}
    for split in first:
        for name, number in first[split].items():
            if name not in first["train"]:
                unseen.setdefault(name, f"{name!r} (example {number} of {split})")
    if len(first["train"]) < 2:
        names = ", ".join(map(repr, first["train"])) or "none"
        raise ValueError(f"A classification needs two labels or more in its training data. Received: {names}")
    if unseen:
        warnings.warn(
            f"{len(unseen)} of {len(unseen) + len(first['train'])} labels occur in no training example and count as "
            f"wrong where they stand: {', '.join(list(unseen.values())[:5])}{', ...' * (len(unseen) > 5)}",
            stacklevel=2,
        )
    return Labels.build([*first["train"], *unseen])


def make_splits(
    raw: Mapping[str, list[tuple[Any, Any]]],
    vocabularies: Mapping[str, Any],
    *,
    batch_size: int = 32,
    buckets: int = 4,
    aligned: bool = False,
    lengths: bool = False,
    seed: int = 0,
) -> Splits:
    """Encodes raw examples and batches them.

    Args:
        raw: (input, target) pairs under "train", "validation" and "test".
        vocabularies: "tokens" (and "characters") for texts, none for frames; "labels" for targets that are names.
        batch_size, buckets, aligned, lengths, seed: as in `Batches`.
    Raises:
        ValueError: a split without examples, an input that cannot be encoded, a label never seen in training; each
            names the split and the example.
    """
    batches = {}
    for name in ("train", "validation", "test"):
        examples = raw[name]
        if not examples:
            raise ValueError(
                f"The {name} split holds no examples: give more data, ten examples or more (of every ten, one is for "
                "testing and one for validation)."
            )
        try:
            inputs = encode([source for source, _ in examples], vocabularies)
            targets = [
                _target(target, vocabularies.get("labels"), number) for number, (_, target) in enumerate(examples)
            ]
            batches[name] = Batches(
                inputs,
                targets,
                batch_size=batch_size,
                buckets=buckets,
                shuffle=name == "train",
                seed=seed,
                aligned=aligned,
                lengths=lengths,
            )
        except (ValueError, TypeError) as error:
            raise type(error)(f"{name} split: {error}") from error
    data = [list(map(list, raw[name])) for name in ("train", "validation", "test")]
    return Splits(**batches, vocabularies=dict(vocabularies), fingerprint=fingerprint(data), raw=dict(raw))


def _target(target, labels, number):
    if labels is None:
        return np.asarray(target)
    try:
        if isinstance(target, str):
            return labels.encode(target)
        return np.array([labels.encode(name) for name in target], "int32")
    except ValueError as error:
        raise ValueError(f"example {number}: {error}") from error
