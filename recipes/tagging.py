"""Sequence labelling: parts of speech, or named entities, by a bidirectional network.

    zoo train tagging --data ud_english_ewt --epochs 6 --out runs/parts_of_speech
    zoo train tagging --task entities --data wnut17_ner --epochs 30 --patience 10 --out runs/entities

`task` decides what is read and how it is scored, nothing else: parts of speech by accuracy; entities as BIO tags (of
whichever scheme the file is: BIO, IOB1, BIOES) by the F1 of whole spans, and only legal paths of them are considered.
Words are read in lower case and spelled beside it, by their characters as written.

Data: `synthetic` (generated sentences with ambiguous words); a folder with a file for each split, named ...train...,
...dev... and ...test...: CoNLL-U of Universal Dependencies (en_ewt-ud-train.conllu.gz), WNUT 2017
(wnut17train.conll, emerging.dev.conll, emerging.test.annotated), or your own: one token and its tag a line between tabs
or blanks and a blank line between sentences (.conll, .tsv, .txt; the last column is the tag), or .jsonl with `tokens`
and `tags`; one such file, split by index; tfds:conll2003 (`tokens` with `pos` or `ner`), tfds:wikiann/en (`tokens`,
`tags`), tfds:universal_dependencies/en_ewt (`tokens`, `upos`). Texts to predict are split into words and marks: "don't"
is one word, where Universal Dependencies has "do n't".

Ma & Hovy 2016, arXiv:1603.01354; Derczynski et al. 2017 (WNUT); Plank et al. 2016, arXiv:1604.05529 (UD).

Seen, 2 CPU cores: parts of speech on UD English EWT, test accuracy 0.944 (0.944 to 0.945 over 3 seeds) in 4
minutes, the commonest tag of each word 0.862; entities on WNUT 2017, test span F1 0.182 (0.168 and
0.197 over 2 seeds) in 5 minutes.
"""

from pathlib import Path

import numpy as np

from zoo.data.readers import conll, jsonl
from zoo.data.readers.formats import Format
from zoo.data.splits import Splits, build_labels, make_splits
from zoo.data.synthetic import tagged_sentences
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments.word_vectors import WordVectors
from zoo.layers.conditional_random_field import legal_transitions
from zoo.lookup import lookup
from zoo.recipes.baselines.commonest_tag import commonest_tag
from zoo.recipes.common import mapping_metrics, sources
from zoo.recipes.common.transformers import QUICK as QUICK_TRANSFORMER
from zoo.training.metrics import classification

TAGGER = {"embedding_size": 100, "character_units": 100, "token_dropout": 0.1}
MODELS = {
    "crf": ("crf_tagger", {**TAGGER, "dropout": 0.5}),  # the best path of all tags together
    "softmax": ("many_to_many", {**TAGGER, "dropout": 0.5}),  # each tag by itself
    "transformer": ("transformer_encoder", {**TAGGER, "dropout": 0.2, "per_step": True}),
}
OPTIMIZERS = {
    "crf": {"learning_rate": 2e-3},
    "softmax": {"learning_rate": 2e-3},
    "transformer": {"schedule": "cosine", "warmup_steps": 500},
}
FIT = {"epochs": 20, "patience": 4, "monitor": "val_accuracy"}
QUICK = {
    "examples": 600,
    "epochs": 4,
    "units": 24,
    "embedding_size": 24,
    "character_units": 16,
    "learning_rate": 1e-2,
    "transformer": QUICK_TRANSFORMER,
}
VECTORS = dict.fromkeys(("crf", "softmax"), WordVectors("tokens", "embedding"))
TASKS = {"upos": tagged_sentences.generate, "entities": tagged_sentences.generate_entities}
# Features of sets of TFDS, by task: conll2003; universal_dependencies or wikiann; one's own.
TFDS = {
    "upos": (("tokens", "pos"), ("tokens", "upos"), ("tokens", "tags")),
    "entities": (("tokens", "ner"), ("tokens", "tags")),
}


