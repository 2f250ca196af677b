"""Vocabularies: tokens and labels to whole numbers and back."""

import base64
import difflib
import itertools
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from zoo.data.vocabularies.spacing import Spacing
from zoo.data.vocabularies.subwords import Subwords
from zoo.data.vocabularies.words import lowercase as to_lower
from zoo.data.vocabularies.words import normalize, split_graphemes, split_words
from zoo.special_ids import END, FIRST, PAD, SPECIAL_TOKENS, START, UNKNOWN
from zoo.storage.data_error import damage_as_data_error
from zoo.storage.files import DataError, load_json, replace_file

# How a text becomes tokens. Characters are code points, as in the literature on character models; graphemes are what a
# reader takes for one character, for models that cut a text between them.
LEVELS = ("word", "character", "grapheme", "subword", "tagged")


class Vocabulary:
    """Tokens and their ids. The ids 0 to 3 are special and the same in every vocabulary; no text encodes to 0, 2 or 3.

    Texts are read in their composed form (NFC), whichever they come in.

    Args:
        tokens: the tokens of ids 4, 5, ..., without the special ones.
        level: how `split` takes a text apart: "word" (see `zoo.data.vocabularies.words`), "character" (code points),
            "grapheme", "subword" or "tagged" (see `tagged_tokens`).
        lowercase: True if all tokens are lower case.
        subwords: the trained splitter of level "subword".
        spacing: where `join` puts no blank between words; everywhere one if None.
    Raises:
        ValueError: an unknown level, tokens that are not distinct strings, or a special one among them.
    """

    KIND = "vocabulary"  # in its file

    def __init__(
        self,
        tokens: Iterable[str],
        *,
        level: str = "word",
        lowercase: bool = False,
        subwords: Subwords | None = None,
        spacing: Spacing | None = None,
    ):
        if level not in LEVELS:
            raise ValueError(f"level must be one of {', '.join(LEVELS)}, received: {level!r}.")
        if (level == "subword") != (subwords is not None):
            raise ValueError('level="subword" needs trained subwords, no other level takes them: use Vocabulary.build.')
        self.level, self.lowercase, self.subwords, self.spacing = level, lowercase, subwords, spacing or Spacing()
        self.tokens = _distinct([*SPECIAL_TOKENS, *tokens], "tokens")
        if subwords is not None and subwords.pieces != self.tokens:
            raise ValueError("tokens must be the pieces of the subwords, received others: use Vocabulary.build.")
        self._ids: dict[str, int] = {}
        for number, token in enumerate(self.tokens):
            if number > END:
                self._ids.setdefault(normalize(token), number)

    @classmethod
    def build(
        cls,
        texts: Iterable[str | Sequence[str]],
        *,
        level: str = "word",
        lowercase: bool = False,
        size: int | None = None,
        minimum_count: int = 1,
    ) -> "Vocabulary":
        """Collects the tokens of texts, the most frequent first; equally frequent ones in the order of the alphabet.

        Of words, strings tell where texts have no blank between two of them, so that `join` writes none there.

        Args:
            texts: strings, or lists of tokens.
            size: at most this many tokens, the special ones included; None for all (of subwords 8000).
            minimum_count: rarer tokens are left out.
        Raises:
            TypeError: one string instead of a list of them.
            ValueError: a size without room for a token; of subwords, a minimum_count or too small a size.
        """
        if isinstance(texts, str):
            raise TypeError(f"texts must be a list of texts, received one string: {texts[:40]!r}. Put it in a list.")
        if size is not None and size <= FIRST:
            raise ValueError(f"size counts the 4 special tokens and must be at least 5, received: {size}.")
        if level == "subword":
            if minimum_count != 1:
                raise ValueError(f"minimum_count must be 1 for subwords, received: {minimum_count}. Choose a size.")
            joined = (text if isinstance(text, str) else " ".join(text) for text in texts)
            subwords = Subwords.train(map(to_lower if lowercase else normalize, joined), size=size or 8000)
            return cls(subwords.pieces[FIRST:], level=level, lowercase=lowercase, subwords=subwords)
        texts, empty = list(texts), cls([], level=level, lowercase=lowercase)
        counts = Counter(token for text in texts for token in empty.split(text))
        ranked = sorted((-count, token) for token, count in counts.items() if count >= minimum_count)
        tokens = [token for _, token in ranked if token not in SPECIAL_TOKENS]
        return cls(
            tokens if size is None else tokens[: size - FIRST],
            level=level,
            lowercase=lowercase,
            spacing=Spacing.learn(texts) if level == "word" else None,
        )

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: str) -> bool:
        """True if the token has an id of its own in an encoded text."""
        return normalize(token) in self._ids

    def surface(self, text: str | Sequence[str]) -> list[str]:
        """Splits like `split`, but keeps capitals (what subwords of a lower-case vocabulary cannot)."""
        if not isinstance(text, str):
            return [normalize(token) for token in text]
        if self.subwords is not None:
            return self.subwords.split(to_lower(text) if self.lowercase else normalize(text))
        return SPLITTERS[self.level](text)

    def split(self, text: str | Sequence[str]) -> list[str]:
        """Splits a text into tokens. A list of tokens passes through, in lower case if the vocabulary is."""
        tokens = self.surface(text)
        return [to_lower(token) for token in tokens] if self.lowercase else tokens

    def encode(self, text: str | Sequence[str]) -> np.ndarray:
        """Returns the ids (S,) of a text's tokens, int32; no start, no end."""
        return np.array([self._ids.get(token, UNKNOWN) for token in self.split(text)], "int32")

    def decode(self, ids: Iterable[int]) -> str:
        """Returns the text of ids up to the end token, without padding and start."""
        return self.join(self.emitted(ids, self.name))

    def name(self, number: int) -> str:
        """The token of an id."""
        return self.tokens[number]

    def emitted(self, ids: Iterable[int], name: Callable[[int], str]) -> list[str]:
        """The names of ids up to the end token, without padding and start."""
        before_end = itertools.takewhile(lambda number: number != END, map(int, ids))
        return [name(number) for number in before_end if number not in (PAD, START)]

    def join(self, tokens: Sequence[str]) -> str:
        """Returns tokens as a text."""
        if self.subwords is not None:
            return self.subwords.join(tokens)
        return "".join(tokens) if self.level in ("character", "grapheme") else self.spacing.join(tokens)

    def save(self, path: str | os.PathLike) -> None:
        """Writes readable JSON."""
        content = {"kind": self.KIND, "level": self.level, "lowercase": self.lowercase, "tokens": self.tokens}
        if self.subwords is not None:
            content["subwords"] = base64.b64encode(self.subwords.model).decode("ascii")
        if spacing := self.spacing.to_json():
            content["spacing"] = spacing
        write_kind(path, content)

    @classmethod
    def load(cls, path: str | os.PathLike) -> "Vocabulary":
        """Reads what `save` wrote. Raises DataError if the file is anything else."""
        content = read_kind(path, cls.KIND, {"level": str, "lowercase": bool, "tokens": list})
        tokens, model = content["tokens"], content.get("subwords")
        if tuple(tokens[:4]) != SPECIAL_TOKENS:
            raise DataError(path, 1, f"tokens that begin with {', '.join(SPECIAL_TOKENS)}", f"{tokens[:4]}")
        with damage_as_data_error(path, "a saved vocabulary", line=1):
            subwords = None if model is None else Subwords(base64.b64decode(model, validate=True))
            spacing = Spacing.from_json(content.get("spacing", {}))
            return cls(
                tokens[4:], level=content["level"], lowercase=content["lowercase"], subwords=subwords, spacing=spacing
            )


