"""How is a word spoken? From letters to phonemes, by an encoder-decoder with attention and beam search.

    zoo train pronunciation --data cmudict --out runs/pronunciation

A word with several pronunciations trains with each of them, and is tested once: whichever of them is said is right.
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

import zoo
from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.readers import pronunciations as dictionary
from zoo.data.splits import Splits
from zoo.data.synthetic import pronunciations
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments import transformers
from zoo.experiments.optimizers import compile_generator
from zoo.recipes.common import generation_metrics, objectives
from zoo.recipes.common.pair_sources import pairs
from zoo.training.metrics import text_metrics

EPOCHS = 12
PATIENCE = 5
MONITOR = "val_word_error"
QUICK = {
    "examples": 4000,
    "epochs": 5,
    "units": 64,
    "embedding_size": 32,
    "dropout": 0.0,
    "batch_size": 64,
    "learning_rate": 1e-2,
}
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
    batch_size: int = 128,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Words with their phonemes.

    Args:
        data: synthetic, a path, or tfds:NAME of a set of your own.
        language: of a folder with the files of several languages, as they are named: fre.
        stress: phonemes with the digit that marks stress (of CMUdict's format only).
        encoding: of a dictionary.
        examples: how many words to generate (synthetic only).
        batch_size: words a step.
        seed: of generation and shuffling.
        vocabularies: those of a trained model; made from the training words if None.
    """
    if data == "synthetic":
        # Short words are drawn more than once: split by word, as the dictionary is.
        drawn = {pair["source"]: pair["target"] for pair in pronunciations.generate(examples, seed=seed)}
        raw = dictionary.split([{"source": word, "target": said, "group": word} for word, said in drawn.items()])
    else:
        raw = pairs(
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
    if vocabularies is None:
        vocabularies = {
            "source": Vocabulary.build((pair["source"] for pair in raw["train"]), level="character"),
            "target": Vocabulary.build(pair["target"] for pair in raw["train"]),
        }
    return make_generation_splits(raw, vocabularies, batch_size=batch_size, seed=seed)


def _validation(train: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Validation out of training, by word."""
    parts = dictionary.split(train)
    return {"train": parts["train"] + parts["test"], "validation": parts["validation"]}


@transformers.beside(
    transformers.encoder_decoder, units=128, layers=3, dropout=0.1, learning_rate=2e-3, warmup_steps=1000
)
def model(
    splits: Splits,
    *,
    attention: str | None = "general",
    attention_style: str = "luong",
    input_feeding: bool = False,
    conditioning: str = "initial_state",
    cell: str = "lstm",
    units: int = 256,
    layers: int = 1,
    encoder: str = "bidirectional",
    embedding_size: int = 64,
    dropout: float = 0.2,
    label_smoothing: float = 0.1,
    learning_rate: float = 3e-3,
    decay_epochs: int = EPOCHS,
) -> keras.Model:
    """An encoder-decoder from letters to phonemes, compiled.

    Args:
        attention: dot, scaled_dot, cosine, general, additive or location; none for one summary of all.
        attention_style: luong (attend after the recurrent step) or bahdanau (before it).
        input_feeding: what was said enters the next step (luong).
        conditioning: without attention, initial_state, every_step or both.
        cell: a name of zoo.cells.CELLS.
        units: width of the decoder, and of the encoder's directions together.
        layers: recurrent layers on each side.
        encoder: bidirectional, forward, backward or pyramid.
        embedding_size: width of a letter's or phoneme's vector.
        dropout: rate on vectors and outputs.
        label_smoothing: share of a target's mass that is spread over all phonemes.
        learning_rate: of Adam, at the beginning.
        decay_epochs: epochs in which the learning rate falls to 0 along a cosine: those of the training; 0: it stays.
    """
    model = zoo.build(
        "encoder_decoder",
        source_vocabulary_size=len(splits.vocabularies["source"]),
        target_vocabulary_size=len(splits.vocabularies["target"]),
        attention=attention,
        attention_style=attention_style,
        input_feeding=input_feeding,
        conditioning=conditioning,
        cell=cell,
        units=units,
        layers=layers,
        encoder=encoder,
        embedding_size=embedding_size,
        dropout=dropout,
        label_smoothing=label_smoothing,
    )
    schedule = "cosine" if decay_epochs else "constant"
    return compile_generator(model, learning_rate, schedule=schedule, decay_steps=decay_epochs * len(splits.train))


def spoken(examples: Sequence[dict[str, str]]) -> dict[str, list[str]]:
    """All pronunciations of each word."""
    words: dict[str, list[str]] = {}
    for example in examples:
        words.setdefault(example["source"], []).append(example["target"])
    return words


regime = objectives.of_texts


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Errors of a part of validation, decoded greedily."""
    words = dict(list(spoken(splits.raw["validation"]).items())[:DECODED])
    some, errors = [{"source": word} for word in words], {"word_error": text_metrics.word_error}
    return [generation_metrics.watch(model, splits, some, list(words.values()), errors, maximum_length=LONGEST)]


def space(hp) -> dict:
    """What a search varies."""
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
    words = spoken(splits.raw[split])
    references = list(words.values())
    beam = _say(model, splits, list(words), decoder="beam_search", beam_width=5)
    greedy = _say(model, splits, list(words), decoder="greedy")
    return {
        "phoneme_error": text_metrics.token_error(beam, references),
        "word_error": text_metrics.word_error(beam, references),
        "greedy_word_error": text_metrics.word_error(greedy, references),
        **generation_metrics.likelihood(model, getattr(splits, split)),
    }


def _say(model, splits, words, **decoding) -> list[str]:
    return generation_metrics.write(
        model, splits, [{"source": word} for word in words], maximum_length=LONGEST, **decoding
    )


def pictures(model, splits: Splits, folder: Path) -> None:
    """At which letters the model looked for each phoneme of some test words."""
    generation_metrics.picture_alignments(model, splits, folder / "alignments.png", maximum_length=LONGEST)


if __name__ == "__main__":
    from zoo.cli.main import run_recipe

    run_recipe("pronunciation")
