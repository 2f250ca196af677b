"""Counts on: "start 17 step 3" is to become 17 20 23 ..., learned from counters of which some numbers are wrong.

    zoo train counting --out runs/counting

A model that is only ever fed the numbers of the data, and then runs freely, has to live with its own mistakes (exposure
bias): who goes on from the number before is wrong from the first mistake on, who keeps count is not. So what it says by
itself is measured, against the counter that nothing disturbs: the likeliest numbers, and numbers that are drawn. Of
those a tenth is wrong in the data already, and who draws as the data are is as often wrong as they are.

Data: `synthetic` is the task itself; tfds:NAME of a set with `source` and `target`, such as tfds:zoo_counting (TFDS has
no public one).

Seen with --noise 0.02 --units 64, one seed: of 50 numbers drawn freely 0.471 wrong after 30 epochs by the truth, 0.373
where the last 22 of them fed the model more and more of its own (--init-from, --scheduled-sampling linear, see
RESULTS.md). Bengio et al. 2015, arXiv:1506.03099; Ranzato et al. 2016, arXiv:1511.06732.
"""

from collections.abc import Sequence

import keras

from zoo.data.splits import Splits, split_by_index
from zoo.data.synthetic import counters
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.recipes.common import generation_metrics
from zoo.recipes.common.pair_sources import pairs
from zoo.recipes.common.rewards import TEXT_REWARDS
from zoo.recipes.common.tfds_sources import PREFIX

MODELS = {
    "recurrent": (
        "encoder_decoder",
        {"attention": None, "conditioning": "both", "units": 128, "embedding_size": 64},
    )
}
OPTIMIZERS = {"recurrent": {"learning_rate": 3e-3, "schedule": "plateau"}}
FIT = {"epochs": 20, "patience": 5, "monitor": "val_nats"}
QUICK = {"examples": 1500, "length": 20, "epochs": 10, "units": 64, "embedding_size": 32, "learning_rate": 1e-2}
REWARDS = TEXT_REWARDS
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
    seed: int = 0,
) -> dict[str, list]:
    """Counters with some wrong numbers.

    Args:
        data: synthetic, as the task is generated, or tfds:zoo_counting.
        length: numbers of every counter.
        noise: share of the numbers that are drawn anew.
        largest_step: steps are 1 to this.
        examples: how many to generate, split 8 : 1 : 1.
        seed: of generation.
    """
    if data.startswith(PREFIX):
        return pairs(data, synthetic=list, tfds=TFDS)
    if data != "synthetic":
        raise ValueError(f"counting generates its data: --data synthetic, or tfds:zoo_counting. Received: {data!r}")
    drawn = counters.generate(examples, length=length, noise=noise, largest_step=largest_step, seed=seed)
    return split_by_index(drawn)


def vocabularies(raw) -> dict:
    """Words of the source, and numbers."""
    return {side: Vocabulary.build(pair[side] for pair in raw["train"]) for side in ("source", "target")}


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Wrong numbers of a part of validation, decoded greedily."""
    examples = splits.raw["validation"][:DECODED]
    references, metrics = undisturbed(examples), {"free_running_error": wrong_numbers}
    return [generation_metrics.decoded_metrics(model, splits, examples, references, metrics, maximum_length=JUDGED)]


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
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
    targets = [counters.truth(example["source"], length) for example, length in zip(examples, lengths, strict=True)]
    return [" ".join(map(str, numbers)) for numbers in targets]


def wrong_numbers(outputs: Sequence[str], references: Sequence[str]) -> float:
    """Share of the places of the references at which another number was outputs, or none."""
    wrong = total = 0
    for text, reference in zip(outputs, references, strict=True):
        numbers, right = text.split(), reference.split()
        total += len(right)
        wrong += len(right) - sum(map(str.__eq__, numbers, right))
    return wrong / total


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Share of wrong numbers in free-running outputs, greedy and sampled; nats and perplexity a number."""
    examples = splits.raw[split]
    right = undisturbed(examples)
    likeliest = generation_metrics.decode_texts(model, splits, examples, decoder="greedy", maximum_length=JUDGED)
    drawn = generation_metrics.decode_texts(model, splits, examples, decoder="sampling", seed=0, maximum_length=JUDGED)
    return {
        "free_running_error": wrong_numbers(likeliest, right),
        "sampled_error": wrong_numbers(drawn, right),
        **generation_metrics.likelihood(model, splits[split]),
    }


def baseline(splits: Splits) -> dict[str, float]:
    """Share of wrong numbers in the data."""
    examples = splits.raw["test"]
    return {"sampled_error": wrong_numbers([example["target"] for example in examples], undisturbed(examples))}
