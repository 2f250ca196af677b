"""Rewrites texts with words that it has never seen: a pointer-generator, which writes words of its own or copies.

    zoo train copying --task rules --out runs/copying
    zoo train copying --task rules --copying none --out runs/no_copying
    zoo train copying --task notes --out runs/notes

Words that are rarer than --minimum-count are in no vocabulary: what is read knows them as unknown, and only who copies
can say them. --copying none is the same model without that, to compare.

Coverage gives attention its own past, and late in training a penalty on looking there again grows
(--penalties.coverage), against saying things twice.

Data: `synthetic`, by --task `rules` (sentences rewritten by rules with invented words in their slots) or `notes` (what
matters in notes of a trade, full of invented names); a folder of parallel files (train.source, train.target,
val.source, ..., test.target; plain or .gz); a .tsv, .csv or .jsonl file with `source` and `target`;
tfds:cnn_dailymail (`article`, `highlights`), tfds:gigaword or tfds:xsum (`document`, `summary`), tfds:samsum
(`dialogue`, `summary`), or a set of `source` and `target`.

Seen, rules, `--examples 10000 --epochs 10 --penalty-start 7 --penalty-full 8`, one seed, 5 minutes on 2 CPU cores:
1.000 exact, without copying 0.206, the ceiling of the vocabulary.
See et al. 2017, arXiv:1704.04368; Gu et al. 2016, arXiv:1603.06393 (the rules).
"""

from collections.abc import Sequence
from pathlib import Path

import keras

from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.splits import Splits
from zoo.data.synthetic import notes, rules
from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments.word_vectors import WordVectors
from zoo.lookup import lookup
from zoo.recipes.common import generation_metrics
from zoo.recipes.common.pair_sources import pairs
from zoo.recipes.common.rewards import TEXT_REWARDS
from zoo.training.metrics import text_metrics

MODELS = {
    "recurrent": (
        "encoder_decoder",
        {
            "copying": "pointer_generator",
            "attention": "coverage",
            "input_feeding": True,
            "units": 128,
            "embedding_size": 64,
            "dropout": 0.2,
            "penalties": {"coverage": 1.0},
        },
    )
}
OPTIMIZERS = {
    "recurrent": {"learning_rate": 2e-3, "schedule": "plateau", "plateau_monitor": "val_nats", "plateau_patience": 2}
}
FIT = {"epochs": 15, "patience": 6, "monitor": "val_exact"}
QUICK = {
    "examples": 2000,
    "rule_count": 10,
    "epochs": 6,
    "penalty_start": 5,
    "penalty_full": 6,
    "units": 64,
    "embedding_size": 32,
    "dropout": 0.0,
    "batch_size": 64,
    "learning_rate": 1e-2,
}
VECTORS = {"recurrent": WordVectors("source", "source_embedding")}
REWARDS = TEXT_REWARDS
# Features of sets of TFDS: cnn_dailymail; gigaword and xsum; samsum; one's own.
TFDS = (("article", "highlights"), ("document", "summary"), ("dialogue", "summary"), ("source", "target"))
TASKS = {"rules": rules.generate, "notes": notes.generate}
UNKNOWN_TARGETS = {"error": False, "keep": True}
# Validation texts that are decoded after every epoch.
DECODED = 300


def data(
    *, data: str = "synthetic", task: str = "rules", examples: int = 20_000, rule_count: int = 50, seed: int = 0
) -> dict[str, list]:
    """Texts and what they become.

    Args:
        data: synthetic, a path, or tfds:cnn_dailymail.
        task: rules or notes (synthetic only).
        examples: how many to generate (synthetic only).
        rule_count: how many rules there are (rules only).
        seed: of generation.
    """
    generate = lookup("task", task, TASKS)
    options = {"rules": rule_count} if task == "rules" else {}
    return pairs(
        data,
        synthetic=lambda: generate(examples, seed=seed, **options),
        tfds=TFDS,
        languages=("source", "target"),
    )


def vocabularies(
    raw, *, copying: str | None = "pointer_generator", minimum_count: int = 5, vocabulary_limit: int = 50_000
) -> dict:
    """Words of both sides; without copying the vocabulary of the target is closed.

    Args:
        minimum_count: words that training has more rarely are not in the vocabularies.
        vocabulary_limit: at most so many words on each side, the most frequent.
    """
    kinds = {"source": Vocabulary, "target": Vocabulary if copying is None else CopyVocabulary}
    return {
        side: kind.build((pair[side] for pair in raw["train"]), size=vocabulary_limit, minimum_count=minimum_count)
        for side, kind in kinds.items()
    }


