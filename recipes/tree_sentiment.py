"""Sentiment of every phrase: a recursive network along the parse tree of a sentence.

    zoo train tree_sentiment --data sst_trees --out runs/trees
    zoo train tree_sentiment --data sst_trees --composition tensor --dropout 0.4 --learning-rate 2e-3 --out runs/tensor
    zoo predict runs/trees "a film that is never dull" --picture tree.png

`accuracy` is that of whole sentences, the roots; `accuracy_nodes` that of all labelled phrases.

Data: `synthetic`, expressions whose value is asked at every node (--task arithmetic or logic); a folder of files of
trees in brackets, one a line, for training, validation (dev) and test, as the Stanford Sentiment Treebank has them; one
such file, split by line; tfds:NAME of a set of your own with the feature `tree`, in brackets (TFDS has the treebank's
sentences alone, as glue/sst2). A sentence typed without its tree gets a balanced one.

Seen on the treebank's five classes, 2 CPU cores: 0.456 with tree_lstm and child_sum_tree_lstm, 0.442 tensor, 0.438
matrix_vector, 0.423 matrix (1 to 3 seeds, see RESULTS.md), 2 to 8 minutes.
Papers: Socher et al. 2013 (EMNLP), Tai et al. 2015 (arXiv:1503.00075).
"""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

import zoo
from zoo.data.batches.trees import TreeBatches
from zoo.data.readers import trees as treebank
from zoo.data.readers.formats import Format
from zoo.data.splits import Splits, build_labels
from zoo.data.synthetic import expressions
from zoo.data.trees import Tree, parse, relabelled
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments.word_vectors import WordVectors
from zoo.plots.trees import plot_trees, text_tree
from zoo.recipes.common import mapping_metrics
from zoo.recipes.common.sources import sentences
from zoo.storage.files import fingerprint, replace_file
from zoo.training.metrics import classification


def _word_tables(model: keras.Model) -> list:
    """Of a matrix-vector network each row is the word's vector, and behind it the word's matrix."""
    return [model.get_layer("recursion").embedding.embeddings]


# By composition, with the width of the paper's nodes; of the Tree-LSTMs words may have another width than nodes.
UNITS = {"tree_lstm": 150, "child_sum_tree_lstm": 150, "matrix": 30, "matrix_vector": 25, "tensor": 30}
MODELS = {
    name: ("recursive_tree", {"composition": name, "units": units, "dropout": 0.5}) for name, units in UNITS.items()
}
CHOICE = "composition"
OPTIMIZERS = {name: {"weight_decay": 0.01} for name in MODELS}
FIT = {"epochs": 10, "patience": 3, "monitor": "val_accuracy"}
QUICK = {"examples": 1500, "epochs": 4, "units": 32, "dropout": 0.0, "learning_rate": 1e-2}
VECTORS = {
    name: WordVectors("tokens", _word_tables, width="embedding_size" if units == 150 else "units")
    for name, units in UNITS.items()
}
# Features of sets of TFDS: one's own.
TFDS = (("tree",),)
# Five degrees of sentiment as two: the middle one is neither.
POLARITY = {"0": "negative", "1": "negative", "2": None, "3": "positive", "4": "positive"}


