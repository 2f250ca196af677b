"""Generated sets that are read: texts, stories, trees and frames with what is said of them."""

from collections.abc import Callable, Iterable
from typing import ClassVar

import numpy as np
import tensorflow_datasets as tfds

from zoo.data.splits import split_by_index
from zoo.data.synthetic import (
    adding,
    copy_memory,
    expressions,
    genes,
    motions,
    questions,
    sentences,
    surnames,
    tagged_sentences,
    unsegmented,
    world,
)
from zoo.data.tfds_builders.generated import NUMBERS, TEXT, TEXTS, Generated, Parts, Rows, rows


def _labelled(labels: Iterable[str]) -> dict:
    return {"text": TEXT, "label": tfds.features.ClassLabel(names=list(labels))}


class ZooSentiment(Generated):
    """Reviews that praise or blame, in words that alone mislead."""

    FEATURES, EXAMPLES = _labelled(sentences.LABELS), 10_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(rows(sentences.generate(count, seed=seed), "text", "label"))


class ZooQuestions(Generated):
    """Questions with the kind of their answers."""

    FEATURES, EXAMPLES = _labelled(questions.LABELS), 6000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(rows(questions.generate(count, seed=seed), "text", "label"))


class ZooSurnames(Generated):
    """Surnames of six invented languages."""

    FEATURES, EXAMPLES = _labelled(surnames.LANGUAGES), 10_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(rows(surnames.generate(count, seed=seed), "text", "label"))


class ZooNames(ZooSurnames):
    """Surnames of six invented languages, to be written."""


class ZooDna(Generated):
    """Windows of DNA with the kind of their junction."""

    FEATURES, EXAMPLES = _labelled(genes.JUNCTIONS), 4000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(rows(genes.generate_splices(count, seed=seed), "text", "label"))


class ZooDnaPositions(Generated):
    """Stretches of DNA with a mark for every base: 1 if it codes."""

    FEATURES, EXAMPLES = {"text": TEXT, "marks": NUMBERS}, 4000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(rows(genes.generate_genes(count, seed=seed), "text", "marks"))


class ZooActivity(Generated):
    """Acceleration measured by a smart watch, with the activity of its wearer."""

    FEATURES: ClassVar = {
        "frames": tfds.features.Tensor(shape=(None, 6), dtype=np.float32),
        "label": tfds.features.ClassLabel(names=list(motions.ACTIVITIES)),
    }
    EXAMPLES = 600

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(rows(motions.generate(count, seed=seed), "frames", "label"))


class ZooTagging(Generated):
    """Sentences with the part of speech of every word."""

    FEATURES, EXAMPLES = {"tokens": TEXTS, "tags": TEXTS}, 5000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(rows(tagged_sentences.generate(count, seed=seed), "tokens", "tags"))


class ZooTaggingEntities(ZooTagging):
    """Sentences with BIO tags of the names of people, places and organisations."""

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(rows(tagged_sentences.generate_entities(count, seed=seed), "tokens", "tags"))


class ZooSegmentation(Generated):
    """Sentences of an invented language in Chinese characters, as their words."""

    FEATURES, EXAMPLES = {"words": TEXTS}, 2000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index([{"words": words} for _, words in unsegmented.generate(count, seed=seed)])


class ZooQuestionAnswering(Generated):
    """Stories of people, places and things, with a question and its answer."""

    FEATURES: ClassVar = {"story": TEXTS, "question": TEXT, "answer": TEXT, "supporting": NUMBERS, "task": np.int32}
    EXAMPLES = 10_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(world.generate(count, seed=seed))


class ZooTreeSentiment(Generated):
    """Expressions in brackets, with the value of every phrase."""

    FEATURES, EXAMPLES = {"tree": TEXT}, 10_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        trees = expressions.generate(count, task="arithmetic", seed=seed)
        return split_by_index([{"tree": tree.brackets()} for tree in trees])


class ZooMemorySpan(Generated):
    """Numbers of which the two that are marked are to be added."""

    FEATURES: ClassVar = {
        "frames": tfds.features.Tensor(shape=(None, 2), dtype=np.float32),
        "target": tfds.features.Tensor(shape=(1,), dtype=np.float32),
    }
    EXAMPLES = 25_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return _by_seed(count, seed, lambda count, seed: rows(adding.generate(count, seed=seed), "frames", "target"))


class ZooMemorySpanCopy(Generated):
    """Ten digits, a blank of a hundred steps, and the digits again."""

    FEATURES, EXAMPLES = {"source": NUMBERS, "target": NUMBERS}, 25_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return _by_seed(
            count, seed, lambda count, seed: rows(copy_memory.generate(count, seed=seed), "source", "target")
        )


def _by_seed(count: int, seed: int, generate: Callable[[int, int], Rows]) -> Parts:
    """Eight, one and one tenth, each of a seed of its own."""
    shares = {"train": 8, "validation": 1, "test": 1}
    return {
        name: generate(max(count * share // 10, 1), 3 * seed + number)
        for number, (name, share) in enumerate(shares.items())
    }
