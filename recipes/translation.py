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

from pathlib import Path

import keras

import zoo
from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.splits import Splits
from zoo.data.synthetic import translations
from zoo.data.tfds import DataSet
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments import transformers
from zoo.experiments.optimizers import compile_generator, smaller_steps
from zoo.recipes.common import generation_metrics, objectives, word_vectors
from zoo.recipes.common.pair_sources import pairs
from zoo.recipes.common.tfds_sources import PREFIX
from zoo.training.callbacks.averaged_weights import AveragedWeights
from zoo.training.metrics import text_metrics

EPOCHS = 10
PATIENCE = 4
MONITOR = "val_nats"
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
}
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
    level: str = "subword",
    vocabulary_size: int = 5000,
    tokens: int = 4000,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Pairs of sentences.

    Args:
        data: synthetic, a path, or tfds:ted_hrlr_translate/pt_to_en.
        source_language: ending of the source's files, or the feature of a TFDS set; none: en, or the set's own.
        target_language: of the target's; none: de, or the set's own.
        test_set: part of the name of the files for testing, where a folder has several (2017_flickr, 2018 ...); none:
            Multi30k's of 2016.
        examples: how many pairs to generate (synthetic only).
        level: subword, word or character: what tokens are.
        vocabulary_size: at most so many tokens on each side.
        tokens: a budget: of each batch, source and target tokens together, padding included.
        seed: of generation and shuffling.
        vocabularies: those of a trained model; made from the training pairs if None.
    """
    own = DataSet(data).translates if data.startswith(PREFIX) else None
    source, target = own or ("en", "de")
    languages = (source_language or source, target_language or target)
    raw = pairs(
        data,
        synthetic=lambda: translations.generate(examples, seed=seed),
        tfds=(languages, *TFDS),
        languages=languages,
        test_set=test_set,
    )
    if vocabularies is None:
        vocabularies = {
            side: Vocabulary.build((pair[side] for pair in raw["train"]), level=level, size=vocabulary_size)
            for side in ("source", "target")
        }
    return make_generation_splits(raw, vocabularies, tokens=tokens, seed=seed)


@transformers.beside(
    transformers.encoder_decoder,
    layers=3,
    heads=4,
    dropout=0.2,
    tied=True,
    learning_rate=1e-3,
    warmup_steps=1000,
    decay_epochs=EPOCHS,
)
@word_vectors.initialized("source", "source_embedding")
def model(
    splits: Splits,
    *,
    attention: str | None = "general",
    attention_style: str = "luong",
    input_feeding: bool = False,
    heads: int = 1,
    conditioning: str = "initial_state",
    cell: str = "lstm",
    units: int = 256,
    layers: int = 1,
    encoder: str = "bidirectional",
    embedding_size: int = 256,
    dropout: float = 0.3,
    tied: bool = False,
    label_smoothing: float = 0.1,
    penalty: str | None = None,
    penalty_weight: float = 1.0,
    penalty_begin: int = 1000,
    penalty_end: int = 2000,
    learning_rate: float = 2e-3,
) -> keras.Model:
    """An encoder-decoder, compiled.

    Args:
        attention: dot, scaled_dot, cosine, general, additive or location; None for one summary of all.
        attention_style: luong (attend after the recurrent step) or bahdanau (before it).
        input_feeding: what was said enters the next step (luong).
        heads: of attention.
        conditioning: without attention, initial_state, every_step or both.
        cell: a name of zoo.cells.CELLS.
        units: width of the decoder, and of the encoder's directions together.
        layers: recurrent layers on each side.
        encoder: bidirectional, forward, backward or pyramid.
        embedding_size: width of a token's vector.
        dropout: rate on vectors and outputs.
        tied: embedding and read-out of the target share a matrix.
        label_smoothing: share of a target's mass that is spread over all tokens that can be written.
        penalty: on where attention looks, added to the loss: doubly_stochastic, coverage or entropy.
        penalty_weight: of it.
        penalty_begin: updates before any of it counts.
        penalty_end: updates after which all of it does.
        learning_rate: of Adam; halved when validation gets no better.
    """
    model = zoo.build(
        "encoder_decoder",
        source_vocabulary_size=len(splits.vocabularies["source"]),
        target_vocabulary_size=len(splits.vocabularies["target"]),
        attention=attention,
        attention_style=attention_style,
        input_feeding=input_feeding,
        heads=heads,
        conditioning=conditioning,
        cell=cell,
        units=units,
        layers=layers,
        encoder=encoder,
        embedding_size=embedding_size,
        dropout=dropout,
        tied=tied,
        label_smoothing=label_smoothing,
        penalties=None if penalty is None else {penalty: penalty_weight},
        penalty_ramp=(penalty_begin, penalty_end),
    )
    return compile_generator(model, learning_rate)


regime = objectives.of_texts


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Averaged weights, BLEU of a part of validation decoded greedily, smaller steps on a plateau."""
    some = splits.raw["validation"][:DECODED]
    bleu = generation_metrics.watch(model, splits, some, [pair["target"] for pair in some], {"bleu": text_metrics.bleu})
    return [AveragedWeights(3), bleu, *smaller_steps(model, MONITOR)]


def space(hp) -> dict:
    """What a search varies."""
    return {
        "attention": hp.Choice("attention", ["dot", "general", "additive"]),
        "attention_style": hp.Choice("attention_style", ["luong", "bahdanau"]),
        "units": hp.Int("units", 128, 512, step=64),
        "dropout": hp.Float("dropout", 0.1, 0.5, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 4e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """BLEU (sacrebleu) of beam search with 5 beams and of greedy, nats and perplexity a token, and how uneven attention
    is: the mean squared distance from 1 of what each source token receives.
    """
    examples = splits.raw[split]
    references = [pair["target"] for pair in examples]
    greedy = generation_metrics.write(model, splits, examples, decoder="greedy")
    beam = generation_metrics.write(model, splits, examples, decoder="beam_search", beam_width=5, length_penalty=0.6)
    return {
        "bleu": text_metrics.bleu(beam, references),
        "greedy_bleu": text_metrics.bleu(greedy, references),
        **generation_metrics.likelihood(model, getattr(splits, split)),
        **generation_metrics.unevenness(model, getattr(splits, split)),
    }


def pictures(model, splits: Splits, folder: Path) -> None:
    """Where the model looked for each word of some test sentences."""
    generation_metrics.picture_alignments(model, splits, folder / "alignments.png")


if __name__ == "__main__":
    from zoo.cli.main import run_recipe

    run_recipe("translation")
