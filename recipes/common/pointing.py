"""Shared parts of recipes whose outputs are positions: examples, decoding, plots."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

import zoo
from zoo.data.batches.on_the_fly import OnTheFlyBatches
from zoo.data.batches.teacher_forcing import make_generation_splits, teacher_forced_batches
from zoo.data.readers import point_sets
from zoo.data.readers.formats import read_any
from zoo.data.reading_limit import sample, sample_splits
from zoo.data.splits import Splits, split_by_index
from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.recipes.common.sources import complete_splits, require_path
from zoo.recipes.common.split_files import find_split_files, read_files
from zoo.recipes.common.tfds_sources import FeatureSets, from_tfds
from zoo.storage.data_error import DataError, parse_json, parse_numbers
from zoo.storage.files import fingerprint, replace_file
from zoo.training.callbacks.decoded_metrics import DecodedMetrics

Example = dict[str, Any]
# (count, points, random) -> points (count, S, D), positions (count, T) padded with -1.
Draw = Callable[[int, int, np.random.Generator], tuple[np.ndarray, np.ndarray]]
DECODED = 500


class TeacherForcedOnTheFly(OnTheFlyBatches):
    """Examples that are drawn anew for every batch, for teacher forcing: `draw` gives the raw ones."""

    def batch(self, size: int, random: np.random.Generator) -> tuple:
        examples = self.draw(size, random)
        vocabularies = {"target": PointerVocabulary()}
        return teacher_forced_batches(examples, vocabularies, batch_size=len(examples), buckets=1)[0]


def on_the_fly_splits(
    draw: Draw,
    *,
    sizes: tuple[int, int],
    tested: Sequence[int],
    batches: int,
    batch_size: int,
    examples: int,
    seed: int,
) -> Splits:
    """Training examples that are drawn anew for every batch, and fixed ones to measure by.

    Args:
        draw: of the task.
        sizes: the fewest and the most points of training and validation.
        tested: numbers of points of the test examples.
        batches: of an epoch.
        batch_size: examples of each.
        examples: of validation, and of every tested size.
        seed: of the draws; those that measure have draws of their own.
    """
    random = np.random.default_rng([seed, 1])
    between = range(sizes[0], sizes[1] + 1)
    validation = [one for size in between for one in _examples(draw(-(-examples // len(between)), size, random))]
    test = [one for size in tested for one in _examples(draw(examples, size, random))]
    vocabularies = {"target": PointerVocabulary()}
    return Splits(
        train=TeacherForcedOnTheFly(
            lambda size, random: _examples(draw(batch_size, size, random)),
            sizes=sizes,
            batches=batches,
            seed=seed,
        ),
        validation=teacher_forced_batches(validation, vocabularies, batch_size=batch_size),
        test=teacher_forced_batches(test, vocabularies, batch_size=batch_size),
        vocabularies=vocabularies,
        fingerprint=fingerprint([list(sizes), list(tested), batches, batch_size, seed], validation, test),
        raw={"train": [], "validation": validation, "test": test},
    )


def _examples(drawn: tuple[np.ndarray, np.ndarray]) -> list[Example]:
    return [
        {"source": source, "target": [int(position) for position in row if position >= 0]}
        for source, row in zip(*drawn, strict=True)
    ]


def file_splits(data: str, *, batch_size: int, seed: int, closed: bool = True) -> Splits:
    """Examples in the format of Vinyals et al. 2015: of a file, split by index, or of a folder with a file for training
    and one or several for testing."""
    path, formats = require_path(data), [point_sets.format_of(closed=closed)]
    parts = (
        {"": read_any(path, formats)}
        if path.is_file()
        else read_files(find_split_files(path, formats, joined=["test"]))
    )
    if len(parts) == 1:
        (only,) = parts.values()
        raw = split_by_index(sample(only))
    else:
        raw = complete_splits(path, sample_splits(parts))
    return make_generation_splits(raw, {"target": PointerVocabulary()}, batch_size=batch_size, seed=seed)


def tfds_splits(data: str, ways: FeatureSets, *, batch_size: int, seed: int) -> Splits:
    """Examples of a set of TFDS: points, and the positions that are pointed at."""
    raw = from_tfds(data, ways, each=_example)
    return make_generation_splits(raw, {"target": PointerVocabulary()}, batch_size=batch_size, seed=seed)


def _example(source: Any, target: Any) -> Example:
    return {"source": np.asarray(source, "float32"), "target": [int(position) for position in target]}


def point(
    model: keras.Model, examples: Sequence[Example], decoder: str = "greedy", **arguments: Any
) -> list[list[int]]:
    """Return the positions that the model points at for each example."""
    arguments = {"maximum_length": max(len(example["source"]) for example in examples) + 2} | arguments
    sources = [example["source"] for example in examples]
    hypotheses = zoo.generate(model, sources, decoder=decoder, batch_size=250, **arguments)
    return [outputs[0].tokens for outputs in hypotheses]


def decoded_metrics(model: keras.Model, splits: Splits, metrics: dict[str, Callable[..., float]]) -> DecodedMetrics:
    """The callback that logs metrics of (outputs, examples) after every epoch, of a part of validation."""
    # Validation is in the order of sizes: a part of all.
    some = splits.raw["validation"][:: max(1, len(splits.raw["validation"]) // DECODED)]
    return DecodedMetrics(lambda model: point(model, some), some, metrics)


def metrics_by_size(
    examples: Sequence[Example], outputs: Sequence[list[int]], compute: Callable[..., dict[str, float]]
):
    """Metrics of (outputs, examples) over all, and those of each number of points where there are several."""
    metrics = compute(outputs, examples)
    sizes = sorted({len(example["source"]) for example in examples})
    for size in sizes if len(sizes) > 1 else ():
        rows = [number for number, example in enumerate(examples) if len(example["source"]) == size]
        part = compute([outputs[row] for row in rows], [examples[row] for row in rows])
        metrics |= {f"{name}_{size}": value for name, value in part.items()}
    return metrics


def plot_test_examples(model: keras.Model, splits: Splits, path: Path, *, count: int = 6) -> None:
    """Test examples with what was pointed out, from the smallest to the largest."""
    test = sorted(splits.raw["test"], key=lambda example: len(example["source"]))
    some = test[:: -(-len(test) // count)]
    plot_answers(zoo.generate(model, [example["source"] for example in some], maximum_length=100), some, path)


def plot_answers(hypotheses: Sequence[Sequence[zoo.Hypothesis]], examples: Sequence[Example], path: Path) -> None:
    """Draws answers over their points, with the pointer's weights; the true ones behind them where they are known."""
    from zoo.plots.polygons import plot_polygons

    shown = [
        (example["source"], outputs[0].tokens, example.get("target") or None, outputs[0].trace.get("alignment"))
        for outputs, example in zip(hypotheses, examples, strict=True)
        if outputs and len(outputs[0].tokens)
    ]
    with replace_file(path) as temporary:
        plot_polygons(shown, temporary)


def parse_points(text: str, *, features: int = 2) -> list:
    """Points as a person types them: JSON, or numbers with blanks between them, so many a point."""
    try:
        points = parse_json(text, "points")
    except DataError:
        points = None
    try:
        if isinstance(points, list):
            numbers = np.asarray(points, "float64")
        else:
            fields = text.replace(",", " ").split()
            parse_numbers(fields)  # refuses what Python alone reads, as 1_5
            numbers = np.array(fields, "float64")
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError(f"Points are numbers with blanks between them, or JSON. Received: {text:.60}") from error
    is_list = numbers.ndim == 1 and numbers.size % features == 0
    if not numbers.size or not (is_list or (numbers.ndim == 2 and numbers.shape[1] == features)):
        raise ValueError(f"Every point has {features} numbers. Received: {numbers.size} numbers")
    if np.abs(numbers).max() > np.finfo("float32").max or np.isnan(numbers).any():
        raise ValueError(f"Points are finite numbers. Received: {text:.60}")
    return numbers.reshape(-1, features).tolist()
