"""Directions of metrics: whether a higher value is better."""

# Metrics of which more is better; of all others less is.
RISING = ("accuracy", "f1", "bleu", "exact", "reward")


def higher_is_better(figure: str) -> bool:
    """Return whether a higher value of a metric is better, by its name: `val_accuracy`, `bleu` ...; losses and
    errors fall.
    """
    return figure.endswith(RISING)
