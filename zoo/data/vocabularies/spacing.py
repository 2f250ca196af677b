"""Between which tokens a text has no blank, learned from texts, so that tokens join again to what a person writes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import regex

from zoo.data.vocabularies.words import LETTER, TOKEN, normalize

# Kinds of tokens: words are alike, and so are numbers, and pictures (emoji). Any other token, a mark, is its own kind.
A_WORD, A_NUMBER, A_PICTURE = WORDS = ("word", "number", "picture")
IS_NUMBER, IS_WORD = regex.compile(r"\p{Nd}"), regex.compile(LETTER)
IS_PICTURE = regex.compile(r"[\p{Extended_Pictographic}\p{Regional_Indicator}]")
# Straight quotes open and close in turn: the first of a text is of another kind than the second.
QUOTES = ('"', "'")
# Characters of texts that are read to learn the spacing.
ENOUGH = 2_000_000

Pair = tuple[str, str]


class Spacing:
    """Blanks between tokens: neighbours stand without a blank if most of their kinds did in the texts it learned from.

    Two kinds that were never neighbours stand without a blank if the left one mostly has none before a word, as "(", or
    the right one mostly none behind a word, as ".". Without anything learned there is a blank everywhere.

    Args:
        joined: pairs of kinds (left, right) without a blank.
        apart: pairs with a blank.
        openers: marks that mostly stand without a blank before a word.
        closers: marks that mostly stand without a blank behind a word.
    """

    def __init__(
        self,
        joined: Iterable[Pair] = (),
        apart: Iterable[Pair] = (),
        *,
        openers: Iterable[str] = (),
        closers: Iterable[str] = (),
    ):
        self.joined, self.apart = {(left, right) for left, right in joined}, {(left, right) for left, right in apart}
        self.openers, self.closers = set(openers), set(closers)

    @classmethod
    def learn(cls, texts: Iterable[str | Sequence[str]]) -> "Spacing":
        """Count the neighbours in texts. Lists of tokens tell nothing: there a blank parts any two."""
        pairs: Counter[Pair] = Counter()  # how often without a blank, less how often with one
        read = 0
        for text in texts:
            if isinstance(text, str) and read < ENOUGH:
                read += len(text)
                _count(normalize(text[:ENOUGH]), pairs)
        spacing = cls(
            openers=_habits((left, right, balance) for (left, right), balance in pairs.items()),
            closers=_habits((right, left, balance) for (left, right), balance in pairs.items()),
        )
        for pair, balance in pairs.items():
            if (balance > 0) != spacing._is_joined(pair):
                (spacing.joined if balance > 0 else spacing.apart).add(pair)
        return spacing

    def join(self, tokens: Sequence[str]) -> str:
        """Return the text of tokens. More tokens only add to its end."""
        pieces: list[str] = []
        left = None
        for token, (as_right, as_left) in zip(tokens, _kinds(tokens), strict=True):
            if left is not None and not self._is_joined((left, as_right)):
                pieces.append(" ")
            pieces.append(token)
            left = as_left
        return "".join(pieces)

    def to_json(self) -> dict[str, list]:
        """Return what `from_json` takes; {} of one that has learned nothing."""
        content: dict[str, list] = {
            "joined": sorted(map(list, self.joined)),
            "apart": sorted(map(list, self.apart)),
            "openers": sorted(self.openers),
            "closers": sorted(self.closers),
        }
        return {name: values for name, values in content.items() if values}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Spacing":
        """Return what `to_json` describes. Raises ValueError or TypeError for anything else."""
        values = [value for kind in content.values() for value in kind]
        texts = [text for value in values for text in ([value] if isinstance(value, str) else value)]
        if not all(isinstance(text, str) for text in texts):
            raise ValueError(f"a spacing holds texts, and pairs of them, received: {content!r:.60}.")
        return cls(**content)

    def _is_joined(self, pair: Pair) -> bool:
        if pair in self.joined or pair in self.apart:
            return pair in self.joined
        return pair[0] in self.openers or pair[1] in self.closers


def _count(text: str, pairs: Counter) -> None:
    matches = list(TOKEN.finditer(text))
    kinds = _kinds([match[0] for match in matches])
    for number in range(1, len(matches)):
        pair = kinds[number - 1][1], kinds[number][0]
        if pair != (A_WORD, A_WORD):
            pairs[pair] += 1 if matches[number].start() == matches[number - 1].end() else -1


def _habits(neighbours: Iterable[tuple[str, str, int]]) -> list[str]:
    """The marks that mostly stand without a blank beside words, or where they meet none, beside other marks."""
    beside_words: Counter[str] = Counter()
    beside_marks: Counter[str] = Counter()
    for mark, other, balance in neighbours:
        if mark not in WORDS:
            (beside_words if other in WORDS else beside_marks)[mark] += balance
    return [mark for mark in {*beside_words, *beside_marks} if (beside_words[mark] or beside_marks[mark]) > 0]


def _kinds(tokens: Sequence[str]) -> list[Pair]:
    """The kind of each token to its left neighbour, and to its right one.

    A word meets the left one with its first character and the right one with its last. A mark behind a number is of a
    kind of its own to the right one: "3, 5" is no "3.5", and "it, 5" neither.
    """
    quotes: Counter[str] = Counter()
    kinds: list[Pair] = []
    for token in tokens:
        if token in QUOTES:
            quotes[token] += 1
            kinds.append((f"{token}{quotes[token] % 2}",) * 2)
        elif IS_PICTURE.match(token):
            kinds.append((A_PICTURE, A_PICTURE))
        elif IS_WORD.match(token):
            kinds.append((_kind_of_word(token[0]), _kind_of_word(token[-1])))
        else:
            is_behind_number = bool(kinds) and kinds[-1][1] == A_NUMBER
            kinds.append((token, f"{A_NUMBER}{token}" if is_behind_number else token))
    return kinds


def _kind_of_word(character: str) -> str:
    return A_NUMBER if IS_NUMBER.match(character) else A_WORD
