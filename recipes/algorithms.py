"""Learns small algorithms from examples, on short ones, to be tried on long ones: a Neural Turing Machine.

    zoo train algorithms --task copy --out runs/copy
    zoo train algorithms --task copy --restarts 5 --out runs/copies
    zoo train algorithms --task copy --model lstm --out runs/control

Tasks: copy, repeat_copy, associative_recall, ngrams, priority_sort. Training examples are drawn anew for every batch.
`bits` is what a sequence costs, over the sizes of training; `bits_40` is that of size 40, `guess_40` what it costs who
guesses. An LSTM is the control.

Data: `synthetic` is the task itself; tfds:zoo_algorithms, tfds:zoo_algorithms_repeat_copy ... with --task
it is, or a set of your own with the features `size`, `inputs` (T, K), `targets` (T, O) and `weights` (T,), from which
batches are drawn (TFDS has no public one).

Seen, copy, 4 seeds, 9 to 15 minutes each beside other work on 2 CPU cores: 0.04 to 0.08 bits at length 20, 0.07 to 0.18
at length 40 (medians; about one sequence in 2,000 is lost altogether). associative_recall: 0.06 bits.
Papers: Graves et al. 2014, arXiv:1410.5401; Collier & Beel 2018, arXiv:1807.08518 (the memory's start).
"""

from pathlib import Path

import keras
import numpy as np

from zoo.data.batches.on_the_fly import FixedBatches, OnTheFlyBatches
from zoo.data.splits import Splits
from zoo.data.synthetic.algorithms import TASKS
from zoo.data.synthetic.algorithms.ngrams import bayes_bits
from zoo.lookup import lookup
from zoo.plots.tape import plot_tape
from zoo.recipes.common.tfds_sources import PREFIX, from_tfds
from zoo.recurrent.turing_machine import TRACE
from zoo.storage.files import fingerprint, replace_file

MODELS = {
    "turing_machine": ("turing_machine", {}),
    "lstm": ("many_to_many", {"activation": "sigmoid", "bidirectional": False, "units": 256, "layers": 3}),
}
# With XLA a machine's step takes half a minute for each shape, and is then three times as fast on a CPU.
OPTIMIZERS = {"turing_machine": {"schedule": "cosine", "jit_compile": True}, "lstm": {"schedule": "cosine"}}
FIT = {"epochs": 14, "patience": 14, "monitor": "val_nats"}
QUICK = {
    "largest": 4,
    "batches": 40,
    "examples": 32,
    "epochs": 3,
    "units": 32,
    "slots": 16,
    "jit_compile": False,
}
SIZES = {
    "features": lambda splits: splits.test[0][0].shape[-1],
    "outputs": lambda splits: splits.test[0][1].shape[-1],
}
# Features of sets of TFDS: the generated ones' and one's own.
TFDS = (("size", "inputs", "targets", "weights"),)
# Batches of every tested size: what a batch draws once, its repeats, is drawn so often.
DRAWS = 4