def batches(raw, vocabularies, *, unknown_targets: str = "error", batch_size: int = 32, seed: int = 0) -> Splits:
    """Batches for teacher forcing.

    Args:
        unknown_targets: words of training targets that are in neither vocabulary nor source: error or keep.
        batch_size: texts of a step.
        seed: of shuffling.
    """
    keep = lookup("unknown_targets", unknown_targets, UNKNOWN_TARGETS)
    return make_generation_splits(raw, vocabularies, batch_size=batch_size, seed=seed, keep_unknown=keep)


def penalty_ramp(splits: Splits, *, penalty_start: int = 10, penalty_full: int = 12) -> tuple[int, int]:
    """Return the updates between which the penalties on attention grow.

    Args:
        penalty_start: epochs after which the penalties on attention begin to grow.
        penalty_full: epochs after which they count in full.
    """
    return penalty_start * len(splits.train), penalty_full * len(splits.train)


SIZES = {"penalty_ramp": penalty_ramp}


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Exact outputs of a part of validation, decoded greedily."""
    examples = splits.raw["validation"][:DECODED]
    metrics = {"exact": lambda texts, references: text_metrics.exact(words_apart(splits, texts), references)}
    references, length = expected(splits, examples), longest(splits)
    return [generation_metrics.decoded_metrics(model, splits, examples, references, metrics, maximum_length=length)]


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "attention": hp.Choice("attention", ["additive", "coverage"]),
        "units": hp.Int("units", 64, 320, step=64),
        "dropout": hp.Float("dropout", 0.0, 0.4, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 5e-3, sampling="log"),
    }


def words_apart(splits: Splits, texts: Sequence[str]) -> list[str]:
    """Texts as they are compared, word by word: words and marks separated by blanks."""
    return [" ".join(splits.vocabularies["target"].split(text)) for text in texts]


def expected(splits: Splits, examples: Sequence[dict[str, str]]) -> list[str]:
    """The targets, words apart."""
    return words_apart(splits, [example["target"] for example in examples])


def longest(splits: Splits) -> int:
    """Words of the longest target, its end included."""
    return max(len(ids) for part in (splits.train, splits.validation, splits.test) for ids in part.targets)


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Share of outputs that are right to the last word, of rules by kind, too; all decoded greedily.

    Beside it BLEU, the share of trigrams that an output repeats, the share of the expected unknown words that
    are outputs, and nats and perplexity a word.
    """
    examples = splits.raw[split]
    references = expected(splits, examples)
    outputs = generation_metrics.decode_texts(model, splits, examples, decoder="greedy", maximum_length=longest(splits))
    outputs = words_apart(splits, outputs)
    copied = text_metrics.unknown_words(outputs, references, splits.vocabularies["target"])
    return {
        "exact": text_metrics.exact(outputs, references),
        **_exact_by_kind(examples, outputs, references),
        "bleu": text_metrics.bleu(outputs, references),
        "repeated_trigrams": text_metrics.repeated(outputs),
        **({} if copied is None else {"unknown_words": copied}),
        **generation_metrics.likelihood(model, splits[split]),
    }


def _exact_by_kind(examples, outputs, references) -> dict[str, float]:
    rows: dict[str, list[tuple[str, str]]] = {}
    for example, text, reference in zip(examples, outputs, references, strict=True):
        if "kind" in example:
            rows.setdefault(f"exact_{example['kind'].replace('->', '_to_')}", []).append((text, reference))
    return {name: text_metrics.exact(*zip(*pairs, strict=True)) for name, pairs in sorted(rows.items())}


def baseline(splits: Splits) -> dict[str, float]:
    """The most that is exact without copying: targets of known words alone. How many trigrams targets repeat."""
    vocabulary, references = splits.vocabularies["target"], expected(splits, splits.raw["test"])
    known = sum(all(word in vocabulary for word in text.split()) for text in references)
    return {"exact_at_most": known / len(references), "repeated_trigrams": text_metrics.repeated(references)}


def plot(model, splits: Splits, folder: Path) -> None:
    """Plot the attention for each word of some test texts, and the copied words."""
    generation_metrics.plot_test_copying(model, splits, folder, maximum_length=longest(splits))
