"""Counts on: "start 17 step 3" is to become 17 20 23 ..., learned from counters of which some numbers are wrong.

    zoo train counting --out runs/counting

A model that is only ever fed the numbers of the data, and then runs freely, has to live with its own mistakes (exposure
bias): who goes on from the number before is wrong from the first mistake on, who keeps count is not. So what it says by
itself is measured, against the counter that nothing disturbs: the likeliest numbers, and numbers that are drawn. Of
those a tenth is wrong in the data already, and who draws as the data are is as often wrong as they are.

Data: `synthetic` is the task itself; tfds:NAME of a set with `source` and `target`, such as tfds:zoo_counting (TFDS has
no public one).

Seen with --noise 0.02 --units 64, one seed: of 50 numbers drawn freely 0.471 wrong after 30 epochs by the truth, 0.373
where the last 22 of them fed the model more and more of its own (--start, --feeding linear, see RESULTS.md).
Bengio et al. 2015, arXiv:1506.03099; Ranzato et al. 2016, arXiv:1511.06732.
"""

from collections.abc import Sequence

import keras

import zoo
from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.splits import Splits, split_by_index
from zoo.data.synthetic import counters
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments.optimizers import compile_generator, reduce_on_plateau
from zoo.recipes.common import generation_metrics, objectives
from zoo.recipes.common.pair_sources import pairs
from zoo.recipes.common.tfds_sources import PREFIX

EPOCHS = 20
PATIENCE = 5
MONITOR = "val_nats"
QUICK = {"examples": 1500, "length": 20, "epochs": 10, "units": 64, "embedding_size": 32, "learning_rate": 1e-2}
# Features of sets of TFDS: the generated one's.
TFDS = (("source", "target"),)
# Numbers of an output that are judged, and validation counters that are decoded after every epoch.
JUDGED, DECODED = 50, 200


def data(
    *,
    data: str = "synthetic",
    length: int = 50,
    noise: float = 0.1,
    largest_step: int = 9,
    examples: int = 5000,
    batch_size: int = 32,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Counters with some wrong numbers.

    Args:
        data: synthetic, as the task is generated, or tfds:zoo_counting.
        length: numbers of every counter.
        noise: share of the numbers that are drawn anew.
        largest_step: steps are 1 to this.
        examples: how many to generate, split 8 : 1 : 1.
        batch_size: counters a step.
        seed: of generation and shuffling.
        vocabularies: those of a trained model; made from the training counters if None.
    """
    if data.startswith(PREFIX):
        raw = pairs(data, synthetic=list, tfds=TFDS)
    elif data == "synthetic":
        drawn = counters.generate(examples, length=length, noise=noise, largest_step=largest_step, seed=seed)
        raw = split_by_index(drawn)
    else:
        raise ValueError(f"counting generates its data: --data synthetic, or tfds:zoo_counting. Received: {data!r}")
    if vocabularies is None:
        vocabularies = {side: Vocabulary.build(pair[side] for pair in raw["train"]) for side in ("source", "target")}
    return make_generation_splits(raw, vocabularies, batch_size=batch_size, seed=seed)


def model(
    splits: Splits,
    *,
    attention: str | None = None,
    conditioning: str = "both",
    cell: str = "lstm",
    units: int = 128,
    layers: int = 1,
    embedding_size: int = 64,
    dropout: float = 0.0,
    learning_rate: float = 3e-3,
) -> keras.Model:
    """An encoder-decoder from words to numbers, compiled.

    Args:
        attention: dot, general, additive or another; none for one summary of all.
        conditioning: without attention, initial_state, every_step or both.
        cell: a name of zoo.cells.CELLS.
        units: width of the decoder, and of the encoder's directions together.
        layers: recurrent layers on each side.
        embedding_size: width of a number's vector.
        dropout: rate on vectors and outputs.
        learning_rate: of Adam; halved when validation gets no better.
    """
    model = zoo.build(
        "encoder_decoder",
        source_vocabulary_size=len(splits.vocabularies["source"]),
        target_vocabulary_size=len(splits.vocabularies["target"]),
        attention=attention,
        conditioning=conditioning,
        cell=cell,
        units=units,
        layers=layers,
        embedding_size=embedding_size,
        dropout=dropout,
    )
    return compile_generator(model, learning_rate)


regime = objectives.of_texts


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Wrong numbers of a part of validation, counted freely; smaller steps on a plateau."""
    some = splits.raw["validation"][:DECODED]
    metrics = {"free_running_error": wrong_numbers}
    error = generation_metrics.watch(model, splits, some, undisturbed(some), metrics, maximum_length=JUDGED)
    return [error, reduce_on_plateau(model, MONITOR)]


def space(hp) -> dict:
    """What a search varies."""
    return {
        "conditioning": hp.Choice("conditioning", ["initial_state", "every_step", "both"]),
        "cell": hp.Choice("cell", ["lstm", "gru", "elman"]),
        "units": hp.Int("units", 32, 256, step=32),
        "dropout": hp.Float("dropout", 0.0, 0.4, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 1e-2, sampling="log"),
    }


def undisturbed(examples: Sequence[dict[str, str]]) -> list[str]:
    """The right numbers of every counter, as many as it has but 50 at most."""
    lengths = (min(JUDGED, len(example["target"].split())) for example in examples)
    found = [counters.truth(example["source"], length) for example, length in zip(examples, lengths, strict=True)]
    return [" ".join(map(str, numbers)) for numbers in found]


def wrong_numbers(said: Sequence[str], references: Sequence[str]) -> float:
    """Share of the places of the references at which another number was said, or none."""
    wrong = total = 0
    for text, reference in zip(said, references, strict=True):
        numbers, right = text.split(), reference.split()
        total += len(right)
        wrong += len(right) - sum(map(str.__eq__, numbers, right))
    return wrong / total


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Share of wrong numbers in what the model says by itself, likeliest and drawn; nats and perplexity a number."""
    examples = splits.raw[split]
    right = undisturbed(examples)
    likeliest = generation_metrics.write(model, splits, examples, decoder="greedy", maximum_length=JUDGED)
    drawn = generation_metrics.write(model, splits, examples, decoder="sampling", seed=0, maximum_length=JUDGED)
    return {
        "free_running_error": wrong_numbers(likeliest, right),
        "sampled_error": wrong_numbers(drawn, right),
        **generation_metrics.likelihood(model, getattr(splits, split)),
    }


def baseline(splits: Splits) -> dict[str, float]:
    """Share of wrong numbers in the data."""
    examples = splits.raw["test"]
    return {"sampled_error": wrong_numbers([example["target"] for example in examples], undisturbed(examples))}


if __name__ == "__main__":
    from zoo.cli.main import run_recipe

    run_recipe("counting")
