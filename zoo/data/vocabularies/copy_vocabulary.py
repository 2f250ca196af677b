"""A vocabulary that every source extends by its own words: the outputs of a model that copies."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.data.vocabularies.vocabulary import Vocabulary


class CopyVocabulary(Vocabulary):
    """A vocabulary that is extended by the words of a source it lacks: id V + k is the k-th of them.

    By itself it is the `Vocabulary` of its V tokens, for which all others are unknown.
    """

    KIND = "open vocabulary"

    def for_source(self, source: str | Sequence[str]) -> "SourceExtendedVocabulary":
        """The vocabulary with the words of one source."""
        return SourceExtendedVocabulary(self, self.split(source))


class SourceExtendedVocabulary:
    """The tokens of a vocabulary, and behind them those of one source that it lacks, in the order they come.

    Args:
        vocabulary: of V tokens.
        source: the tokens of the source.
    """

    def __init__(self, vocabulary: Vocabulary, source: Sequence[str]):
        self.vocabulary, self.source = vocabulary, source
        self.added = list(dict.fromkeys(token for token in source if token not in vocabulary))
        self._ids = {token: len(vocabulary) + number for number, token in enumerate(self.added)}

    @cached_property
    def source_ids(self) -> np.ndarray:
        """(S,) int32, each token of the source by its id here. Made when it is asked for: few who name tokens do."""
        return self._encode(self.source)

    def __contains__(self, token: str) -> bool:
        return token in self._ids or token in self.vocabulary

    def split(self, text: str | Sequence[str]) -> list[str]:
        """Split a text as the vocabulary does."""
        return self.vocabulary.split(text)

    def encode(self, text: str | Sequence[str], *, keep_unknown: bool = False) -> np.ndarray:
        """Returns the ids (T,) of a text's tokens.

        Args:
            keep_unknown: a token that is in neither vocabulary nor source becomes the unknown one, instead of an error.
        Raises:
            ValueError: such a token.
        """
        tokens = self.split(text)
        lost = [token for token in tokens if token not in self]
        if lost and not keep_unknown:
            raise ValueError(
                f"the target's {lost[0]!r} is in neither the vocabulary nor the source, so no model could emit it. "
                "Take a larger vocabulary (vocabulary_size, minimum_count), keep such words as unknown "
                "(keep_unknown; in the recipe --unknown-targets keep), or drop the example."
            )
        return self._encode(tokens)

    def _encode(self, tokens):
        ids = self.vocabulary.encode(tokens)
        return np.array([self._ids.get(token, known) for token, known in zip(tokens, ids, strict=True)], "int32")

    def name(self, number: int) -> str:
        """The token of an id."""
        behind = int(number) - len(self.vocabulary)
        return self.vocabulary.name(number) if behind < 0 else self.added[behind]

    def decode(self, ids: Iterable[int]) -> str:
        """Returns the text of ids up to the end token, without padding and start."""
        return self.vocabulary.join(self.vocabulary.emitted(ids, self.name))


def target_vocabulary(example: Mapping[str, Any], vocabularies: Mapping[str, Any]) -> Any:
    """Return the vocabulary for the target of one example: a copy vocabulary is extended by its source."""
    vocabulary = vocabularies.get("target")
    if "source" not in example or not isinstance(vocabulary, CopyVocabulary | PointerVocabulary):
        return vocabulary
    source = vocabularies["source"].split(example["source"]) if "source" in vocabularies else example["source"]
    return vocabulary.for_source(source)