def data(
    *,
    data: str = "synthetic",
    classes: int = 5,
    labelled: str = "every",
    task: str = "arithmetic",
    examples: int = 10_000,
    minimum_count: int = 1,
    batch_size: int = 32,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Trees with labelled nodes.

    Args:
        data: synthetic, a path, or tfds:NAME of a set of your own.
        classes: 5 for the labels as they are; 2 makes 0, 1 negative and 3, 4 positive, and leaves out what is 2.
        labelled: every node is learned from, or the root alone.
        task: arithmetic or logic (synthetic only).
        examples: how many to generate (synthetic only).
        minimum_count: rarer words are unknown.
        batch_size: trees a step.
        seed: of generation and shuffling.
        vocabularies: those of a trained model; made from the training trees if None.
    """
    if classes not in (2, 5):
        raise ValueError(f"classes must be 5 or 2. Received: {classes}")
    raw = sentences(
        data,
        synthetic=lambda: expressions.generate(examples, task=task, seed=seed),
        formats=[Format("trees in brackets", treebank.lacks_brackets, lambda path: treebank.read(path, arity=2))],
        tfds=TFDS,
        each=lambda text: treebank.parse_lines([text], data, arity=2)[0],
        labels=lambda tree: [] if tree.label is None else [tree.label],
    )
    if classes == 2:
        if data == "synthetic":
            raise ValueError("classes=2 is of sentiment: with generated trees omit --classes.")
        raw = {split: _two_classes(trees) for split, trees in raw.items()}
    bare = [split for split, trees in raw.items() if not any(tree.label is not None for tree in trees)]
    if bare:
        raise ValueError(f"The {bare[0]} split holds no tree with a label at its root: give more trees, ten or more.")
    if vocabularies is None:
        vocabularies = {
            "tokens": Vocabulary.build(
                [tree.tokens() for tree in raw["train"]], lowercase=True, minimum_count=minimum_count
            ),
            "labels": build_labels(raw, lambda tree: [node.label for node in tree.nodes() if node.label is not None]),
        }
    batches = {
        split: _batches(
            split,
            trees,
            vocabularies,
            batch_size=batch_size,
            nodes=labelled if split == "train" else "root",
            shuffle=split == "train",
            seed=seed,
        )
        for split, trees in raw.items()
    }
    brackets = [[tree.brackets() for tree in raw[split]] for split in ("train", "validation", "test")]
    return Splits(**batches, vocabularies=vocabularies, fingerprint=fingerprint(brackets), raw=raw)


def _two_classes(trees: Sequence[Tree]) -> list[Tree]:
    labels = {node.label for tree in trees for node in tree.nodes() if node.label is not None}
    if labels - set(POLARITY):
        raise ValueError(f"Two classes are made of the labels 0 to 4. Received: {', '.join(sorted(labels))}")
    polar = [relabelled(tree, [POLARITY[node.label or "2"] for node in tree.nodes()]) for tree in trees]
    return [tree for tree in polar if tree.label is not None]


def _batches(split, trees, vocabularies, **options) -> TreeBatches:
    targets = []
    for number, tree in enumerate(trees, 1):
        try:
            targets.append(_classes(tree, vocabularies["labels"]))
        except ValueError as error:
            raise ValueError(f"{split} split: tree {number}, {tree.brackets():.60}: {error}") from error
    return TreeBatches(trees, vocabularies["tokens"], targets, **options)


def _classes(tree, labels) -> np.ndarray:
    return np.array([-1 if node.label is None else int(labels.encode(node.label)) for node in tree.nodes()])


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "composition": hp.Choice("composition", list(UNITS)),
        "units": hp.Int("units", 20, 60, step=10),
        "dropout": hp.Float("dropout", 0.0, 0.6, step=0.1),
        "weight_decay": hp.Float("weight_decay", 1e-3, 0.1, sampling="log"),
        "learning_rate": hp.Float("learning_rate", 3e-4, 5e-3, sampling="log"),
    }


def evaluate(model: keras.Model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Accuracy, F1 over classes and nats of roots; accuracy of all labelled nodes."""
    every = _batches(split, splits.raw[split], splits.vocabularies, batch_size=64)
    outputs, targets = mapping_metrics.gather(model, every)
    known = [(output[-1], classes[-1]) for output, classes in zip(outputs, targets, strict=True) if classes[-1] >= 0]
    roots, classes = np.stack([output for output, _ in known]), np.array([label for _, label in known])
    predictions, true = np.concatenate(outputs).argmax(-1), np.concatenate(targets)
    likelihood = np.log(np.maximum(roots[np.arange(len(classes)), classes], 1e-9))
    return {
        "accuracy": classification.accuracy(roots.argmax(-1), classes),
        "f1": classification.macro_f1(roots.argmax(-1), classes),
        "nats": float(-likelihood.mean()),
        "accuracy_nodes": classification.accuracy(predictions[true >= 0], true[true >= 0]),
    }


def baseline(splits: Splits) -> dict[str, float]:
    """The commonest label of a root."""
    roots = [tree.label for tree in splits.raw["train"] if tree.label is not None]
    commonest = max(sorted(set(roots)), key=roots.count)
    labels = [tree.label for tree in splits.raw["test"] if tree.label is not None]
    return {"commonest_accuracy": labels.count(commonest) / len(labels)}


def format_prediction(prediction: zoo.Prediction) -> str:
    """The label of the whole, and the tree with that of every phrase, in colours where there are some."""
    import sys

    tree = text_tree(parse(prediction.trace), labels=list(prediction.probabilities or ()), colour=sys.stdout.isatty())
    return f"{prediction.output} {prediction.probability:.3f}\n{tree}"


def plot_predictions(predictions: Sequence[zoo.Prediction], path: Path) -> None:
    """Trees in the colours of the label of every phrase."""
    labels = list(predictions[0].probabilities or ())
    with replace_file(path) as temporary:
        plot_trees([(parse(each.trace), None) for each in predictions], temporary, labels=labels)


def plot(model: keras.Model, splits: Splits, folder: Path) -> None:
    """Test trees of middling size in colours, with marks where the truth is another: `trees.png`."""
    by_size = sorted(splits.raw["test"], key=lambda tree: len(tree.tokens()))
    some = [by_size[len(by_size) * part // 8] for part in (3, 4, 5)]
    predictions = zoo.predict(model, some, vocabularies=splits.vocabularies)
    shown = [(parse(prediction.trace), tree) for prediction, tree in zip(predictions, some, strict=True)]
    with replace_file(folder / "trees.png") as path:
        plot_trees(shown, path, labels=splits.vocabularies["labels"].names)