def tagged_tokens(text: str) -> list[str]:
    """The characters of a form and, behind its last blank, whole features: "nähren V;PST" -> n ä h r e n V PST."""
    form, blank, features = normalize(text).strip().rpartition(" ")
    return [*form.rstrip(), *filter(None, features.split(";"))] if blank else list(features)


def _characters(text: str) -> list[str]:
    return list(normalize(text))


SPLITTERS: dict[str, Callable[[str], list[str]]] = {
    "word": split_words,
    "character": _characters,
    "grapheme": split_graphemes,
    "tagged": tagged_tokens,
}


class Labels:
    """Names of classes and their ids, from 0, without special ones. Names are compared in their composed form (NFC).

    Args:
        names: distinct strings, in the order of their ids.
    """

    def __init__(self, names: Iterable[str]):
        self.names = _distinct(list(names), "names of labels")
        self._ids: dict[str, int] = {}
        for number, name in enumerate(self.names):
            self._ids.setdefault(normalize(name), number)

    @classmethod
    def build(cls, names: Iterable[str]) -> "Labels":
        """Collects the labels of examples, in the order of the alphabet."""
        return cls(sorted(set(map(normalize, names))))

    def __len__(self) -> int:
        return len(self.names)

    def encode(self, name: str) -> int:
        """Returns the id of a label. Raises ValueError for one that was never seen in training."""
        name = normalize(name) if isinstance(name, str) else name
        if name not in self._ids:
            closest = difflib.get_close_matches(str(name), self.names, n=1, cutoff=0.0)
            raise ValueError(
                f"label {name!r} was never seen in training; the closest of {len(self)} is {closest[0]!r}."
                if closest
                else f"label {name!r} was never seen in training: there were no labels at all."
            )
        return self._ids[name]

    def decode(self, number: int) -> str:
        """Returns the label of an id."""
        return self.names[int(number)]

    def save(self, path: str | os.PathLike) -> None:
        """Writes readable JSON."""
        write_kind(path, {"kind": "labels", "names": self.names})

    @classmethod
    def load(cls, path: str | os.PathLike) -> "Labels":
        """Reads what `save` wrote. Raises DataError if the file is anything else."""
        names = read_kind(path, "labels", {"names": list})["names"]
        if not names:
            raise DataError(path, 1, "saved labels, one or more", "none")
        with damage_as_data_error(path, "saved labels", line=1):
            return cls(names)


def _distinct(names: list[str], what: str) -> list[str]:
    wrong = [name for name in names if not isinstance(name, str)] or [
        n for n, times in Counter(names).items() if times > 1
    ]
    if wrong:
        raise ValueError(f"{what} must be distinct strings, received: {wrong[0]!r}. Leave it out or convert it.")
    return names


def write_kind(path: str | os.PathLike, content: dict[str, Any]) -> None:
    with replace_file(path) as temporary:
        temporary.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_kind(path: str | os.PathLike, kinds: str | tuple[str, ...], types: dict[str, type]) -> dict[str, Any]:
    """Reads a JSON object of one of the kinds, whose values under the keys of `types` have these types."""
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    content = load_json(path)
    kind = content.get("kind") if isinstance(content, dict) else None
    if kind not in kinds:
        raise DataError(path, 1, f'an object of "kind" {" or ".join(kinds)}', f"kind {kind!r:.40}")
    for key, expected in types.items():
        if not isinstance(content.get(key), expected):
            raise DataError(path, 1, f"{key!r} of type {expected.__name__}", f"{content.get(key)!r:.40}")
    return content
