"""Writes strings backwards: the plainest test of an encoder-decoder, at the lengths it knows and at longer ones.

    zoo train reverse --out runs/reverse
    zoo train reverse --attention none --out runs/reverse_one_vector

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

from zoo.data.splits import Splits, split_by_index
from zoo.data.synthetic import reversal
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.recipes.common import generation_metrics
from zoo.recipes.common.pair_sources import pairs
from zoo.recipes.common.rewards import TEXT_REWARDS
from zoo.recipes.common.tfds_sources import PREFIX
from zoo.recipes.common.transformers import QUICK as QUICK_TRANSFORMER
from zoo.training.metrics import text_metrics

MODELS = {
    "recurrent": ("encoder_decoder", {"attention": "general", "units": 128, "embedding_size": 64}),
    "transformer": ("transformer", {"units": 128, "layers": 2}),
}
OPTIMIZERS = {
    "recurrent": {
        "learning_rate": 3e-3,
        "schedule": "plateau",
        "plateau_monitor": "val_nats",
        "plateau_patience": 2,
    },
    "transformer": {"schedule": "cosine", "warmup_steps": 500},
}
FIT = {"epochs": 15, "patience": 4, "monitor": "val_exact", "batch_size": 64}
QUICK = {
    "examples": 4000,
    "length": 5,
    "minimum_length": 2,
    "epochs": 5,
    "units": 64,
    "learning_rate": 1e-2,
    "transformer": QUICK_TRANSFORMER,
}
REWARDS = TEXT_REWARDS
# Features of sets of TFDS: the generated one's.
TFDS = (("source", "target"),)
# Strings that are decoded after every epoch, and longer ones at the end.
DECODED = 500


def data(
    *, data: str = "synthetic", length: int = 12, minimum_length: int = 4, examples: int = 20_000, seed: int = 0
) -> dict[str, list]:
    """Strings of letters and the same backwards.

    Args:
        data: synthetic, as the task is generated, or tfds:zoo_reverse.
        length: letters of the longest string.
        minimum_length: of the shortest.
        examples: how many to generate, split 8 : 1 : 1.
        seed: of generation.
    """
    if data.startswith(PREFIX):
        return pairs(data, synthetic=list, tfds=TFDS)
    if data != "synthetic":
        raise ValueError(f"reverse generates its data: --data synthetic, or tfds:zoo_reverse. Received: {data!r}")
    # Short strings are drawn more than once: none is in two splits.
    drawn = reversal.generate(examples, length=length, minimum_length=minimum_length, seed=seed)
    return split_by_index(list({pair["source"]: pair for pair in drawn}.values()))


def vocabularies(raw) -> dict:
    """Letters."""
    letters = Vocabulary.build((pair["source"] for pair in raw["train"]), level="character")
    return {"source": letters, "target": letters}


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Exact outputs of a part of validation, decoded greedily."""
    examples = splits.raw["validation"][:DECODED]
    references, metrics = [pair["target"] for pair in examples], {"exact": text_metrics.exact}
    return [generation_metrics.decoded_metrics(model, splits, examples, references, metrics)]


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
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
        **generation_metrics.likelihood(model, splits[split]),
    }


def longer(splits: Splits) -> list[dict[str, str]]:
    """Strings longer than any in training, by half at most."""
    length = max(len(pair["source"]) for pair in splits.raw["train"])
    return reversal.generate(DECODED, length=max(length + 1, length * 3 // 2), minimum_length=length + 1, seed=1)


def _exact(model, splits, examples) -> float:
    outputs = generation_metrics.decode_texts(model, splits, examples, decoder="greedy")
    return text_metrics.exact(outputs, [pair["target"] for pair in examples])


def plot(model, splits: Splits, folder: Path) -> None:
    """Plot the attention for each letter of some test strings."""
    generation_metrics.plot_test_alignments(model, splits, folder / "alignments.png")
