import os
from collections.abc import Sequence

from zoo.plots.labels import disable_math


def plot_curves(history: Sequence[dict[str, float]], path: str | os.PathLike) -> None:
    """Draws every logged metric over the epochs, training and validation in one frame.

    Args:
        history: one dict of metrics an epoch; "val_NAME" goes with "NAME". Metrics may be absent from some epochs.
        path: of the picture; its ending chooses the format.
    Raises:
        ValueError: an empty history.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    if not history:
        raise ValueError("There is nothing to draw: the history holds no epoch.")
    logged = dict.fromkeys(name.removeprefix("val_") for metrics in history for name in metrics)
    names = sorted((name for name in logged if name != "epoch"), key="loss".__ne__)  # the loss comes first
    columns = min(len(names), 3)
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(4.2 * columns, 3.2 * rows), layout="constrained")
    frames = figure.subplots(rows, columns, squeeze=False).flatten()
    for axes, name in zip(frames, names, strict=False):
        for key, label, style in ((name, "training", "--"), (f"val_{name}", "validation", "-")):
            points = [(metrics["epoch"], metrics[key]) for metrics in history if key in metrics]
            if points:
                axes.plot(*zip(*points, strict=True), style, marker="o", markersize=3.5, label=label)
        axes.set(xlabel="epoch", ylabel=name.replace("_", " "))
        disable_math(axes.yaxis.label)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
        if len(axes.get_lines()) > 1:
            axes.legend(frameon=False)
    for axes in frames[len(names) :]:
        axes.remove()
    figure.savefig(path, dpi=120)
