from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np

from zoo.special_ids import START


def ngrams(train: Sequence[np.ndarray], test: Sequence[np.ndarray], *, order: int, size: int) -> float:
    """Nats a token of an n-gram model that backs off to shorter contexts as Witten and Bell 1991 weigh them.

        p(y | h) = (count(h y) + kinds(h) p(y | h')) / (count(h) + kinds(h))

    kinds(h): how many different tokens seen after the context h, h' is h without its first token; shorter than empty,
    all tokens are equally likely.

    Args:
        train, test: sequences of ids, their ends included if those are to be predicted.
        order: tokens of the longest n-gram, its last included.
        size: of the vocabulary.
    Shapes:
        train and test: (T,) each.
    """
    counts: Counter[str] = Counter()
    for text in map(_text, train):
        padded = _START * (order - 1) + text
        for length in range(1, order + 1):
            counts.update(padded[end - length : end] for end in range(order, len(padded) + 1))
    totals: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for gram, count in counts.items():
        totals[gram[:-1]] += count
        kinds[gram[:-1]] += 1

    nats, tokens = 0.0, 0
    for text in map(_text, test):
        padded = _START * (order - 1) + text
        for end in range(order, len(padded) + 1):
            chance = 1 / size
            for length in range(1, order + 1):
                context = padded[end - length : end - 1]
                total = totals.get(context)
                if total is None:  # then no longer one was seen either
                    break
                kind = kinds[context]
                chance = (counts.get(padded[end - length : end], 0) + kind * chance) / (total + kind)
            nats -= log(chance)
        tokens += len(text)
    return nats / tokens


# Slices of a string are made and hashed faster than tuples.
_START = chr(START)


def _text(ids: np.ndarray) -> str:
    return "".join(map(chr, ids))
