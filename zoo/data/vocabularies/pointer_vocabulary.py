"""Positions of a source as outputs: the vocabulary of models that point."""

import os
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from zoo.data.vocabularies.vocabulary import read_kind, write_kind
from zoo.special_ids import END, FIRST, SPECIAL_TOKENS


class PointerVocabulary:
    """Positions, counted from 0, and their ids: position p is 4 + p, behind the special ids of every vocabulary.

    Args:
        count: how many there are; None: any number, as every source has its own.
    """

    KIND = "positions"

    def __init__(self, count: int | None = None):
        self.count = count
        self.tokens = list(SPECIAL_TOKENS)

    def __len__(self) -> int:
        """Return the number of ids that are the same for all sources."""
        return FIRST

    def for_source(self, source: Sequence[Any]) -> "PointerVocabulary":
        """The positions of one source."""
        return PointerVocabulary(len(source))

    def encode(self, positions: str | Sequence[int]) -> np.ndarray:
        """Returns the ids of positions, given as numbers or as a text of numbers between blanks.

        Raises:
            ValueError: something else than whole numbers, or a position the source does not have.
        """
        values = positions.split() if isinstance(positions, str) else list(positions)
        try:
            numbers = [
                position if isinstance(position, int | np.integer) else int(str(position)) for position in values
            ]
        except ValueError as error:
            raise ValueError(f"Positions are whole numbers, counted from 0. Received: {positions!r:.60}") from error
        for number in numbers:
            if number < 0 or (self.count is not None and number >= self.count):
                last = "0 or more" if self.count is None else f"between 0 and {self.count - 1}, the source's last"
                raise ValueError(f"A position is {last}. Received: {number}")
        return np.array([FIRST + number for number in numbers], "int32")

    def name(self, number: int) -> int | str:
        """The position of an id; the name of a special one."""
        return int(number) - FIRST if number >= FIRST else self.tokens[number]

    def decode(self, ids: Iterable[int]) -> str:
        """Returns positions with blanks between them, up to the end."""
        texts = []
        for number in map(int, ids):
            if number == END:
                break
            if number >= FIRST:
                texts.append(str(number - FIRST))
        return " ".join(texts)

    def save(self, path: str | os.PathLike) -> None:
        """Writes readable JSON."""
        write_kind(path, {"kind": self.KIND})

    @classmethod
    def load(cls, path: str | os.PathLike) -> "PointerVocabulary":
        """Reads what `save` wrote. Raises DataError if the file is anything else."""
        read_kind(path, cls.KIND, {})
        return cls()
