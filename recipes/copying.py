"""Rewrites texts with words that it has never seen: a pointer-generator, which writes words of its own or copies.

    zoo train copying --task rules --out runs/copying
    zoo train copying --task rules --copying none --out runs/no_copying
    zoo train copying --task notes --out runs/notes

Words that are rarer than --minimum-count are in no vocabulary: what is read knows them as unknown, and only who copies
can say them. --copying none is the same model without that, to compare.

Coverage tells attention what it has looked at already, and late in training a penalty on looking there again grows
(--coverage-penalty), against saying things twice.

Data: `synthetic`, by --task `rules` (sentences rewritten by rules with invented words in their slots) or `notes` (what
matters in notes of a trade, full of invented names); a folder of parallel files (train.source, train.target,
val.source, ..., test.target; plain or .gz); a .tsv, .csv or .jsonl file with `source` and `target`;
tfds:cnn_dailymail (`article`, `highlights`), tfds:gigaword or tfds:xsum (`document`, `summary`), tfds:samsum
(`dialogue`, `summary`), or a set of `source` and `target`.

Seen, rules, `--examples 10000 --epochs 10 --penalty-from 7 --penalty-full 8`, one seed, 5 minutes on 2 CPU cores:
1.000 exact, without copying 0.206, which is all that a vocabulary can say.
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
from zoo.experiments.optimizers import reduce_on_plateau
from zoo.lookup import lookup
from zoo.recipes.common import copy_models, generation_metrics, objectives, word_vectors
from zoo.recipes.common.pair_sources import pairs
from zoo.training.metrics import text_metrics

EPOCHS = 15
PATIENCE = 6
MONITOR = "val_exact"
QUICK = {
    "examples": 2000,
    "rule_count": 10,
    "epochs": 6,
    "penalty_from": 5,
    "penalty_full": 6,
    "units": 64,
    "embedding_size": 32,
    "dropout": 0.0,
    "batch_size": 64,
    "learning_rate": 1e-2,
}
# Features of sets of TFDS: cnn_dailymail; gigaword and xsum; samsum; one's own.
TFDS = (("article", "highlights"), ("document", "summary"), ("dialogue", "summary"), ("source", "target"))
TASKS = {"rules": rules.generate, "notes": notes.generate}
UNKNOWN_TARGETS = {"error": False, "keep": True}
# Validation texts that are decoded after every epoch.
DECODED = 300


def data(
    *,
    data: str = "synthetic",
    task: str = "rules",
    examples: int = 20_000,
    rule_count: int = 50,
    minimum_count: int = 5,
    vocabulary_size: int = 50_000,
    copying: str | None = "pointer_generator",
    unknown_targets: str = "error",
    batch_size: int = 32,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Texts and what they become.

    Args:
        data: synthetic, a path, or tfds:cnn_dailymail.
        task: rules or notes (synthetic only).
        examples: how many to generate (synthetic only).
        rule_count: how many rules there are (rules only).
        minimum_count: words that training has more rarely are not in the vocabularies.
        vocabulary_size: at most so many words on each side, the most frequent.
        copying: as of the model; without it the vocabulary of the target is closed.
        unknown_targets: words of training targets that are in neither vocabulary nor source: error or keep.
        batch_size: texts a step.
        seed: of generation and shuffling.
        vocabularies: those of a trained model; made from the training texts if None.
    """
    generate = lookup("task", task, TASKS)
    keep = lookup("unknown_targets", unknown_targets, UNKNOWN_TARGETS)
    options = {"rules": rule_count} if task == "rules" else {}
    raw = pairs(
        data,
        synthetic=lambda: generate(examples, seed=seed, **options),
        tfds=TFDS,
        languages=("source", "target"),
    )
    if vocabularies is None:
        kinds = {"source": Vocabulary, "target": Vocabulary if copying is None else CopyVocabulary}
        vocabularies = {
            side: kind.build((pair[side] for pair in raw["train"]), size=vocabulary_size, minimum_count=minimum_count)
            for side, kind in kinds.items()
        }
    return make_generation_splits(raw, vocabularies, batch_size=batch_size, seed=seed, keep_unknown=keep)


model = word_vectors.initialized("source", "source_embedding")(
    copy_models.of(attention="coverage", coverage_penalty=1.0, dropout=0.2)
)
regime = objectives.of_texts


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Exact outputs of a part of validation, decoded greedily; smaller steps on a plateau."""
    some = splits.raw["validation"][:DECODED]
    metrics = {"exact": lambda said, references: text_metrics.exact(words_apart(splits, said), references)}
    exact = generation_metrics.watch(
        model, splits, some, expected(splits, some), metrics, maximum_length=longest(splits)
    )
    return [exact, reduce_on_plateau(model, "val_nats", patience=2)]


def space(hp) -> dict:
    """What a search varies."""
    return {
        "attention": hp.Choice("attention", ["additive", "coverage"]),
        "coverage_penalty": hp.Float("coverage_penalty", 0.0, 2.0, step=0.5),
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

    Beside it BLEU, the share of trigrams that an output has said before, the share of the expected unknown words that
    are said, and nats and perplexity a word.
    """
    examples = splits.raw[split]
    references = expected(splits, examples)
    said = generation_metrics.write(model, splits, examples, decoder="greedy", maximum_length=longest(splits))
    said = words_apart(splits, said)
    copied = text_metrics.unknown_words(said, references, splits.vocabularies["target"])
    return {
        "exact": text_metrics.exact(said, references),
        **_exact_by_kind(examples, said, references),
        "bleu": text_metrics.bleu(said, references),
        "repeated_trigrams": text_metrics.repeated(said),
        **({} if copied is None else {"unknown_words": copied}),
        **generation_metrics.likelihood(model, getattr(splits, split)),
    }


def _exact_by_kind(examples, said, references) -> dict[str, float]:
    rows: dict[str, list[tuple[str, str]]] = {}
    for example, text, reference in zip(examples, said, references, strict=True):
        if "kind" in example:
            rows.setdefault(f"exact_{example['kind'].replace('->', '_to_')}", []).append((text, reference))
    return {name: text_metrics.exact(*zip(*pairs, strict=True)) for name, pairs in sorted(rows.items())}


def baseline(splits: Splits) -> dict[str, float]:
    """The most that is exact without copying: targets of known words alone. How many trigrams targets repeat."""
    vocabulary, references = splits.vocabularies["target"], expected(splits, splits.raw["test"])
    known = sum(all(word in vocabulary for word in text.split()) for text in references)
    return {"exact_at_most": known / len(references), "repeated_trigrams": text_metrics.repeated(references)}


def pictures(model, splits: Splits, folder: Path) -> None:
    """Where the model looked for each word of some test texts, and which words it copied."""
    generation_metrics.picture_copying(model, splits, folder, maximum_length=longest(splits))


if __name__ == "__main__":
    from zoo.cli.main import run_recipe

    run_recipe("copying")
