"""`--class-weight` of the recipes that classify: what an example counts in training by its class."""

from typing import Any

from zoo.data.batches.padded import Batches
from zoo.data.batches.trees import TreeBatches
from zoo.lookup import lookup
from zoo.models.base.class_weights import balanced_class_weights
from zoo.models.base.mapping_model import TakesClassWeight

CLASS_WEIGHTS = {"balanced": "every class of the training data counts as much as any other"}


def class_weights(choice: str | None, model: Any, batches: Any) -> dict[int, float] | None:
    """Return the weights by class that `fit` takes; None without a choice.

    Args:
        choice: a name of `CLASS_WEIGHTS`, or None.
        model: that is trained.
        batches: of training.
    Raises:
        ValueError: an unknown name; a model or targets without classes.
    """
    if choice is None:
        return None
    lookup("class_weight", choice, CLASS_WEIGHTS)
    if not isinstance(model, TakesClassWeight) or not isinstance(batches, Batches | TreeBatches):
        raise ValueError(
            "class_weight is for models that predict classes. Received: "
            f"class_weight={choice!r} with a {type(model).__name__} ({model.name}). Omit it."
        )
    return balanced_class_weights(batches.targets)
