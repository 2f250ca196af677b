"""A context-free grammar that writes sentences: what the tasks made of words share."""

import re
from collections.abc import Mapping
from itertools import accumulate

import numpy as np


class Grammar:
    """Rules from a symbol to its alternatives, separated by `|`; one may carry a weight: `3 * a NOUN sleeps`.

    A word of an alternative that is itself a symbol is expanded, any other stands for itself.

    Args:
        rules: symbol -> alternatives.
    Raises:
        ValueError: an alternative is empty.
    """

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._rules = {symbol: self._parse(symbol, alternatives) for symbol, alternatives in rules.items()}

    @staticmethod
    def _parse(symbol: str, alternatives: str) -> tuple[list[list[str]], list[float]]:
        words, weights = [], []
        for alternative in alternatives.split("|"):
            weight, star, rest = alternative.strip().partition(" * ")
            words.append((rest if star else weight).split())
            weights.append(int(weight) if star else 1)
        if not all(words):
            raise ValueError(f"Every alternative of a rule needs a word. Received: {symbol} = {alternatives!r}.")
        everything = sum(weights)
        return words, [total / everything for total in accumulate(weights)]

    def sample(self, symbol: str, rng: np.random.Generator) -> list[tuple[str, str]]:
        """Write one sentence: (word, symbol whose rule wrote it) pairs. "a" before a vowel becomes "an"."""
        pairs = self._expand(symbol, rng)
        following = [word for word, _ in pairs[1:]] + ["."]
        return [
            ("an" if word == "a" and after[0] in "aeiou" else word, source)
            for (word, source), after in zip(pairs, following, strict=True)
        ]

    def _expand(self, symbol: str, rng: np.random.Generator) -> list[tuple[str, str]]:
        alternatives, cumulative = self._rules[symbol]
        drawn = alternatives[0]
        if len(alternatives) > 1:
            drawn = alternatives[int(np.searchsorted(cumulative, rng.random(), side="right"))]
        pairs = []
        for word in drawn:
            pairs += self._expand(word, rng) if word in self._rules else [(word, symbol)]
        return pairs

    def text(self, symbol: str, rng: np.random.Generator) -> str:
        """Write one sentence as a person would: a capital first, no space before a mark."""
        text = re.sub(r" (?=[,.?!'])", "", " ".join(word for word, _ in self.sample(symbol, rng)))
        return text[0].upper() + text[1:]
