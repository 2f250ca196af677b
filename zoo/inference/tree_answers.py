"""Prediction by recursive networks: brackets or plain text to trees, and labels of every phrase."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from zoo.data.batches.trees import TreeBatches
from zoo.data.trees import Tree, balanced, parse, relabelled


def tree_of(source: Any, vocabularies: Mapping[str, Any]) -> Tree:
    """A tree as it is, brackets, or a sentence, which gets a balanced tree."""
    if isinstance(source, Tree):
        return source
    if isinstance(source, str) and source.lstrip().startswith("("):
        return parse(source)
    return balanced(vocabularies["tokens"].split(source))


def traced(model: keras.Model) -> keras.Model:
    """Return the model, whose output has all that is shown."""
    return model


def batches(model: keras.Model, inputs: Sequence[Any], vocabularies: Mapping[str, Any], batch_size: int) -> TreeBatches:
    """Trees, brackets or sentences, every node asked.

    Raises:
        ValueError: no vocabularies, a model without one class for every node, or an input that is no tree for it.
    """
    if not {"tokens", "labels"} <= set(vocabularies):
        raise ValueError('Trees are read with the vocabularies "tokens" and "labels": pass both.')
    if model.get_layer("head").activation is not keras.activations.softmax:
        raise ValueError(
            "Predictions of a recursive network are one class per node: build it with activation='softmax'."
        )
    exactly = model.get_layer("recursion").composition.arity
    trees = []
    for number, source in enumerate(inputs):
        try:
            trees.append(tree_of(source, vocabularies))
            for node in trees[-1].nodes():
                if node.children and exactly not in (None, len(node.children)):
                    raise ValueError(
                        f"every phrase has {exactly} parts here. Received: {len(node.children)} in {node!r:.60}"
                    )
        except (ValueError, TypeError) as error:
            raise ValueError(f"input {number}: {error}") from error
    (arity,) = (tensor.shape[-1] for tensor in model.inputs if tensor.name == "children")
    return TreeBatches(trees, vocabularies["tokens"], batch_size=batch_size, arity=arity)


def to_prediction(model: keras.Model, source: Any, output: np.ndarray, vocabularies: Mapping[str, Any]) -> tuple:
    """Return the prediction for the root (label and probabilities) and the tree with every node's label."""
    labels = vocabularies["labels"]
    labels_of_nodes = [str(labels.decode(number)) for number in output.argmax(-1)]
    root = output[-1]
    table = {str(labels.decode(number)): float(probability) for number, probability in enumerate(root)}
    return (
        labels_of_nodes[-1],
        float(root.max()),
        table,
        relabelled(tree_of(source, vocabularies), labels_of_nodes).brackets(),
    )
