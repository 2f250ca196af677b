"""Translates sentences: an encoder-decoder with attention over subwords, decoded by beam search.

    zoo train translation --data multi30k_en_de --out runs/translation

Data: `synthetic` (a generated pair of languages that differ in words, order and agreement); a folder of parallel files
(train.en, train.de, val.en, ..., test.en; plain or .gz; of Multi30k's test sets --test-set names another than that of
2016); a table or JSON lines with `source` and `target`, or with the two languages; lines of two texts with a tab
between them (Tatoeba's pairs); tfds:ted_hrlr_translate/pt_to_en, tfds:wmt16_translate/de-en and other sets with two
languages as features, which are translated as the set has it, unless --source-language and --target-language say
otherwise.

Seen on Multi30k, English to German, test 2016, 2 CPU cores: BLEU 35.6 with 5 beams, 33.0 greedy, after 10 epochs;
45 minutes beside other work.
Paper: Bahdanau et al. 2015, arXiv:1409.0473; Luong et al. 2015, arXiv:1508.04025.
"""

from functools import partial
from pathlib import Path

import keras

from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.splits import Splits
from zoo.data.synthetic import translations
from zoo.data.tfds import DataSet
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments.word_vectors import WordVectors
from zoo.recipes.common import generation_metrics
from zoo.recipes.common.pair_sources import pairs
from zoo.recipes.common.rewards import TEXT_REWARDS
from zoo.recipes.common.tfds_sources import PREFIX
from zoo.recipes.common.transformers import QUICK as QUICK_TRANSFORMER
from zoo.training.callbacks.averaged_weights import AveragedWeights
from zoo.training.metrics import text_metrics

MODELS = {
    "recurrent": (
        "encoder_decoder",
        {"attention": "general", "dropout": 0.3, "label_smoothing": 0.1, "penalty_ramp": (1000, 2000)},
    ),
    "transformer": (
        "transformer",
        {"dropout": 0.2, "tied": True, "label_smoothing": 0.1, "penalty_ramp": (1000, 2000)},
    ),
}
OPTIMIZERS = {
    "recurrent": {"learning_rate": 2e-3, "schedule": "plateau"},
    "transformer": {"learning_rate": 1e-3, "schedule": "cosine", "warmup_steps": 1000},
}
FIT = {"epochs": 10, "patience": 4, "monitor": "val_nats"}
QUICK = {
    "examples": 3000,
    "epochs": 5,
    "level": "word",
    "units": 64,
    "embedding_size": 48,
    "dropout": 0.0,
    "label_smoothing": 0.0,
    "tokens": 800,
    "learning_rate": 1e-2,
    "transformer": QUICK_TRANSFORMER,
}
VECTORS = {"recurrent": WordVectors("source", "source_embedding")}
REWARDS = TEXT_REWARDS
# Features of sets of TFDS: languages, by their names; one's own.
TFDS = (("source", "target"),)
# Validation sentences that are decoded after every epoch.
DECODED = 200


def data(
    *,
    data: str = "synthetic",
    source_language: str | None = None,
    target_language: str | None = None,
    test_set: str | None = None,
    examples: int = 20_000,
    seed: int = 0,
) -> dict[str, list]:
    """Pairs of sentences.

    Args:
        data: synthetic, a path, or tfds:ted_hrlr_translate/pt_to_en.
        source_language: ending of the source's files, or the feature of a TFDS set; none: en, or the set's own.
        target_language: of the target's; none: de, or the set's own.
        test_set: part of the name of the files for testing, where a folder has several (2017_flickr, 2018 ...); none:
            Multi30k's of 2016.
        examples: how many pairs to generate (synthetic only).
        seed: of generation.
    """
    own = DataSet(data).translates if data.startswith(PREFIX) else None
    source, target = own or ("en", "de")
    languages = (source_language or source, target_language or target)
    return pairs(
        data,
        synthetic=lambda: translations.generate(examples, seed=seed),
        tfds=(languages, *TFDS),
        languages=languages,
        test_set=test_set,
    )


def vocabularies(raw, *, level: str = "subword", vocabulary_limit: int = 5000) -> dict:
    """Tokens of both languages.

    Args:
        level: what tokens are: subword, word or character.
        vocabulary_limit: at most so many tokens on each side.
    """
    return {
        side: Vocabulary.build((pair[side] for pair in raw["train"]), level=level, size=vocabulary_limit)
        for side in ("source", "target")
    }


def batches(raw, vocabularies, *, tokens: int = 4000, seed: int = 0) -> Splits:
    """Batches by a budget of tokens.

    Args:
        tokens: a budget: source and target tokens of a batch together, padding included.
        seed: of shuffling.
    """
    return make_generation_splits(raw, vocabularies, tokens=tokens, seed=seed)


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Averaged weights, and BLEU of a part of validation decoded greedily."""
    examples = splits.raw["validation"][:DECODED]
    references = [pair["target"] for pair in examples]
    bleu = generation_metrics.decoded_metrics(model, splits, examples, references, {"bleu": text_metrics.bleu})
    return [AveragedWeights(3), bleu]


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "attention": hp.Choice("attention", ["dot", "general", "additive"]),
        "attention_style": hp.Choice("attention_style", ["luong", "bahdanau"]),
        "units": hp.Int("units", 128, 512, step=64),
        "dropout": hp.Float("dropout", 0.1, 0.5, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 4e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """BLEU (sacrebleu) of beam search with 5 beams and of greedy search, nats and perplexity per token, and the mean
    squared deviation from 1 of the attention that each source token receives.
    """
    examples = splits.raw[split]
    references = [pair["target"] for pair in examples]
    decode = partial(generation_metrics.decode_texts, model, splits, examples)
    beam = decode(decoder="beam_search", beam_width=5, length_penalty=0.6)
    return {
        "bleu": text_metrics.bleu(beam, references),
        "greedy_bleu": text_metrics.bleu(decode(decoder="greedy"), references),
        **generation_metrics.likelihood(model, splits[split]),
        **generation_metrics.coverage_deviation(model, splits[split]),
    }


def plot(model, splits: Splits, folder: Path) -> None:
    """Plot the attention for each word of some test sentences."""
    generation_metrics.plot_test_alignments(model, splits, folder / "alignments.png")
