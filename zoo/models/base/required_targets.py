"""The error of a model that is trained or measured without targets; Keras' own names neither model nor remedy."""

from typing import Any


def require_targets(name: str, targets: Any) -> None:
    """Refuse a batch without targets.

    Args:
        name: of the model.
        targets: y of the batch.
    Raises:
        ValueError: they are None.
    """
    if targets is None:
        raise ValueError(
            f"{name} learns from targets y and is measured by them. Received: inputs alone. Pass fit(x, y) or "
            "evaluate(x, y), where x may be a dict of arrays, or batches of (x, y), as zoo.data makes them."
        )
