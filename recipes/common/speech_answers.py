"""Metrics of speech recognisers: the errors of spellers and of CTC models."""

from collections.abc import Callable, Sequence
from typing import Any

import keras

from zoo.data.splits import Splits
from zoo.data.synthetic.digit_strings import WORDS
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.decoding import ctc
from zoo.recipes.common import mapping_metrics
from zoo.training.metrics import text_metrics

BEAM = 16


def task_of(splits: Splits) -> str:
    """The task, by what encodes its data."""
    known: dict[str, Any] = splits.vocabularies
    if "frames" not in known:
        return "spell" if "source" in known else "text"
    if isinstance(known["labels"], Vocabulary):
        return "ctc"
    return "frames" if getattr(splits.train, "aligned", False) else "digit"


def errors_of(references: Sequence[str]) -> dict[str, Callable[..., float]]:
    """Return the error rates for such texts: of digits, or of words and characters."""
    if all(text.isdigit() for text in references):
        return {"digit_error": text_metrics.character_error}
    if all(word in WORDS for text in references for word in text.split()):
        return {"digit_error": text_metrics.token_error}
    return {"word_error": text_metrics.token_error, "character_error": text_metrics.character_error}


def maximum_length_of(splits: Splits) -> int:
    """Return the maximum length of a speller's output: somewhat more than the longest string."""
    parts: list[Any] = [splits.train, splits.validation, splits.test]
    return 5 + max(len(target) for part in parts for target in part.targets)


def ctc_errors(model: keras.Model, splits: Splits, split: str) -> dict[str, float]:
    """Errors and exact strings by beams and greedily, and nats a symbol."""
    references = [text for _, text in splits.raw[split]]
    metrics = {**errors_of(references), "exact": text_metrics.exact}
    batches = splits[split]
    outputs, _ = mapping_metrics.gather(model, batches)
    results: dict[str, float] = {}
    for prefix, beam_width in (("", BEAM), ("greedy_", 1)):
        transcripts = ctc.transcripts(outputs, splits.vocabularies["labels"], beam_width=beam_width)
        predictions = [best[0] for best, *_ in transcripts]
        results |= {f"{prefix}{name}": metric(predictions, references) for name, metric in metrics.items()}
    return results | {"nats": float(model.evaluate(batches, verbose=0, return_dict=True)["loss"])}
