from collections.abc import Sequence

import numpy as np


def naive_bayes(train: Sequence[tuple[str, str]], test: Sequence[tuple[str, str]], *, ngrams: int = 1) -> float:
    """Return the accuracy of multinomial naive Bayes over the presence of n-grams, with add-one smoothing.

        argmax_c  log p(c) + sum over the n-grams g of a text of log (1 + n_cg) / (V + sum_g n_cg)

    Args:
        train, test: (text, label) pairs; words are separated by spaces, and case is ignored.
        ngrams: words, pairs of words, ... up to this many together; a text of single letters works too.
    """
    labels = sorted({label for _, label in train})
    texts = [_ngrams(text, ngrams) for text, _ in train]
    index = {gram: number for number, gram in enumerate(sorted(set().union(*texts)))}
    counts = np.ones((len(index), len(labels)))  # (V, C)
    priors = np.zeros(len(labels))
    for grams, (_, label) in zip(texts, train, strict=True):
        column = labels.index(label)
        counts[[index[gram] for gram in grams], column] += 1
        priors[column] += 1
    weights = np.log(counts / counts.sum(axis=0))
    correct = 0
    for text, label in test:
        rows = [index[gram] for gram in _ngrams(text, ngrams) if gram in index]
        scores = np.log(priors / len(train)) + weights[rows].sum(axis=0)  # (C,)
        correct += labels[int(scores.argmax())] == label
    return correct / len(test)


def _ngrams(text: str, most: int) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[start : start + n]) for n in range(1, most + 1) for start in range(len(words) - n + 1)}
