"""Is the middle of a stretch of DNA a splice junction? Or, with --task positions: which of its bases make a protein?

    zoo train dna --data dna_splice --out runs/dna
    zoo train dna --task positions --out runs/genes

Data for junctions: `synthetic` (generated windows); splice.data (UCI, Molecular Biology: 3190 windows of 60 bases of
the classes EI, exon to intron, IE and N, neither; index of the distinct windows mod 10: 0 test, 1 validation) or the
folder it lies in; any other table of class, name and sequence, with commas or tabs, of sequences of any length
(promoters.data); a folder of one text file a class; a table or JSON lines with `text` and `label`; tfds:genomics_ood
(`seq`, `label`: which bacteria 250 bases come from), or a set of `text` and `label`.
Data for positions: `synthetic` (generated genes with up to two introns); a file of your own, a base, TAB and its mark
(1 codes, 0 does not) a line, with a blank line between stretches; or a folder of such files for train, dev and test;
tfds:NAME of a set of your own with `text` and `marks` (TFDS has no public one). Paper: Noordewier, Towell & Shavlik,
Training Knowledge-Based Neural Networks to Recognize Genes (NIPS 1990).

Seen on splice.data, 2 CPU cores: test accuracy 0.947 (0.937 to 0.959 over 3 seeds) in 3 minutes; naive Bayes 0.965.
"""

from pathlib import Path
from typing import Any

import numpy as np

from zoo.data.readers import conll, splice
from zoo.data.readers.formats import Format
from zoo.data.splits import Splits, build_labels, make_splits, split_by_index, split_by_label
from zoo.data.synthetic import genes
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.recipes.baselines.naive_bayes import naive_bayes
from zoo.recipes.common import mapping_metrics
from zoo.recipes.common.sources import labelled_texts, sentences

TAGGER = {"units": 64, "layer_normalization": True, "embedding_size": 16, "dropout": 0.3, "token_dropout": 0.15}
MODELS = {
    "junction": ("many_to_one", {**TAGGER, "bidirectional": True, "pooling": "attention"}),
    "positions": ("many_to_many", {**TAGGER, "activation": "sigmoid"}),
}
CHOICE = "task"
# Windows are few, and metrics jump from epoch to epoch.
OPTIMIZERS = {task: {"learning_rate": 3e-3, "schedule": "plateau", "plateau_patience": 3} for task in MODELS}
FIT = {"epochs": 40, "patience": 8, "monitor": "val_nats"}
QUICK = {"examples": 1000, "epochs": 5, "units": 24, "dropout": 0.1, "token_dropout": 0.0, "learning_rate": 1e-2}
# Features of sets of TFDS, by task: genomics_ood and one's own; one's own.
TFDS = {"junction": (("seq", "label"), ("text", "label")), "positions": (("text", "marks"),)}
SPLICE_CLASSES = {"EI", "IE", "N"}


def data(*, data: str = "synthetic", task: str = "junction", examples: int = 4000, seed: int = 0) -> dict[str, list]:
    """Stretches of DNA with their classes, or with a mark for every base.

    Args:
        data: synthetic, a path, or tfds:genomics_ood (junction), tfds:NAME of a set of your own (positions).
        task: junction (one class a window) or positions (whether each base codes for a protein).
        examples: how many stretches to generate (synthetic only).
        seed: of generation.
    Raises:
        ValueError: marks that are not 0 and 1.
    """
    if task == "junction":
        return labelled_texts(
            data,
            synthetic=lambda: genes.generate_splices(examples, seed=seed),
            tfds=TFDS[task],
            formats=[splice.FORMAT],
            split=_split,
        )
    marked = sentences(
        data,
        synthetic=lambda: genes.generate_genes(examples, seed=seed),
        formats=[Format("a base and its mark a line", conll.lacks_columns, _marked)],
        tfds=TFDS[task],
        each=lambda bases, marks: (bases, np.array(marks, "int32")),
    )
    return {name: [(bases, _column(marks)) for bases, marks in part] for name, part in marked.items()}


def vocabularies(raw, *, task: str = "junction") -> dict:
    """Bases, and the classes of windows or the one class of bases."""
    tokens = Vocabulary.build([bases for bases, _ in raw["train"]], level="character")
    labels = Labels(["coding"]) if task == "positions" else build_labels(raw, lambda example: [example[1]])
    return {"tokens": tokens, "labels": labels}


def batches(raw, vocabularies, *, task: str = "junction", batch_size: int = 32, seed: int = 0) -> Splits:
    """Windows with their class, or stretches with a target for every base.

    Args:
        batch_size: stretches of a step.
        seed: of shuffling.
    """
    # Marks are numbers already: only the classes of windows are encoded by their names.
    encoding = vocabularies if task == "junction" else {"tokens": vocabularies["tokens"]}
    splits = make_splits(raw, encoding, batch_size=batch_size, seed=seed, aligned=task == "positions")
    splits.vocabularies = dict(vocabularies)
    return splits


def _split(windows: list[tuple[str, str]]) -> dict[str, list]:
    """The published windows by index, those of other classes by their class."""
    if {label for _, label in windows} == SPLICE_CLASSES:
        return split_by_index(windows)
    return split_by_label(windows, lambda window: window[1])


def _marked(path: Path) -> list[tuple[list[str], np.ndarray]]:
    examples = []
    for number, (bases, marks) in enumerate(conll.read(path), 1):
        wrong = [position for position, mark in enumerate(marks, 1) if mark not in ("0", "1")]
        if wrong:
            raise ValueError(
                f"{path}: a base is marked 1 (it codes) or 0. Received: {marks[wrong[0] - 1]!r} for base {wrong[0]} of "
                f"stretch {number}."
            )
        examples.append((bases, np.array(marks, "int32")))
    return examples


def _column(marks: Any) -> np.ndarray:
    """(S,) marks as the target of one yes or no a step, (S, 1) float32."""
    return marks.astype("float32")[:, None]


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "cell": hp.Choice("cell", ["lstm", "gru", "simplified_gru", "coupled_lstm"]),
        "units": hp.Int("units", 32, 128, step=32),
        "layers": hp.Int("layers", 1, 3),
        "pooling": hp.Choice("pooling", ["last", "mean", "max", "attention"]),
        "dropout": hp.Float("dropout", 0.0, 0.5, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 5e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Accuracy and F1: over windows and averaged over the classes, or over bases and of those that code."""
    batches = splits[split]
    return (
        mapping_metrics.binary_metrics(model, batches)
        if batches.aligned
        else mapping_metrics.classification_metrics(model, batches)
    )


def baseline(splits: Splits) -> dict[str, float]:
    """A naive Bayes over the base at each place; for positions, the commoner mark."""
    if splits.test.aligned:
        train, test = (np.concatenate([marks for _, marks in splits.raw[name]]) for name in ("train", "test"))
        return {"commoner_mark_accuracy": float(np.mean(test == (train.mean() > 0.5)))}
    placed = {
        name: [(" ".join(f"{base}{position}" for position, base in enumerate(bases)), label) for bases, label in raw]
        for name, raw in splits.raw.items()
    }
    return {"naive_bayes_accuracy": naive_bayes(placed["train"], placed["test"])}


def format_prediction(prediction) -> str:
    """The class and the window; of positions, the bases, those that code as capitals."""
    if isinstance(prediction.output, list):
        marked = zip(prediction.input, prediction.output, strict=True)
        return "".join(base.upper() if is_marked else base.lower() for base, is_marked in marked)
    return f"{prediction.output} {prediction.probability:.3f}\t{prediction.input}"
