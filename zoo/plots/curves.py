import os
from collections.abc import Sequence


def plot_curves(history: Sequence[dict[str, float]], path: str | os.PathLike) -> None:
    """Draws every logged figure over the epochs, training and validation in one frame.

    Args:
        history: one dict of figures an epoch; "val_NAME" goes with "NAME".
        path: of the picture; its ending chooses the format.
    Raises:
        ValueError: an empty history.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    if not history:
        raise ValueError("There is nothing to draw: the history holds no epoch.")
    names = [name for name in history[0] if name != "epoch" and not name.startswith("val_")]
    figure = Figure(figsize=(4.2 * len(names), 3.4), layout="constrained")
    for axes, name in zip(figure.subplots(1, len(names), squeeze=False)[0], names, strict=True):
        for key, label in ((name, "training"), (f"val_{name}", "validation")):
            if key in history[0]:
                axes.plot([h["epoch"] for h in history], [h[key] for h in history], marker="o", ms=3, label=label)
        axes.set(xlabel="epoch", ylabel=name.replace("_", " "))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
    figure.savefig(path, dpi=120)
