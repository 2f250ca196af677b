"""How recipes measure models that generate: what they write, how likely the truth is to them, and where they look."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras

import zoo
from zoo.data.files import replace_file
from zoo.data.splits import Splits
from zoo.decoding.decoder import Decoder
from zoo.decoding.greedy import Greedy
from zoo.training.decoded_metrics import DecodedMetrics

LONGEST = 100


def write(model: keras.Model, splits: Splits, examples: list[dict[str, Any]], **decoding: Any) -> list[str]:
    """The best output for each example, as text; `decoding` is what `zoo.generate` takes."""
    inputs = [{name: value for name, value in example.items() if name != "target"} for example in examples]
    made = isinstance(decoding.get("decoder"), Decoder)
    decoding = {"batch_size": 64} | ({} if made else {"maximum_length": LONGEST}) | decoding
    found = zoo.generate(model, inputs, vocabularies=splits.vocabularies, **decoding)
    return [(outputs[0].text or "") if outputs else "" for outputs in found]


def watch(
    model: keras.Model,
    splits: Splits,
    examples: list[dict[str, Any]],
    references: Sequence[Any],
    metrics: Mapping[str, Callable[..., float]],
    *,
    maximum_length: int = LONGEST,
) -> DecodedMetrics:
    """The callback that logs figures of what is decoded greedily after every epoch; the search is compiled once."""
    greedy = Greedy(model, maximum_length=maximum_length)
    return DecodedMetrics(lambda model: write(model, splits, examples, decoder=greedy), references, metrics)


def likelihood(model: keras.Model, batches) -> dict[str, float]:
    """Nats a token (or frame) over all real ones, without label smoothing; of tokens perplexity and accuracy, too."""
    figures = model.evaluate(batches, verbose=0, return_dict=True)
    return {name: float(figures[name]) for name in ("nats", "perplexity", "accuracy") if name in figures}


def picture_alignments(
    model: keras.Model, splits: Splits, path: Path, *, examples: int = 4, maximum_length: int = LONGEST
) -> None:
    """Alignment heat maps of the first test examples; nothing for a model without attention."""
    from zoo.plots.alignments import plot_alignments

    inputs = [{"source": example["source"]} for example in splits.raw["test"][:examples]]
    found = zoo.generate(model, inputs, vocabularies=splits.vocabularies, maximum_length=maximum_length)
    shown = [
        (best.alignment[: len(best.tokens)], best.source, best.tokens)
        for best, *_ in found
        if best.alignment is not None and best.source and best.tokens
    ]
    if shown:
        with replace_file(path) as temporary:
            plot_alignments(shown, temporary)


def picture_copy_gates(
    model: keras.Model, splits: Splits, path: Path, *, examples: int = 8, maximum_length: int = LONGEST
) -> None:
    """Which words of its outputs for the first test examples the model copied; nothing for one that does not copy."""
    from zoo.plots.copy_gate import plot_copy_gates

    inputs = [{"source": example["source"]} for example in splits.raw["test"][:examples]]
    found = zoo.generate(model, inputs, vocabularies=splits.vocabularies, maximum_length=maximum_length)
    known, shown, titles = splits.vocabularies["target"], [], []
    for example, (best, *_) in zip(inputs, found, strict=True):
        if "copy_gate" in best.trace and best.tokens:
            gates = best.trace["copy_gate"][: len(best.tokens)].tolist()
            shown.append((best.tokens, gates, [token in known for token in best.tokens]))
            titles.append(example["source"])
    if shown:
        with replace_file(path) as temporary:
            plot_copy_gates(shown, temporary, titles=titles)
