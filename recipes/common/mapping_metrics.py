"""Metrics of mapping models on the batches of a split, over real examples and real steps only."""

from typing import Any

import keras
import numpy as np

from zoo.data.batches.padded import Batches
from zoo.inference import predict
from zoo.training.metrics import classification


def gather(model: keras.Model, batches: Batches) -> tuple[list[Any], list[Any]]:
    """The model's outputs and the targets of all examples, in the order of the examples."""
    results = dict(predict.outputs(model, batches))
    order = range(batches.examples)
    return [results[number] for number in order], [batches.targets[number] for number in order]


def classification_metrics(model: keras.Model, batches: Batches) -> dict[str, float]:
    """One class an example: accuracy, F1 averaged over classes, and nats an example."""
    outputs, targets = gather(model, batches)
    probabilities, targets = np.stack(outputs), np.array(targets)
    likelihood = np.log(np.maximum(probabilities[np.arange(len(targets)), targets], 1e-9))
    predictions = probabilities.argmax(-1)
    return {
        "accuracy": classification.accuracy(predictions, targets),
        "f1": classification.macro_f1(predictions, targets),
        "nats": float(-likelihood.mean()),
    }


def binary_metrics(model: keras.Model, batches: Batches) -> dict[str, float]:
    """Yes or no, one or several a step: accuracy over all answers, and the F1 of yes."""
    outputs, targets = gather(model, batches)
    predictions, true = np.concatenate(outputs) > 0.5, np.concatenate(targets) > 0.5
    return {
        "accuracy": classification.accuracy(predictions, true),
        "f1": 2 * int((predictions & true).sum()) / max(int(predictions.sum() + true.sum()), 1),
    }


def tags(model: keras.Model, batches: Batches) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Predicted and expected tag ids of every example, each cut to its length; of a CRF, its best path."""
    outputs, targets = gather(model, batches)
    predictions = [output["tags"] if isinstance(output, dict) else output.argmax(-1) for output in outputs]
    return predictions, targets


def tagging_metrics(model: keras.Model, batches: Batches, names: list[str]) -> dict[str, float]:
    """One tag a step: accuracy over steps and, where the tags mark spans, the F1 of whole spans."""
    predictions, targets = tags(model, batches)
    metrics = {"accuracy": classification.accuracy(np.concatenate(predictions), np.concatenate(targets))}
    if mark_spans(names):
        named = [[[names[tag] for tag in row] for row in rows] for rows in (predictions, targets)]
        metrics["f1"] = classification.span_f1(*named)["f1"]
    return metrics


def mark_spans(names: list[str]) -> bool:
    """Return whether tags are those of the scheme BIO: O, and B- and I- of some kinds."""
    return "O" in names and all(name == "O" or name.startswith(("B-", "I-")) for name in names)
