"""How recipes measure models that map, on the batches of a split, over real examples and real steps only."""

from typing import Any

import keras
import numpy as np

from zoo import prediction
from zoo.data.batching import Batches
from zoo.training import metrics


def gather(model: keras.Model, batches: Batches) -> tuple[list[Any], list[Any]]:
    """The model's outputs and the targets of all examples, in the order of the examples."""
    found = dict(prediction.outputs(model, batches))
    order = range(batches.examples)
    return [found[number] for number in order], [batches.targets[number] for number in order]


def classification(model: keras.Model, batches: Batches) -> dict[str, float]:
    """One class an example: accuracy, F1 averaged over classes, and nats an example."""
    outputs, targets = gather(model, batches)
    probabilities, targets = np.stack(outputs), np.array(targets)
    likelihood = np.log(np.maximum(probabilities[np.arange(len(targets)), targets], 1e-9))
    said = probabilities.argmax(-1)
    return {
        "accuracy": metrics.accuracy(said, targets),
        "f1": metrics.macro_f1(said, targets),
        "nats": float(-likelihood.mean()),
    }


def tags(model: keras.Model, batches: Batches) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Predicted and expected tag ids of every example, each cut to its length; of a CRF, its best path."""
    outputs, targets = gather(model, batches)
    said = [output["tags"] if isinstance(output, dict) else output.argmax(-1) for output in outputs]
    return said, targets
