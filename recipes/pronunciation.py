"""Grapheme-to-phoneme conversion by an encoder-decoder with attention and beam search.

    zoo train pronunciation --data cmudict --out runs/pronunciation

A word with several pronunciations trains with each of them, and is tested once: each of them is right.
Stress is left out unless --stress is given; with it, or on the older dictionary that most papers use, figures differ by
5 to 10 points.

Data: `synthetic` (words of an invented orthography); the folder of the CMU Pronouncing Dictionary, its cmudict.dict or
cmudict-0.7b (--encoding latin-1), or a file in its format: `word W ER1 D` a line, "word(2)" for another pronunciation;
a file of WikiPron, `word<TAB>w ɝ d` a line, where a word on several lines has several pronunciations; a folder of
SIGMORPHON's fre_train.tsv, fre_dev.tsv and fre_test.tsv, of which --language chooses one of several; a table or JSON
lines with `source` and `target`; tfds:NAME of a set of your own with `source` and `target` (TFDS has no pronouncing
dictionary). In dictionaries without official splits the first byte of a word's SHA-1 decides: below 13 test, below 26
validation.

Seen on the CMU Pronouncing Dictionary, 2 CPU cores: phoneme error 0.072, word error 0.303 on test, after 12 epochs;
25 minutes beside other work.
Yao & Zweig 2015, arXiv:1506.00196; Toshniwal & Livescu 2016, arXiv:1610.06540.
"""

from collections.abc import Sequence
from pathlib import Path

import keras

from zoo.data.readers import pronunciations as dictionary
from zoo.data.splits import Splits
from zoo.data.synthetic import pronunciations
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.recipes.common import generation_metrics
from zoo.recipes.common.pair_sources import pairs
from zoo.recipes.common.rewards import TEXT_REWARDS
from zoo.recipes.common.transformers import QUICK as QUICK_TRANSFORMER
from zoo.training.metrics import text_metrics

MODELS = {
    "recurrent": (
        "encoder_decoder",
        {"attention": "general", "embedding_size": 64, "dropout": 0.2, "label_smoothing": 0.1},
    ),
    "transformer": ("transformer", {"units": 128, "dropout": 0.1, "label_smoothing": 0.1}),
}
OPTIMIZERS = {
    "recurrent": {"learning_rate": 3e-3, "schedule": "cosine"},
    "transformer": {"learning_rate": 2e-3, "schedule": "cosine", "warmup_steps": 1000},
}
FIT = {"epochs": 12, "patience": 5, "monitor": "val_word_error", "batch_size": 128}
QUICK = {
    "examples": 4000,
    "epochs": 5,
    "units": 64,
    "embedding_size": 32,
    "dropout": 0.0,
    "batch_size": 64,
    "learning_rate": 1e-2,
    "transformer": QUICK_TRANSFORMER,
}
REWARDS = TEXT_REWARDS
# Beside it the published folder has files of symbols, phones and punctuation.
DICTIONARIES = r"^cmudict(\.dict|-0\.7b)(\.gz)?$"
# Features of sets of TFDS: one's own.
TFDS = (("source", "target"),)
# Validation words that are spoken after every epoch.
DECODED = 1000
# No word has more phonemes than so many.
LONGEST = 40


def data(
    *,
    data: str = "synthetic",
    language: str | None = None,
    stress: bool = False,
    encoding: str = "utf-8",
    examples: int = 20_000,
    seed: int = 0,
) -> dict[str, list]:
    """Words with their phonemes.

    Args:
        data: synthetic, a path, or tfds:NAME of a set of your own.
        language: of a folder with the files of several languages, as they are named: fre.
        stress: phonemes with the digit that marks stress (of CMUdict's format only).
        encoding: of a dictionary.
        examples: how many words to generate (synthetic only).
        seed: of generation.
    """
    if data == "synthetic":
        # Short words are drawn more than once: split by word, as the dictionary is.
        drawn = {pair["source"]: pair["target"] for pair in pronunciations.generate(examples, seed=seed)}
        return dictionary.split(
            [{"source": word, "target": phonemes, "group": word} for word, phonemes in drawn.items()]
        )
    return pairs(
        data,
        synthetic=list,
        formats=dictionary.formats(stress=stress, encoding=encoding),
        split=dictionary.split,
        validation=_validation,
        group=language,
        option="--language",
        prefer=DICTIONARIES,
        tfds=TFDS,
    )


def vocabularies(raw) -> dict:
    """Letters and phonemes."""
    return {
        "source": Vocabulary.build((pair["source"] for pair in raw["train"]), level="character"),
        "target": Vocabulary.build(pair["target"] for pair in raw["train"]),
    }


def _validation(train: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Validation out of training, by word."""
    parts = dictionary.split(train)
    return {"train": parts["train"] + parts["test"], "validation": parts["validation"]}


def pronunciations_of(examples: Sequence[dict[str, str]]) -> dict[str, list[str]]:
    """All pronunciations of each word."""
    words: dict[str, list[str]] = {}
    for example in examples:
        words.setdefault(example["source"], []).append(example["target"])
    return words


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Errors of a part of validation, decoded greedily."""
    words = dict(list(pronunciations_of(splits.raw["validation"]).items())[:DECODED])
    examples, metrics = [{"source": word} for word in words], {"word_error": text_metrics.word_error}
    references = list(words.values())
    return [generation_metrics.decoded_metrics(model, splits, examples, references, metrics, maximum_length=LONGEST)]


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "attention": hp.Choice("attention", ["dot", "general", "additive"]),
        "units": hp.Int("units", 128, 512, step=64),
        "layers": hp.Int("layers", 1, 2),
        "dropout": hp.Float("dropout", 0.0, 0.5, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 4e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Errors in phonemes and words of beam search with 5 beams, each word once, the nearest of its pronunciations.

    Beside them the word error of greedy, and nats and perplexity a phoneme, over every pronunciation.
    """
    words = pronunciations_of(splits.raw[split])
    references = list(words.values())
    beam = _decode(model, splits, list(words), decoder="beam_search", beam_width=5)
    greedy = _decode(model, splits, list(words), decoder="greedy")
    return {
        "phoneme_error": text_metrics.token_error(beam, references),
        "word_error": text_metrics.word_error(beam, references),
        "greedy_word_error": text_metrics.word_error(greedy, references),
        **generation_metrics.likelihood(model, splits[split]),
    }


def _decode(model, splits, words, **decoding) -> list[str]:
    examples = [{"source": word} for word in words]
    return generation_metrics.decode_texts(model, splits, examples, maximum_length=LONGEST, **decoding)


def plot(model, splits: Splits, folder: Path) -> None:
    """At which letters the model looked for each phoneme of some test words."""
    generation_metrics.plot_test_alignments(model, splits, folder / "alignments.png", maximum_length=LONGEST)
