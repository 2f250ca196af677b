"""What the figures of a training mean: whether more of one is better."""

# Figures of which more is better; of all others less is.
RISING = ("accuracy", "f1", "bleu", "exact", "reward")


def higher_is_better(figure: str) -> bool:
    """Whether more of a figure is better, by its name: `val_accuracy`, `bleu` ...; losses and errors fall."""
    return figure.endswith(RISING)
