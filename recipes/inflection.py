"""Inflects words: "nähren V;PST;3;SG" is to become "nährte", letter by letter, most of them copied.

    zoo train inflection --data verb_inflection --language german --out runs/inflection
    zoo train inflection --data verb_inflection --language german --copying none --out runs/inflection_no_copying

There are few words to learn from and none of them is tested: what stays the same has to be carried over, letters that
are rare or new among it. --copying none is the same model without copying, to compare.

Data: `synthetic` (verbs of an invented language); UniMorph's files, plain or .gz, `lemma<TAB>form<TAB>features` a line,
or a folder of them, one a language (german.tsv.gz) or one for each of its splits, as SIGMORPHON has them
(german-train-high, german-dev; deu.trn, deu.dev, deu.tst); a table or JSON lines with `source` ("nähren V;PST;3;SG":
the features, joined by `;`, stand behind the last blank) and `target`; tfds:NAME of a set of your own with these
features (TFDS has no inflections). Without official splits all are split by lemma, numbered as they first appear:
number mod 10 is 0 test, 1 validation.

Seen, German, one seed, 5 minutes beside other work on 2 CPU cores: 0.697 exact on the ten lemmas of the test, 0.945 on
those of validation; without copying 0.424 and 0.162.
Cotterell et al. 2017, arXiv:1706.09031 (the task); See et al. 2017, arXiv:1704.04368.
"""

from dataclasses import replace
from pathlib import Path

import keras

from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.readers import inflections as tables
from zoo.data.readers.formats import Format, read_any
from zoo.data.reading_limit import sample, sample_splits
from zoo.data.splits import Splits
from zoo.data.synthetic import inflections
from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.recipes.common import generation_metrics
from zoo.recipes.common.rewards import TEXT_REWARDS
from zoo.recipes.common.sources import column_formats, complete_splits, require_path
from zoo.recipes.common.split_files import find_split_files, read_files
from zoo.recipes.common.tfds_sources import PREFIX, from_tfds
from zoo.training.metrics import text_metrics

MODELS = {
    "recurrent": (
        "encoder_decoder",
        {
            "copying": "pointer_generator",
            "attention": "location",
            "input_feeding": True,
            "units": 128,
            "embedding_size": 64,
            "dropout": 0.3,
        },
    )
}
OPTIMIZERS = {
    "recurrent": {"learning_rate": 2e-3, "schedule": "plateau", "plateau_monitor": "val_nats", "plateau_patience": 2}
}
FIT = {"epochs": 40, "patience": 8, "monitor": "val_exact"}
QUICK = {
    "examples": 2300,
    "epochs": 4,
    "units": 64,
    "embedding_size": 32,
    "dropout": 0.0,
    "learning_rate": 1e-2,
}
REWARDS = TEXT_REWARDS
# Of several languages, where none is named.
DEFAULT = "german"
# Of the training sets of SIGMORPHON 2017 and 2018; low and medium are parts of it.
LARGEST = "-train-high"
# Features of sets of TFDS: one's own.
TFDS = (("source", "target"),)
# Validation forms that are decoded after every epoch.
DECODED = 500
# No form has more letters than so many.
LONGEST = 60


def data(
    *, data: str = "synthetic", language: str | None = None, examples: int = 11_500, seed: int = 0
) -> dict[str, list]:
    """Lemmas with features, and their forms.

    Args:
        data: synthetic, a path, or tfds:NAME of a set of your own.
        language: of a folder with the files of several languages, as they are named; none: german, or the only one.
        examples: how many forms to generate (synthetic only).
        seed: of generation.
    """
    if data.startswith(PREFIX):
        return from_tfds(data, TFDS, each=_form, split=tables.split_by_lemma)
    if data == "synthetic":
        return tables.split_by_lemma(inflections.generate(examples, seed=seed))
    return _read(require_path(data), language)


def vocabularies(raw, *, copying: str | None = "pointer_generator") -> dict:
    """Letters and features; without copying the vocabulary of the target is closed."""
    target = Vocabulary if copying is None else CopyVocabulary
    return {
        "source": Vocabulary.build((form["source"] for form in raw["train"]), level="tagged"),
        "target": target.build((form["target"] for form in raw["train"]), level="character"),
    }


def batches(raw, vocabularies, *, batch_size: int = 32, seed: int = 0) -> Splits:
    """Batches of few lengths.

    Args:
        batch_size: forms of a step.
        seed: of shuffling.
    """
    return make_generation_splits(raw, vocabularies, batch_size=batch_size, buckets=4, seed=seed)


def _read(path: Path, language: str | None) -> dict[str, list[dict[str, str]]]:
    """UniMorph's file, those of a folder, or a person's own in a plain format, by split."""
    known = [*map(_of_forms, column_formats([("source", "target")])), tables.FORMAT]
    if path.is_file():
        return tables.split_by_lemma(sample(read_any(path, known)))
    if language is None and any(file.name.startswith(DEFAULT) for file in path.iterdir()):
        language = DEFAULT
    parts = read_files(find_split_files(path, known, group=language, option="--language", prefer=LARGEST))
    if len(parts) == 1:
        (forms,) = parts.values()
        return tables.split_by_lemma(sample(forms))
    return complete_splits(path, sample_splits(parts), validation=_validation)


def _of_forms(format: Format) -> Format:
    return replace(format, read=lambda path: [_form(source, target) for source, target in format.read(path)])


def _validation(train: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Validation out of training, by lemma."""
    parts = tables.split_by_lemma(train)
    return {"train": parts["train"] + parts["test"], "validation": parts["validation"]}


def _form(source: str, target: str) -> dict[str, str]:
    return {"source": source, "target": target, "lemma": source.rpartition(" ")[0]}


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Exact forms of a part of validation, decoded greedily."""
    examples = splits.raw["validation"][:DECODED]
    references, metrics = [form["target"] for form in examples], {"exact": text_metrics.exact}
    return [generation_metrics.decoded_metrics(model, splits, examples, references, metrics, maximum_length=LONGEST)]


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "attention": hp.Choice("attention", ["additive", "location"]),
        "units": hp.Int("units", 64, 320, step=64),
        "embedding_size": hp.Int("embedding_size", 32, 128, step=32),
        "dropout": hp.Float("dropout", 0.0, 0.5, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 5e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Share of forms that are right to the last letter, and edits a letter, decoded greedily; nats a letter."""
    examples = splits.raw[split]
    references = [form["target"] for form in examples]
    outputs = generation_metrics.decode_texts(model, splits, examples, decoder="greedy", maximum_length=LONGEST)
    return {
        "exact": text_metrics.exact(outputs, references),
        "character_error": text_metrics.character_error(outputs, references),
        **generation_metrics.likelihood(model, splits[split]),
    }


def baseline(splits: Splits) -> dict[str, float]:
    """The lemma as it stands."""
    examples = splits.raw["test"]
    lemmas, references = [form["lemma"] for form in examples], [form["target"] for form in examples]
    return {
        "exact": text_metrics.exact(lemmas, references),
        "character_error": text_metrics.character_error(lemmas, references),
    }


def plot(model, splits: Splits, folder: Path) -> None:
    """Plot the attention for each letter of some test forms, and the copied letters."""
    generation_metrics.plot_test_copying(model, splits, folder, maximum_length=LONGEST)
