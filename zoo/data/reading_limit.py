"""The bound on what a quick training reads: all examples that come from a person's data pass through here.

A quick training reads at most as many examples as it would generate. Those without an order are sampled, the same ones
every time; of texts and series the first part is read.
"""

import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np

SEED = 0
# Examples of every label that are sampled before others: one for each split.
PER_LABEL = 3
# Of official splits all but the first have so large a part of what is read.
HELD_OUT_SHARE = 0.1
# Arguments of recipes by which generated data have their size.
SIZES = ("examples", "rows")

Labels = Callable[[Any], Iterable[Hashable]]


@dataclass
class ReadingLimit:
    """A bound on the number of examples that are read, with the count of those that were.

    Args:
        count: examples of all splits together; of a text characters, of a series rows.
        argument: of the command line by which it is raised.
        unit: what is counted.
        is_first_part: the first ones are read, rather than a sample.
        read: how many were read.
        available: of how many; None if not known.
    """

    count: int
    argument: str
    unit: str = "examples"
    is_first_part: bool = False
    read: int = 0
    available: int | None = 0

    def note(self, read: int, available: int | None, *, unit: str = "examples", is_first_part: bool = False) -> None:
        """Count what was read of a part of the data."""
        self.unit, self.is_first_part = unit, is_first_part
        self.read += read
        self.available = None if self.available is None or available is None else self.available + available

    @property
    def message(self) -> str:
        """One line on how much is read; "" if that is everything."""
        if self.available == self.read:
            return ""
        first = "the first " if self.is_first_part else ""
        whole = "" if self.available is None else f" of {self.available:,}"
        return f"--quick: {first}{self.read:,}{whole} {self.unit} are read (--{self.argument} N for more)."


_current: ContextVar[ReadingLimit | None] = ContextVar("reading_limit", default=None)


@contextmanager
def limited_reading(arguments: Mapping[str, Any], *, quick: bool, verbose: int = 1) -> Iterator[ReadingLimit | None]:
    """Bound what is read within the context, if the training is quick, and print one line about it at the end.

    Args:
        arguments: all of the recipe's own: its `data`, and the size of generated data.
        quick: whether there is a bound; generated data need none.
        verbose: 0 is silent.
    """
    limit = _limit_of(arguments) if quick and arguments.get("data", "synthetic") != "synthetic" else None
    token = _current.set(limit)
    try:
        yield limit
    finally:
        _current.reset(token)
    if limit is not None and verbose and limit.message:
        print(limit.message, file=sys.stderr)


def _limit_of(arguments: Mapping[str, Any]) -> ReadingLimit | None:
    """The bound by the arguments of a recipe; None for one whose generated data have no size."""
    if "batches" in arguments:  # drawn anew for every batch
        return ReadingLimit(arguments["batches"] * arguments["batch_size"], "batches")
    name = next((name for name in SIZES if name in arguments), None)
    return None if name is None else ReadingLimit(arguments[name], name)


def sample(examples: Sequence[Any], labels: Labels | None = None, *, count: int | None = None) -> Sequence[Any]:
    """Return what is read of examples that are yet to be split, in their order.

    Args:
        examples: all of them, or what they are read from: names of files, rows of a table.
        labels: those of an example; examples of every label are sampled first, so that none is lost.
        count: the share of one split, see `reading_counts`; None: there are no splits yet.
    """
    limit = _current.get()
    return examples if limit is None else _sampled(limit, examples, count or limit.count, labels)


def sample_splits(parts: Mapping[str, Sequence[Any]], labels: Labels | None = None) -> dict[str, Any]:
    """Return what is read of examples by split, each split with its share."""
    limit = _current.get()
    if limit is None:
        return dict(parts)
    counts = split_counts(limit.count, {split: len(part) for split, part in parts.items()})
    return {split: _sampled(limit, part, counts[split], labels) for split, part in parts.items()}


def first_part(sequence: Any, unit: str) -> Any:
    """Return what is read of a text or of rows in the order of time: the first ones."""
    limit = _current.get()
    if limit is None:
        return sequence
    limit.note(min(limit.count, len(sequence)), len(sequence), unit=unit, is_first_part=True)
    return sequence[: limit.count]


def first_part_of_splits(
    parts: Mapping[str, Sequence[Any]],
    *,
    size: Callable[[Any], int] = len,
    unit: str = "characters",
    is_whole: bool = True,
) -> dict[str, Any]:
    """Return what is read of texts by split: whole ones from the first on, or the first part of a longer first one.

    Args:
        parts: texts by split.
        size: of a text.
        unit: of sizes.
        is_whole: whether the parts are all that there is.
    """
    limit = _current.get()
    if limit is None:
        return dict(parts)
    totals = {split: np.cumsum([size(example) for example in part]) for split, part in parts.items()}
    counts = split_counts(limit.count, {split: int(sizes[-1]) for split, sizes in totals.items() if len(sizes)})
    parts_read = dict(parts)
    for split, part in parts.items():
        sizes = totals[split]
        if not part:
            continue
        last = int(np.searchsorted(sizes, counts[split], side="right"))
        parts_read[split] = list(part[:last]) or [part[0][: counts[split]]]
        read = int(sizes[last - 1]) if last else min(counts[split], int(sizes[0]))
        available = int(sizes[-1]) if is_whole or sizes[-1] <= counts[split] else None
        limit.note(read, available, unit=unit, is_first_part=True)
    return parts_read


def reading_counts(sizes: Mapping[str, int]) -> dict[str, int] | None:
    """Return how many examples of each split are read; None: all."""
    limit = _current.get()
    return None if limit is None else split_counts(limit.count, sizes)


def note_reading(read: int, available: int | None) -> None:
    """Count examples that were read by `reading_counts`."""
    limit = _current.get()
    if limit is not None:
        limit.note(read, available)


def split_counts(count: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """Share a number of examples among splits: all if they have no more, else a tenth for each but the first."""
    if sum(sizes.values()) <= count:
        return dict(sizes)
    first, *others = sorted(sizes, key=lambda split: split != "train")
    held_out = max(1, int(count * HELD_OUT_SHARE))
    return {first: max(1, count - held_out * len(others)), **dict.fromkeys(others, held_out)}


def _sampled(limit: ReadingLimit, examples: Sequence[Any], count: int, labels: Labels | None) -> list:
    """Return `count` examples in their order, of every label one first, then a second and a third."""
    order = np.random.default_rng(SEED).permutation(len(examples)).tolist()
    if labels is not None and len(examples) > count:
        counts: Counter[Hashable] = Counter()
        ranks = {}
        for index in order:
            own = set(labels(examples[index]))
            ranks[index] = min((counts[label] for label in own), default=PER_LABEL)
            counts.update(own)
        order.sort(key=lambda index: min(ranks[index], PER_LABEL))
    chosen = sorted(order[:count])
    limit.note(len(chosen), len(examples))
    return [examples[index] for index in chosen]
