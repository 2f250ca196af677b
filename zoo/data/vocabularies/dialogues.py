"""Dialogues, lists of utterances, as what a model reads and answers: histories, and the answer to each."""

import os
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from zoo.data.vocabularies.vocabulary import Vocabulary, read_kind, write_kind
from zoo.special_ids import FIRST
from zoo.storage.data_error import damage_as_data_error

# What parts the utterances of a history that is written as one string.
TURN = "|"
Utterance = str | Sequence[str]


class Utterances:
    """The encoding of a history of utterances for a model that reads words and utterances.

    The last utterances are read, and of each the first words; one without words is left out.

    Args:
        words: their vocabulary, at word level.
        maximum_utterances: how many are read.
        maximum_words: how many of each.
    Raises:
        ValueError: another level, or a maximum below 1.
    """

    KIND = "utterances"

    def __init__(self, words: Vocabulary, *, maximum_utterances: int = 20, maximum_words: int = 40):
        if words.level != "word":
            raise ValueError(f"Utterances are read word by word. Received: a vocabulary of level {words.level!r}")
        if min(maximum_utterances, maximum_words) < 1:
            raise ValueError(
                "maximum_utterances and maximum_words are at least 1. "
                f"Received: {maximum_utterances} and {maximum_words}"
            )
        self.words, self.maximum_utterances, self.maximum_words = words, maximum_utterances, maximum_words

    def __len__(self) -> int:
        return len(self.words)

    def split(self, history: Sequence[Utterance]) -> list[str]:
        """The utterances that are read, as texts."""
        if isinstance(history, str):
            raise ValueError(
                f"a history is a list of utterances, received one text: {history[:40]!r}. Put it in a list."
            )
        texts = [text if isinstance(text, str) else " ".join(text) for text in history]
        return [text for text in texts if self.words.surface(text)][-self.maximum_utterances :]

    def encode(self, history: Sequence[Utterance]) -> np.ndarray:
        """Returns the ids (U, maximum_words) of a history, int32, padded with 0 behind an utterance's words.

        Raises:
            ValueError: one text instead of a list of them, or no utterance with words.
        """
        utterances = self.split(history)
        if not utterances:
            raise ValueError(f"a history needs an utterance with words, received: {list(history)!r:.60}. Drop it.")
        ids = np.zeros((len(utterances), self.maximum_words), "int32")
        for row, text in zip(ids, utterances, strict=True):
            words = self.words.encode(text)[: self.maximum_words]
            row[: len(words)] = words
        return ids

    def save(self, path: str | os.PathLike) -> None:
        """Writes readable JSON."""
        own = {"maximum_utterances": self.maximum_utterances, "maximum_words": self.maximum_words}
        words = {"lowercase": self.words.lowercase, "tokens": self.words.tokens[FIRST:]}
        write_kind(path, {"kind": self.KIND, **own, **words})

    @classmethod
    def load(cls, path: str | os.PathLike) -> "Utterances":
        """Reads what `save` wrote. Raises DataError if the file is anything else."""
        types = {"maximum_utterances": int, "maximum_words": int, "lowercase": bool, "tokens": list}
        content = read_kind(path, cls.KIND, types)
        with damage_as_data_error(path, "saved utterances", line=1):
            words = Vocabulary(content["tokens"], lowercase=content["lowercase"])
            return cls(words, **{name: content[name] for name in ("maximum_utterances", "maximum_words")})


def without_empty(dialogues: Sequence[Sequence[str]]) -> list[list[str]]:
    """Leaves out turns without words, with one warning of their number.

    Raises:
        ValueError: a dialogue without an utterance, by its number.
    """
    cleaned = [[turn for turn in turns if turn.strip()] for turns in dialogues]
    for number, (turns, original) in enumerate(zip(cleaned, dialogues, strict=True)):
        if not turns:
            raise ValueError(f"dialogue {number}: there is no utterance. Received: {list(original)!r:.60}. Drop it.")
    empty = sum(map(len, dialogues)) - sum(map(len, cleaned))
    if empty:
        warnings.warn(f"{empty} empty turn{'s were' if empty > 1 else ' was'} left out.", stacklevel=2)
    return cleaned


def answers(dialogues: Sequence[Sequence[str]], *, of: str = "both") -> list[dict[str, Any]]:
    """Every turn of a dialogue but the first as what is answered to all turns before it.

    Args:
        dialogues: lists of turns of two who take turns.
        of: "both", or only of the one who speaks "first" or "second".
    Returns:
        {"source": the turns before, "target": the turn}.
    """
    offset = {"both": None, "first": 0, "second": 1}[of]
    return [
        {"source": list(turns[:index]), "target": turns[index]}
        for turns in dialogues
        for index in range(1, len(turns))
        if offset is None or index % 2 == offset
    ]


def joined(history: Sequence[str]) -> str:
    """A history as one string, for a model that reads one sequence."""
    return f" {TURN} ".join(history)
