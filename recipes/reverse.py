"""Writes strings backwards: the plainest test of an encoder-decoder, at the lengths it knows and at longer ones.

    zoo train reverse --out runs/reverse
    zoo train reverse --attention none --out runs/reverse_one_code

Nothing can be answered before all is read: without attention the whole string has to fit into one vector, and with it
the decoder has to learn to look from the end to the beginning. What holds at the trained lengths need not hold beyond
them: strings of up to half as many letters more are tested, too.
Data: `synthetic` is the task itself; tfds:NAME of a set with `source` and `target`, such as tfds:zoo_reverse (TFDS has
no public one).

Seen with --quick, strings of 2 to 5 letters, 2 CPU cores: 0.997 exact, 0.03 of longer ones; 17 seconds.
Sutskever et al. 2014, arXiv:1409.3215; Grefenstette et al. 2015, arXiv:1506.02516 (transduction tasks).
"""

from pathlib import Path

import keras

import zoo
from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.splits import Splits, split_by_index
from zoo.data.synthetic import reversal
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments import transformers
from zoo.experiments.optimizers import compile_generator, smaller_steps
from zoo.recipes.common import generation_metrics, objectives
from zoo.recipes.common.pair_sources import pairs
from zoo.recipes.common.tfds_sources import PREFIX
from zoo.training.metrics import text_metrics

EPOCHS = 15
PATIENCE = 4
MONITOR = "val_exact"
QUICK = {"examples": 4000, "length": 5, "minimum_length": 2, "epochs": 5, "units": 64, "learning_rate": 1e-2}
# Features of sets of TFDS: the generated one's.
TFDS = (("source", "target"),)
# Strings that are decoded after every epoch, and longer ones at the end.
DECODED = 500


def data(
    *,
    data: str = "synthetic",
    length: int = 12,
    minimum_length: int = 4,
    examples: int = 20_000,
    batch_size: int = 64,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Strings of letters and the same backwards.

    Args:
        data: synthetic, as the task is generated, or tfds:zoo_reverse.
        length: letters of the longest string.
        minimum_length: of the shortest.
        examples: how many to generate, split 8 : 1 : 1.
        batch_size: strings a step.
        seed: of generation and shuffling.
        vocabularies: those of a trained model; made from the training strings if None.
    """
    if data.startswith(PREFIX):
        raw = pairs(data, synthetic=list, tfds=TFDS)
    elif data == "synthetic":
        # Short strings are drawn more than once: none is in two splits.
        drawn = reversal.generate(examples, length=length, minimum_length=minimum_length, seed=seed)
        raw = split_by_index(list({pair["source"]: pair for pair in drawn}.values()))
    else:
        raise ValueError(f"reverse generates its data: --data synthetic, or tfds:zoo_reverse. Received: {data!r}")
    if vocabularies is None:
        letters = Vocabulary.build((pair["source"] for pair in raw["train"]), level="character")
        vocabularies = {"source": letters, "target": letters}
    return make_generation_splits(raw, vocabularies, batch_size=batch_size, seed=seed)


@transformers.beside(transformers.encoder_decoder, layers=2, learning_rate=1e-3, decay_epochs=EPOCHS)
def model(
    splits: Splits,
    *,
    attention: str | None = "general",
    attention_style: str = "luong",
    conditioning: str = "initial_state",
    cell: str = "lstm",
    units: int = 128,
    layers: int = 1,
    encoder: str = "bidirectional",
    embedding_size: int = 64,
    dropout: float = 0.0,
    learning_rate: float = 3e-3,
) -> keras.Model:
    """An encoder-decoder over letters, compiled.

    Args:
        attention: dot, scaled_dot, cosine, general, additive or location; none for one summary of all.
        attention_style: luong (attend after the recurrent step) or bahdanau (before it).
        conditioning: without attention, initial_state, every_step or both.
        cell: a name of zoo.cells.CELLS.
        units: width of the decoder, and of the encoder's directions together.
        layers: recurrent layers on each side.
        encoder: bidirectional, forward, backward or pyramid.
        embedding_size: width of a letter's vector.
        dropout: rate on vectors and outputs.
        learning_rate: of Adam; halved when validation gets no better.
    """
    model = zoo.build(
        "encoder_decoder",
        source_vocabulary_size=len(splits.vocabularies["source"]),
        target_vocabulary_size=len(splits.vocabularies["target"]),
        attention=attention,
        attention_style=attention_style,
        conditioning=conditioning,
        cell=cell,
        units=units,
        layers=layers,
        encoder=encoder,
        embedding_size=embedding_size,
        dropout=dropout,
    )
    return compile_generator(model, learning_rate)


regime = objectives.of_texts


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Exact outputs of a part of validation, decoded greedily; smaller steps on a plateau."""
    some = splits.raw["validation"][:DECODED]
    exact = generation_metrics.watch(
        model, splits, some, [pair["target"] for pair in some], {"exact": text_metrics.exact}
    )
    return [exact, *smaller_steps(model, "val_nats", patience=2)]


def space(hp) -> dict:
    """What a search varies."""
    return {
        "attention": hp.Choice("attention", ["dot", "general", "additive", "location"]),
        "attention_style": hp.Choice("attention_style", ["luong", "bahdanau"]),
        "cell": hp.Choice("cell", ["lstm", "gru", "elman"]),
        "units": hp.Int("units", 32, 256, step=32),
        "learning_rate": hp.Float("learning_rate", 5e-4, 1e-2, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Share of the strings that are right to the last letter, of the trained lengths and longer; nats a letter."""
    return {
        "exact": _exact(model, splits, splits.raw[split]),
        "longer_exact": _exact(model, splits, longer(splits)),
        **generation_metrics.likelihood(model, getattr(splits, split)),
    }


def longer(splits: Splits) -> list[dict[str, str]]:
    """Strings longer than any in training, by half at most."""
    length = max(len(pair["source"]) for pair in splits.raw["train"])
    return reversal.generate(DECODED, length=max(length + 1, length * 3 // 2), minimum_length=length + 1, seed=1)


def _exact(model, splits, examples) -> float:
    said = generation_metrics.write(model, splits, examples, decoder="greedy")
    return text_metrics.exact(said, [pair["target"] for pair in examples])


def pictures(model, splits: Splits, folder: Path) -> None:
    """Where the model looked for each letter of some test strings."""
    generation_metrics.picture_alignments(model, splits, folder / "alignments.png")


if __name__ == "__main__":
    from zoo.cli.main import run_recipe

    run_recipe("reverse")