def data(
    *,
    data: str = "synthetic",
    task: str = "copy",
    smallest: int | None = None,
    largest: int | None = None,
    beyond: int | None = None,
    batches: int = 500,
    batch_size: int = 32,
    examples: int = 200,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Sequences of bits, with the target of each step.

    Args:
        data: synthetic, as these tasks are generated, or tfds:zoo_algorithms.
        task: copy, repeat_copy, associative_recall, ngrams or priority_sort.
        smallest: the smallest size of training; none: the paper's (synthetic only, as largest, beyond and examples).
        largest: the largest; none: the paper's.
        beyond: a size never trained on, to be tested too; none: twice the largest.
        batches: of an epoch.
        batch_size: sequences a step.
        examples: of every tested size.
        seed: of the draws; those that measure have draws of their own.
        vocabularies: there are none.
    """
    chosen = lookup("task", task, TASKS)
    if data.startswith(PREFIX):
        return _of_set(from_tfds(data, TFDS), task, batches, batch_size, seed)
    if data != "synthetic":
        raise ValueError(f"algorithms generates its data: --data synthetic, or tfds:NAME. Received: {data!r}")
    least = chosen.sizes[0] if smallest is None else smallest
    most = chosen.sizes[1] if largest is None else largest
    random = np.random.default_rng([seed, 1])
    steps = max(chosen.draw(most, 1, random)[2].shape[1] for _ in range(50))  # repeats are drawn
    # Two shapes, a short and a long one: a shape takes XLA many seconds to compile.
    multiple = -(-steps // 2)
    between = sorted({int(size) for size in np.linspace(least, most, 5).round()})
    tested = sorted({least, (least + most) // 2, most, 2 * most if beyond is None else beyond})
    drawn = {
        name: [(size, chosen.draw(size, -(-examples // DRAWS), random)) for size in sizes for _ in range(DRAWS)]
        for name, sizes in (("validation", between), ("test", tested))
    }
    return Splits(
        train=OnTheFlyBatches(
            lambda size, random: chosen.draw(size, batch_size, random),
            sizes=(least, most),
            batches=batches,
            seed=seed,
            multiple=multiple,
        ),
        **{
            name: FixedBatches([batch for _, batch in batches_of], multiple=multiple)
            for name, batches_of in drawn.items()
        },
        vocabularies={},
        fingerprint=fingerprint([task, least, most, batches, batch_size, seed], drawn),
        raw={"train": [], **{name: [(task, size) for size, _ in batches_of] for name, batches_of in drawn.items()}},
    )


def _of_set(batches_by_split: dict[str, list[tuple]], task: str, batches: int, batch_size: int, seed: int) -> Splits:
    """Training batches drawn from stored sequences of a size, and all that measure, a size a batch."""
    by_size: dict[str, dict[int, list]] = {split: {} for split in batches_by_split}
    for split, rows in batches_by_split.items():
        for size, *row in sorted(rows, key=lambda row: int(row[0])):
            by_size[split].setdefault(int(size), []).append(row)
    stored, measured = by_size["train"], {split: by_size[split] for split in ("validation", "test")}

    def draw(size: int, random: np.random.Generator) -> tuple:
        rows = stored[max(known for known in stored if known <= size)]
        return _together([rows[number] for number in random.integers(0, len(rows), batch_size)])

    multiple = -(-max(len(inputs) for rows in stored.values() for inputs, _, _ in rows) // 2)
    drawn = {
        split: [
            (size, _together(rows[first : first + batch_size]))
            for size, rows in sizes.items()
            for first in range(0, len(rows), batch_size)
        ]
        for split, sizes in measured.items()
    }
    return Splits(
        train=OnTheFlyBatches(draw, sizes=(min(stored), max(stored)), batches=batches, seed=seed, multiple=multiple),
        **{split: FixedBatches([batch for _, batch in parts], multiple=multiple) for split, parts in drawn.items()},
        vocabularies={},
        fingerprint=fingerprint(
            [task, batches, batch_size, seed],
            {split: list(map(list, batches_by_split[split])) for split in batches_by_split},
        ),
        raw={"train": [], **{split: [(task, size) for size, _ in parts] for split, parts in drawn.items()}},
    )


def _together(rows: list) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inputs, targets and weights of sequences as one batch, filled up with zeros where nothing is asked."""
    steps = max(len(inputs) for inputs, _, _ in rows)
    columns = [
        np.stack([np.pad(one, [(0, steps - len(one))] + [(0, 0)] * (one.ndim - 1)) for one in column])
        for column in zip(*rows, strict=True)
    ]
    return columns[0], columns[1], columns[2]


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "controller": hp.Choice("controller", ["feed_forward", "lstm"]),
        "units": hp.Int("units", 50, 200, step=50),
        "slots": hp.Choice("slots", [32, 64, 128]),
        "read_heads": hp.Int("read_heads", 1, 4),
        "learning_rate": hp.Float("learning_rate", 1e-4, 3e-3, sampling="log"),
    }


def evaluate(model: keras.Model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Bits that a sequence costs: over the sizes of training, of each size, and what guessing would cost."""
    if not splits.raw[split]:
        raise ValueError("Training examples are generated for every batch: evaluate on validation or test.")
    costs: dict[int, list] = {}
    batches, largest = splits[split], splits.train.sizes[1]
    for number, (_, size) in enumerate(splits.raw[split]):
        inputs, targets, weights = batches[number]
        guess = np.ones_like(targets) / 2
        paid = [bits(scores, targets, weights).mean() for scores in (model.predict_on_batch(inputs), guess)]
        costs.setdefault(size, []).append(paid)
    means = {size: np.mean(paid, axis=0) for size, paid in costs.items()}
    metrics = {"bits": float(np.mean([mean[0] for size, mean in means.items() if size <= largest]))}
    for size, (scores, guess) in means.items():
        metrics |= {f"bits_{size}": float(scores), f"guess_{size}": float(guess)}
    return metrics


def bits(predictions: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the cost of each sequence: -log2 of the probability of all its bits. (B, T, O) -> (B,)."""
    likely = np.where(targets > 0.5, predictions, 1 - predictions).astype("float64")
    return -(np.log2(np.maximum(likely, 1e-9)) * weights[..., None]).sum((1, 2))


def baseline(splits: Splits) -> dict[str, float]:
    """Return the cost of the optimal predictor of the n-gram task."""
    if splits.raw["test"][0][0] != "ngrams":
        return {}
    costs: dict[int, list] = {}
    for (_, size), (_, targets, _) in zip(splits.raw["test"], splits.test.raw, strict=True):
        costs.setdefault(size, []).append(bayes_bits(targets).mean())
    return {f"bayes_bits_{size}": float(np.mean(paid)) for size, paid in costs.items()}


def plot(model: keras.Model, splits: Splits, folder: Path) -> None:
    """The tape on the largest test sequence of training's sizes: `tape.png`."""
    if model.name != "turing_machine":
        return
    largest = splits.train.sizes[1]
    number = next(n for n, (_, size) in enumerate(splits.raw["test"]) if size == largest)
    inputs, targets, weights = splits.test.raw[number]
    with replace_file(folder / "tape.png") as path:
        plot_tape(tape_of(model, inputs[:1]) | {"targets": targets[0]}, path, answer_steps=weights[0])


def tape_of(model: keras.Model, inputs: np.ndarray) -> dict[str, np.ndarray]:
    """Return what a machine read, wrote and emitted at every step of the first row: (1, T, D) -> arrays of T steps
    by name.
    """
    _, *tape = model.get_layer("machine").output
    traced = keras.Model(model.input, {"outputs": model.output, **dict(zip(TRACE, tape, strict=True))})
    return {"inputs": inputs[0], **{name: values[0] for name, values in traced.predict_on_batch(inputs).items()}}
