"""Generated sets with labels: texts, stories, trees and frames."""

from collections.abc import Callable, Iterable

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
from zoo.data.tfds_builders.generated import NUMBERS, TEXT, TEXTS, Parts, Rows, by_index, define, rows


def _labelled(labels: Iterable[str]) -> dict:
    return {"text": TEXT, "label": tfds.features.ClassLabel(names=list(labels))}


def _tensor(*shape: int | None) -> tfds.features.Tensor:
    return tfds.features.Tensor(shape=shape, dtype=np.float32)


def _words(count: int, seed: int) -> Parts:
    return split_by_index([{"words": words} for _, words in unsegmented.generate(count, seed=seed)])


def _trees(count: int, seed: int) -> Parts:
    trees = expressions.generate(count, task="arithmetic", seed=seed)
    return split_by_index([{"tree": tree.brackets()} for tree in trees])


def _by_seed(generate: Callable[..., Iterable], *names: str) -> Callable[[int, int], Parts]:
    """Eight tenths for training, one each for validation and test, each of a seed of its own."""

    def draw(count: int, seed: int) -> Parts:
        shares = {"train": 8, "validation": 1, "test": 1}
        parts: dict[str, Rows] = {}
        for number, (name, share) in enumerate(shares.items()):
            examples = generate(max(count * share // 10, 1), seed=3 * seed + number)
            parts[name] = rows(examples, *names)
        return parts

    return draw


SURNAMES = _labelled(surnames.LANGUAGES), 10_000, by_index(surnames.generate, "text", "label")
TAGS = {"tokens": TEXTS, "tags": TEXTS}
STORY = {"story": TEXTS, "question": TEXT, "answer": TEXT, "supporting": NUMBERS, "task": np.int32}

define(
    "zoo_sentiment",
    "Reviews whose polarity single words do not reveal.",
    _labelled(sentences.LABELS),
    10_000,
    by_index(sentences.generate, "text", "label"),
)
define(
    "zoo_questions",
    "Questions with the type of their answers.",
    _labelled(questions.LABELS),
    6000,
    by_index(questions.generate, "text", "label"),
)
define("zoo_surnames", "Surnames of six invented languages.", *SURNAMES)
define("zoo_names", "Surnames of six invented languages, to be generated.", *SURNAMES)
define(
    "zoo_dna",
    "Windows of DNA with the type of their junction.",
    _labelled(genes.JUNCTIONS),
    4000,
    by_index(genes.generate_splices, "text", "label"),
)
define(
    "zoo_dna_positions",
    "Stretches of DNA with a mark for every base: 1 if it is coding.",
    {"text": TEXT, "marks": NUMBERS},
    4000,
    by_index(genes.generate_genes, "text", "marks"),
)
define(
    "zoo_activity",
    "Acceleration measured by a smart watch, with the activity of its wearer.",
    {"frames": _tensor(None, 6), "label": tfds.features.ClassLabel(names=list(motions.ACTIVITIES))},
    600,
    by_index(motions.generate, "frames", "label"),
)
define(
    "zoo_tagging",
    "Sentences with the part of speech of every word.",
    TAGS,
    5000,
    by_index(tagged_sentences.generate, "tokens", "tags"),
)
define(
    "zoo_tagging_entities",
    "Sentences with BIO tags of the names of people, locations and organisations.",
    TAGS,
    5000,
    by_index(tagged_sentences.generate_entities, "tokens", "tags"),
)
define(
    "zoo_segmentation",
    "Words of sentences in an invented language of Chinese characters.",
    {"words": TEXTS},
    2000,
    _words,
)
define(
    "zoo_question_answering",
    "Stories with a question and its answer.",
    STORY,
    10_000,
    by_index(world.generate),
)
define("zoo_tree_sentiment", "Bracketed expressions with the value of every phrase.", {"tree": TEXT}, 10_000, _trees)
define(
    "zoo_memory_span",
    "Sequences of numbers, two of which are marked, with their sum.",
    {"frames": _tensor(None, 2), "target": _tensor(1)},
    25_000,
    _by_seed(adding.generate, "frames", "target"),
)
define(
    "zoo_memory_span_copy",
    "Ten digits, a blank of a hundred steps, and the digits again.",
    {"source": NUMBERS, "target": NUMBERS},
    25_000,
    _by_seed(copy_memory.generate, "source", "target"),
)
