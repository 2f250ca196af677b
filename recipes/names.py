"""Invents surnames, letter by letter, in the manner of a language.

    zoo train surnames --data surnames --out runs/surnames
    zoo train names --data surnames --judge runs/surnames --out runs/names

One to many: a language goes in, a name comes out. It is measured by how likely real names are to it, and by names that
it draws: how many are new, and, where a trained run of the recipe `surnames` is the judge, from how many that one
recovers the language they were drawn for. A judge is unsure of rare languages even where names are real, see
`evaluate`.

Data, as for `surnames`: `synthetic` (names of six invented languages); a folder of one file a language, LANGUAGE.txt
with a name a line (index of the distinct lines of each file mod 10: 0 test, 1 validation); a .tsv, .csv or .jsonl file
with `text` and `label`; tfds:NAME of a set of your own with the features `text` and `label` (TFDS has no public set of
names by language).

Seen on 18 languages, 2 CPU cores: 0.835 of the names are recovered by a judge that knows 0.840 of the real ones, and
0.78 are new; 4 minutes.
Graves 2013, arXiv:1308.0850; Vinyals et al. 2015, arXiv:1411.4555 (what is spoken of, at the start).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import zoo
from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.splits import Splits, build_labels
from zoo.data.synthetic import surnames
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.recipes.common import generation_metrics, sources
from zoo.special_ids import UNKNOWN
from zoo.storage.files import replace_file

MODELS = {
    "recurrent": (
        "one_to_many",
        {"conditioning": "both", "conditioning_size": 32, "units": 256, "embedding_size": 32, "dropout": 0.3},
    )
}
OPTIMIZERS = {"recurrent": {"learning_rate": 2e-3, "schedule": "plateau"}}
FIT = {"epochs": 30, "patience": 4, "monitor": "val_nats"}
QUICK = {"examples": 2000, "epochs": 10, "units": 64, "embedding_size": 24, "dropout": 0.0, "learning_rate": 1e-2}
REWARDS: dict = {}
# Names drawn for each language, and how sharply: below 1, the likely ones more often.
DRAWN, TEMPERATURE = 50, 0.8
LONGEST = 30
# Features of sets of TFDS: one's own.
TFDS = (("text", "label"),)


@dataclass
class JudgedSplits(Splits):
    """Splits, and the run that judges what is drawn, or None."""

    judge: str | None = None


def data(
    *,
    data: str = "synthetic",
    examples: int = 10_000,
    judge: str | None = None,
    batch_size: int = 64,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> JudgedSplits:
    """Languages with their surnames.

    Args:
        data: synthetic, a path, or tfds:NAME of a set of your own.
        examples: how many names to generate (synthetic only).
        judge: the folder of a run of the recipe surnames that knows these languages; none: no judge.
        batch_size: names a step.
        seed: of generation and shuffling.
        vocabularies: those of a trained model; made from the training names if None.
    """
    pairs = sources.labelled_texts(data, synthetic=lambda: surnames.generate(examples, seed=seed), tfds=TFDS)
    raw = {
        part: [{"label": language, "target": name} for name, language in part_of_pairs]
        for part, part_of_pairs in pairs.items()
    }
    if vocabularies is None:
        vocabularies = {
            "label": build_labels(raw, lambda example: [example["label"]]),
            "target": Vocabulary.build([example["target"] for example in raw["train"]], level="character"),
        }
    if judge is not None:
        sources.require_path(judge)
    splits = make_generation_splits(raw, vocabularies, batch_size=batch_size, seed=seed)
    return JudgedSplits(**vars(splits), judge=judge)


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "conditioning": hp.Choice("conditioning", ["initial_state", "every_step", "both"]),
        "cell": hp.Choice("cell", ["lstm", "gru", "elman"]),
        "units": hp.Int("units", 64, 384, step=64),
        "dropout": hp.Float("dropout", 0.0, 0.5, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 5e-3, sampling="log"),
    }


def evaluate(model, splits: JudgedSplits, split: str = "test") -> dict[str, float]:
    """Nats and perplexity a letter (and end); of drawn names the share that is new, and that the judge recovers.

    New is a name that is none of the training names, and was not drawn for this language before. `class_recovered`
    counts each language as often as it occurs in the split, `class_recovered_evenly` all alike; `real_recovered` is
    the former for the split's own names: what the judge is worth.
    """
    drawn = draw(model, splits)
    known = {example["target"] for example in splits.raw["train"]}
    new = sum(len(set(names) - known) for names in drawn.values())
    metrics = generation_metrics.likelihood(model, splits[split]) | {"new": new / (DRAWN * len(drawn))}
    if splits.judge is None:
        return metrics
    judge, real = zoo.load(splits.judge), defaultdict(list)
    for example in splits.raw[split]:
        real[example["label"]].append(example["target"])
    shares, own = recovered(judge, drawn), recovered(judge, real)
    counts = {language: len(names) for language, names in real.items()}
    return metrics | {
        "class_recovered": sum(shares[language] * count for language, count in counts.items()) / sum(counts.values()),
        "class_recovered_evenly": sum(shares.values()) / len(shares),
        "real_recovered": sum(own[language] * count for language, count in counts.items()) / sum(counts.values()),
    }


def draw(model, splits: Splits, *, seed: int = 0) -> dict[str, list[str]]:
    """`DRAWN` names for every language; the same seed, the same names."""
    languages = splits.vocabularies["label"].names
    hypotheses = zoo.generate(
        model,
        languages,
        decoder="sampling",
        samples=DRAWN,
        temperature=TEMPERATURE,
        seed=seed,
        minimum_length=1,
        maximum_length=LONGEST,
        banned_tokens=[UNKNOWN],
        vocabularies=splits.vocabularies,
    )
    return {
        language: [best.text or "" for best in names] for language, names in zip(languages, hypotheses, strict=True)
    }


def recovered(judge: zoo.Run, names: Mapping[str, list[str]]) -> dict[str, float]:
    """For each language the share of its names that the judge assigns to it."""
    known = judge.vocabularies["labels"].names if "labels" in judge.vocabularies else []
    if not set(names) <= set(known):
        raise ValueError(
            f"A classifier is a run of the recipe surnames with all languages. Received: {judge.folder}, which does "
            f"not know {', '.join(sorted(set(names) - set(known)))}. Train it on the same data."
        )
    predictions = iter(judge.predict([name for own in names.values() for name in own]))
    return {
        language: sum(next(predictions).output == language for _ in own) / len(own) for language, own in names.items()
    }


def plot(model, splits: Splits, folder: Path) -> None:
    """Names that it drew: samples.txt, a line a language."""
    lines = [f"{language}: {', '.join(names[:12])}\n" for language, names in draw(model, splits).items()]
    with replace_file(folder / "samples.txt") as path:
        path.write_text("".join(lines), encoding="utf-8")
