"""Metrics of autoregressive models: decoded outputs, likelihood of the targets, attention."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

import zoo
from zoo.data.splits import Splits
from zoo.ops.attention_penalties import doubly_stochastic
from zoo.storage.files import replace_file
from zoo.training.callbacks.decoded_metrics import DecodedMetrics

MAXIMUM_LENGTH = 100


def decode_texts(
    model: keras.Model, splits: Splits, examples: list[dict[str, Any]], *, decoder: str = "greedy", **arguments: Any
) -> list[str]:
    """The best output for each example, as text; `arguments` are the decoder's."""
    inputs = [{name: value for name, value in example.items() if name != "target"} for example in examples]
    arguments = {"maximum_length": MAXIMUM_LENGTH} | arguments
    hypotheses = zoo.generate(
        model, inputs, vocabularies=splits.vocabularies, decoder=decoder, batch_size=64, **arguments
    )
    return [(outputs[0].text or "") if outputs else "" for outputs in hypotheses]


def decoded_metrics(
    model: keras.Model,
    splits: Splits,
    examples: list[dict[str, Any]],
    references: Sequence[Any],
    metrics: Mapping[str, Callable[..., float]],
    *,
    maximum_length: int = MAXIMUM_LENGTH,
) -> DecodedMetrics:
    """The callback that logs metrics of greedy outputs after every epoch."""
    return DecodedMetrics(
        lambda model: decode_texts(model, splits, examples, maximum_length=maximum_length), references, metrics
    )


def likelihood(model: keras.Model, batches) -> dict[str, float]:
    """Nats a token (or frame) over all real ones, without label smoothing; of tokens perplexity and accuracy, too."""
    metrics = model.evaluate(batches, verbose=0, return_dict=True)
    return {name: float(metrics[name]) for name in ("nats", "perplexity", "accuracy") if name in metrics}


def note_on_bleu(metrics: Mapping[str, Any]) -> str:
    """Return a line on which text BLEU is measured, for recipes whose references are the vocabulary's own spelling."""
    note = "bleu compares lower-cased text as the vocabulary splits and joins it: it is not that of texts as written."
    return note if "bleu" in metrics else ""


def coverage_deviation(model: keras.Model, batches) -> dict[str, float]:
    """Mean over source tokens of (1 - the attention it receives in all)^2, by the truth; nothing without attention."""
    total = count = 0.0
    for index in range(len(batches)):
        inputs, _, weights = batches[index]
        output = model.predict_on_batch(inputs)
        if "alignment" not in output:
            return {}
        positions = float(np.sum(output["memory_mask"][weights.any(axis=1)]))
        rows = weights.any(axis=1)
        distance = doubly_stochastic(*(array[rows] for array in (output["alignment"], weights, output["memory_mask"])))
        total, count = total + float(distance) * positions, count + positions
    return {"coverage_deviation": total / count}


def plot_test_alignments(
    model: keras.Model, splits: Splits, path: Path, *, examples: int = 4, maximum_length: int = MAXIMUM_LENGTH
) -> None:
    """Alignment heat maps of the first test examples; nothing for a model without attention."""
    _draw_alignments(_generate_first(model, splits, examples, maximum_length), path)


def plot_test_copying(
    model: keras.Model, splits: Splits, folder: Path, *, examples: int = 6, maximum_length: int = MAXIMUM_LENGTH
) -> None:
    """Alignment heat maps of the first test examples, and which of their tokens were copied, if the model does."""
    from zoo.plots.copy_gate import plot_copy_gates

    hypotheses = _generate_first(model, splits, examples, maximum_length)
    _draw_alignments(hypotheses, folder / "alignments.png")
    known, shown, titles = splits.vocabularies["target"], [], []
    for example, (best, *_) in zip(splits.raw["test"], hypotheses, strict=False):
        if "copy_gate" in best.trace and best.tokens:
            gates = best.trace["copy_gate"][: len(best.tokens)].tolist()
            shown.append((best.tokens, gates, [token in known for token in best.tokens]))
            titles.append(example["source"])
    if shown:
        with replace_file(folder / "copy_gates.png") as temporary:
            plot_copy_gates(shown, temporary, titles=titles)


def _generate_first(model, splits, examples, maximum_length):
    inputs = [{"source": example["source"]} for example in splits.raw["test"][:examples]]
    return zoo.generate(model, inputs, vocabularies=splits.vocabularies, maximum_length=maximum_length)


def _draw_alignments(hypotheses, path):
    from zoo.plots.alignments import plot_alignments

    shown = [
        (best.alignment, best.source, best.tokens)
        for best, *_ in hypotheses
        if best.alignment is not None and best.source and best.tokens
    ]
    if shown:
        with replace_file(path) as temporary:
            plot_alignments(shown, temporary)
