import os
from collections.abc import Mapping

import numpy as np

from zoo.plots.labels import disable_math


def plot_gradient_by_lag(norms: Mapping[str, np.ndarray], path: str | os.PathLike) -> None:
    """Draws gradient norm against lag, one line a cell, on a logarithmic scale: a straight fall is a vanishing one.

    Args:
        norms: by the cell's name, lag 0 first (`zoo.training.gradients.gradient_by_lag`).
        path: of the picture; its ending chooses the format.
    """
    from matplotlib import colormaps
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    for number, (name, values) in enumerate(norms.items()):
        # What underflows to 0 cannot stand on a logarithmic scale; the line ends there.
        values = np.where(values > 1e-30, values, np.nan)
        axes.plot(values, label=name, color=colormaps["tab10"](number % 10), ls="-" if number < 10 else "--")
    axes.set(yscale="log", xlabel="lag in steps", ylabel="norm of the gradient", xlim=(0, None))
    axes.spines[["top", "right"]].set_visible(False)
    disable_math(*axes.legend(frameon=False, bbox_to_anchor=(1.01, 1), loc="upper left").get_texts())
    figure.savefig(path, dpi=120)