def data(*, data: str = "synthetic", task: str = "upos", examples: int = 5000, seed: int = 0) -> dict[str, list]:
    """Sentences with a tag for each word.

    Args:
        data: synthetic, a path, tfds:conll2003 or tfds:universal_dependencies/en_ewt.
        task: upos (parts of speech, or any tags) or entities (BIO tags of spans).
        examples: how many sentences to generate (synthetic only).
        seed: of generation.
    """
    generate = lookup("task", task, TASKS)
    raw = sources.sentences(
        data,
        synthetic=lambda: generate(examples, seed=seed),
        formats=_formats(task),
        tfds=TFDS[task],
        labels=lambda example: example[1],
    )
    if task == "entities":
        raw = {name: [(tokens, _bio(tags)) for tokens, tags in part] for name, part in raw.items()}
    return raw


def vocabularies(raw, *, minimum_count: int = 2) -> dict:
    """Words, the characters that spell them, and tags.

    Args:
        minimum_count: rarer words are unknown, and known by their spelling alone.
    """
    texts = [tokens for tokens, _ in raw["train"]]
    return {
        "tokens": Vocabulary.build(texts, lowercase=True, minimum_count=minimum_count),
        "characters": Vocabulary.build(["".join(tokens) for tokens in texts], level="character"),
        "labels": build_labels(raw, lambda example: example[1]),
    }


def batches(raw, vocabularies, *, batch_size: int = 32, seed: int = 0) -> Splits:
    """Sentences with a target for every word.

    Args:
        batch_size: sentences of a step.
        seed: of shuffling.
    """
    return make_splits(raw, vocabularies, batch_size=batch_size, buckets=16, aligned=True, seed=seed)


def allowed_transitions(splits: Splits) -> list[list[int]] | None:
    """Return which tag may follow which, where tags mark spans."""
    names = splits.vocabularies["labels"].names
    return legal_transitions(names) if mapping_metrics.mark_spans(names) else None


SIZES = {"allowed": allowed_transitions}


def _formats(task: str) -> list[Format]:
    def universal(path: Path) -> list:
        if task == "entities":
            raise ValueError(f"CoNLL-U has no column of entities. Received: {path}. Pass --task upos, or other data.")
        return conll.read(path, column="upos")

    return [
        Format(
            "JSON lines with tokens and tags", lambda head: jsonl.lacks_keys(head, "tokens", "tags"), jsonl.read_tags
        ),
        Format("CoNLL-U", conll.lacks_universal, universal),
        Format("a token and its tag a line", conll.lacks_columns, conll.read, is_plain=True),
    ]


def _bio(tags: list[str]) -> list[str]:
    """Tags of spans in whichever scheme as BIO: a span begins with B, also where IOB1 has I."""
    converted = ["O"] * len(tags)
    for kind, first, last in classification.spans(tags):
        converted[first : last + 1] = [f"B-{kind}"] + [f"I-{kind}"] * (last - first)
    return converted


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "model": hp.Choice("model", ["softmax", "crf"]),
        "cell": hp.Choice("cell", ["lstm", "gru", "coupled_lstm"]),
        "units": hp.Int("units", 64, 256, step=64),
        "character_units": hp.Int("character_units", 50, 150, step=50),
        "dropout": hp.Float("dropout", 0.2, 0.6, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 5e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Accuracy over words; of entities, F1 over spans as well."""
    return mapping_metrics.tagging_metrics(model, splits[split], splits.vocabularies["labels"].names)


def baseline(splits: Splits) -> dict[str, float]:
    """Every word has its commonest tag."""
    predictions, expected = commonest_tag(splits.raw["train"], splits.raw["test"])
    if mapping_metrics.mark_spans(splits.vocabularies["labels"].names):
        return {"commonest_tag_f1": classification.span_f1(predictions, expected)["f1"]}
    return {"commonest_tag_accuracy": classification.accuracy(np.concatenate(predictions), np.concatenate(expected))}


def format_prediction(prediction) -> str:
    """Words with their tags: the/DET judges/NOUN."""
    return " ".join(f"{word}/{tag}" for word, tag in zip(prediction.input, prediction.output, strict=True))
