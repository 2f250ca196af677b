"""Metrics of generated texts: exact match, error rates, BLEU, repetition.

Every function but `repeated` takes the outputs first and the references second, a list of texts each. A reference
may be a list of texts, any of which is right. Tokens (words, phonemes) are separated by blanks. Texts are compared in
their composed form (NFC), whichever they come in.
"""

from collections import Counter
from collections.abc import Callable, Container, Sequence
from typing import Any

import numpy as np

from zoo.data.vocabularies.words import normalize

References = Sequence[str | Sequence[str]]


def exact(outputs: Sequence[str], references: References) -> float:
    """Share of the texts that equal one of their references."""
    return float(np.mean([text in alternatives for text, alternatives in _paired(outputs, references)]))


def word_error(outputs: Sequence[str], references: References) -> float:
    """Share of words whose output equals none of their references: 1 - `exact`; a text is a word's pronunciation."""
    return 1.0 - exact(outputs, references)


def token_error(outputs: Sequence[str], references: References) -> float:
    """Edits (tokens inserted, left out or exchanged) for each token of the references, over all texts together.

    Of several references the one with the fewest edits counts, the first of those. May be above 1. Over words this is
    the word error rate of speech recognition, over phonemes the phoneme error.
    """
    return _error(outputs, references, str.split)


def character_error(outputs: Sequence[str], references: References) -> float:
    """Edits for each character of the references, blanks included; otherwise as `token_error`."""
    return _error(outputs, references, list)


def bleu(outputs: Sequence[str], references: References, *, tokenize: str = "13a") -> float:
    """BLEU of a corpus as sacrebleu computes it: 0 to 100, with case, up to four words, or up to the longest output.

    Args:
        outputs, references: texts as a person writes them: sacrebleu splits them itself.
        tokenize: how; "13a" for texts, "none" for tokens that are already separated by blanks, "zh" or "char" for
            scripts without blanks, where "13a" takes a whole run of letters for one word.
    Reference: Papineni et al. 2002; Post 2018 (arXiv:1804.08771).
    """
    from sacrebleu import corpus_bleu

    pairs = _paired(outputs, references)
    most = max(len(alternatives) for _, alternatives in pairs)
    # sacrebleu wants the first references of all texts, then all second ones, None where there is none.
    columns: list[Any] = [
        [(*alternatives, *[None] * most)[number] for _, alternatives in pairs] for number in range(most)
    ]
    # Of texts of three words there are no four in a row that could be wrong.
    options: dict[str, Any] = {"tokenize": tokenize, "use_effective_order": True, "force": True}
    return corpus_bleu([text for text, _ in pairs], columns, **options).score


def repeated(outputs: Sequence[str], *, n: int = 3) -> float:
    """Share of the n-grams, over all texts together, that occur earlier in their own text: "a b c a b c" has 1 of 4.

    0 where no text has n tokens. Texts may need some twice: compare with the value of the references.

    Raises:
        ValueError: n < 1. TypeError: one text instead of a list.
    """
    if n < 1:
        raise ValueError(f"An n-gram has at least one token. Received: n={n}")
    if isinstance(outputs, str):
        raise TypeError(f"`outputs` is a list of texts. Received one text: {outputs[:40]!r}. Put it in a list.")
    total = distinct = 0
    for text in outputs:
        tokens = text.split()
        grams = [tuple(tokens[start : start + n]) for start in range(len(tokens) - n + 1)]
        total, distinct = total + len(grams), distinct + len(set(grams))
    return 1 - distinct / total if total else 0.0


def unknown_words(outputs: Sequence[str], references: References, vocabulary: Container[str]) -> float | None:
    """Share of the expected words outside a vocabulary that were outputs, each as often as it was expected.

    Of several references the first counts. None where all that was expected is known.
    """
    expected = correct = 0
    for text, (reference, *_) in _paired(outputs, references):
        counts = Counter(word for word in reference.split() if word not in vocabulary)
        expected, correct = expected + counts.total(), correct + (counts & Counter(text.split())).total()
    return correct / expected if expected else None


def _error(outputs: Sequence[str], references: References, split: Callable[[str], list[str]]) -> float:
    edits = tokens = 0
    for text, alternatives in _paired(outputs, references):
        counted = [(_edits(split(text), split(reference)), len(split(reference))) for reference in alternatives]
        nearest = min(counted, key=lambda pair: pair[0])
        edits, tokens = edits + nearest[0], tokens + nearest[1]
    if not tokens:
        raise ValueError("An error rate needs references that are not empty. Received: none")
    return edits / tokens


def _edits(outputs: list[str], reference: list[str]) -> int:
    """Levenshtein distance, a row of its table at a time."""
    positions = np.arange(len(outputs) + 1)
    letters = np.array(outputs, object)
    row = positions
    for token in reference:
        distances = np.concatenate([row[:1] + 1, np.minimum(row[1:] + 1, row[:-1] + (letters != token))])
        # Insertions run along the row: the least of all places before, and one more for each step.
        row = np.minimum.accumulate(distances - positions) + positions
    return int(row[-1])


def _paired(outputs: Sequence[str], references: References) -> list[tuple[str, Sequence[str]]]:
    if len(outputs) != len(references) or not len(outputs):
        raise ValueError(
            f"Every text needs its reference, and there must be one. Received: {len(outputs)} outputs, "
            f"{len(references)} references"
        )
    pairs = [
        (text, [reference] if isinstance(reference, str) else reference)
        for text, reference in zip(outputs, references, strict=True)
    ]
    for number, (text, alternatives) in enumerate(pairs):
        wrong = [value for value in (text, *alternatives) if not isinstance(value, str)]
        if wrong or not alternatives:
            raise TypeError(
                f"Outputs and references are texts, the latter one or a list of them. Received for text {number}: "
                f"{wrong[0] if wrong else alternatives!r}. Join tokens with blanks."
            )
    return [(normalize(text), [normalize(one) for one in alternatives]) for text, alternatives in pairs]
