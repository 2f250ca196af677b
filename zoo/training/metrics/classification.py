"""Metrics of predictions in NumPy: accuracy, span F1, regression errors.

Every function takes the predictions first and what was expected second. A weight (1 real, 0 padding) has the shape of
the values, or of their leading axes: (B, S) weights for (B, S, K) values count all K numbers of a step alike.
"""

from collections.abc import Iterable, Sequence

import numpy as np

_PREFIXES = "BIES"


def accuracy(predicted: np.ndarray, expected: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Weighted share of equal entries. Shapes: any, but the same for both."""
    predicted, expected, weight = _aligned(predicted, expected, weight)
    return float(np.sum((predicted == expected) * weight) / np.sum(weight))


def macro_f1(predicted: np.ndarray, expected: np.ndarray, weight: np.ndarray | None = None) -> float:
    """The plain mean of the F1 of every class that occurs in either, so that rare classes count as much as common ones.

    F1 of a class = 2 right / (predicted + expected), which is 0 for a class that was never right.
    """
    predicted, expected, weight = _aligned(predicted, expected, weight)
    scores = []
    for kind in np.union1d(predicted, expected):
        right = np.sum(weight * (predicted == kind) * (expected == kind))
        total = np.sum(weight * (predicted == kind)) + np.sum(weight * (expected == kind))
        scores.append(2.0 * right / total)
    return float(np.mean(scores))


def mean_error(predicted: np.ndarray, expected: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Mean absolute error: the weighted mean of |predicted - expected|."""
    predicted, expected, weight = _aligned(predicted, expected, weight)
    return float(np.sum(np.abs(_difference(predicted, expected)) * weight) / np.sum(weight))


def mse(predicted: np.ndarray, expected: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Mean squared error: the weighted mean of (predicted - expected)^2."""
    predicted, expected, weight = _aligned(predicted, expected, weight)
    return float(np.sum(np.square(_difference(predicted, expected)) * weight) / np.sum(weight))


def spans(tags: Sequence[str]) -> set[tuple[str, int, int]]:
    """The spans of one sentence's BIO or BIOES tags as (kind, first step, last step), read as leniently as conlleval.

    A tag continues the span before it if it is I or E, its neighbour is B or I, and both are of one kind; any other tag
    but O begins a span. So an I behind O or behind another kind begins one, and nothing is thrown away. Prefixes
    without a kind ("B", "I") make spans of the kind "_".

    Raises:
        ValueError: a tag that is neither O nor one of B, I, E, S, alone or with "-" and a kind.
    """
    result = set()
    before, first = ("O", "_"), 0
    for position, tag in enumerate([*tags, "O"]):
        prefix, kind = _prefix_and_kind(tag, position)
        continues = prefix in "IE" and before[0] in "BI" and kind == before[1]
        if not continues:
            if before[0] != "O":
                result.add((before[1], first, position - 1))
            first = position
        before = prefix, kind
    return result


def span_f1(predicted: Sequence[Sequence[str]], expected: Sequence[Sequence[str]]) -> dict[str, float]:
    """Precision, recall and F1 over the spans of all sentences together; a span is right if kind and both ends are.

    The metric of the CoNLL shared tasks. Without any span in a denominator it is 0.

    Raises:
        ValueError: numbers of sentences or of tags in a sentence differ, or a tag is no span tag.
    """
    _same_sentences(predicted, expected, "tags")
    return _precision_recall(
        (spans(predicted_tags), spans(expected_tags))
        for predicted_tags, expected_tags in zip(predicted, expected, strict=True)
    )


def segmentation_f1(predicted: Sequence[Sequence[str]], expected: Sequence[Sequence[str]]) -> dict[str, float]:
    """Precision, recall and F1 over words; a word is right if it begins and ends at the same characters.

    Args:
        predicted, expected: for each sentence its words, which joined give the same characters.
    Raises:
        ValueError: numbers of sentences differ, or the two segment different characters.
    """
    _same_sentences(predicted, expected)
    for number, (left, right) in enumerate(zip(predicted, expected, strict=True)):
        if "".join(left) != "".join(right):
            raise ValueError(
                f"Both segmentations of a sentence must hold the same characters. Received for sentence {number}: "
                f"{''.join(left)!r} and {''.join(right)!r}"
            )
    return _precision_recall(
        (_offsets(predicted_words), _offsets(expected_words))
        for predicted_words, expected_words in zip(predicted, expected, strict=True)
    )


def _prefix_and_kind(tag: str, position: int) -> tuple[str, str]:
    prefix, _, kind = tag.partition("-")
    if tag != "O" and (len(prefix) != 1 or prefix not in _PREFIXES):
        raise ValueError(
            f"A span tag is 'O' or one of B, I, E, S, alone or with '-' and a kind ('B-PER'). "
            f"Received at step {position}: {tag!r}. Use `accuracy` for tags that mark no spans."
        )
    return prefix, kind or "_"


def _offsets(words: Sequence[str]) -> set[tuple[int, int]]:
    ends = np.cumsum([len(word) for word in words], dtype=int).tolist()
    return {(end - len(word), end) for word, end in zip(words, ends, strict=True) if word}


def _precision_recall(pairs: Iterable[tuple[set, set]]) -> dict[str, float]:
    right = guessed = real = 0
    for predicted, expected in pairs:
        right += len(predicted & expected)
        guessed += len(predicted)
        real += len(expected)
    return {
        "precision": right / guessed if guessed else 0.0,
        "recall": right / real if real else 0.0,
        "f1": 2 * right / (guessed + real) if guessed + real else 0.0,
    }


def _same_sentences(predicted, expected, items: str | None = None):
    if len(predicted) != len(expected):
        raise ValueError(
            f"Predictions must be given for the same sentences. Received: {len(predicted)} predicted, "
            f"{len(expected)} expected"
        )
    for number, (left, right) in enumerate(zip(predicted, expected, strict=True)):
        if items and len(left) != len(right):
            raise ValueError(
                f"A sentence must have as many predicted {items} as expected ones. Received for sentence {number}: "
                f"{len(left)} and {len(right)}. Cut padding off first."
            )


def _difference(predicted: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return predicted.astype("float64") - expected.astype("float64")


def _aligned(predicted, expected, weight):
    """The real entries of all three, flat. Shapes are checked: (N,) against (N, 1) would broadcast in silence."""
    predicted, expected = np.asarray(predicted), np.asarray(expected)
    if predicted.shape != expected.shape:
        raise ValueError(
            f"Predictions and expectations must have one shape. Received: {predicted.shape} and {expected.shape}"
        )
    weight = np.ones(predicted.shape) if weight is None else np.asarray(weight, "float64")
    if weight.shape != predicted.shape[: weight.ndim]:
        raise ValueError(
            f"`weight` must have the shape of the values or of their leading axes, {predicted.shape}. "
            f"Received: {weight.shape}"
        )
    missing = predicted.ndim - weight.ndim
    weight = np.broadcast_to(weight.reshape(weight.shape + (1,) * missing), predicted.shape)
    if np.sum(weight) <= 0:
        raise ValueError("A mean needs at least one value of positive weight. Received: none")
    # Padding may hold anything, also NaN, which a weight of 0 would not silence.
    real = weight != 0
    return predicted[real], expected[real], weight[real]
