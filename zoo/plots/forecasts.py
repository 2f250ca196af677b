import os
from collections.abc import Sequence

import numpy as np

from zoo.plots.labels import disable_math

HISTORY, FORECAST, FUTURE = "#444444", "#08519c", "#d94801"


def plot_forecasts(
    shown: Sequence[tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray], np.ndarray | None]],
    path: str | os.PathLike,
    *,
    name: str = "",
    share: float = 0.8,
) -> None:
    """Draws what was seen of a series, and its forecast with an interval, one panel a forecast.

    Args:
        shown: for each panel the numbers seen (S,), the forecast (T,), the ends of its interval, both (T,), and what
            came (T,), or None.
        path: of the picture; its ending chooses the format.
        name: of the series.
        share: that the interval is to hold.
    Raises:
        ValueError: nothing to show; a forecast, its interval and what came of different lengths.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    if not shown:
        raise ValueError("There must be at least one forecast to draw. Received: none")
    columns = 1 if len(shown) == 1 else 2
    lines = -(-len(shown) // columns)
    figure = Figure(figsize=(5.4 * columns, 2.5 * lines), layout="constrained", dpi=120)
    panels = figure.subplots(lines, columns, squeeze=False).ravel()
    for axes, (history, forecast, (low, high), came) in zip(panels, shown, strict=False):
        if not len(forecast) == len(low) == len(high) or (came is not None and len(came) != len(forecast)):
            raise ValueError(
                "A forecast, its interval and what came are of one length. "
                f"Received: {len(forecast)}, {len(low)}, {len(high)} and {'none' if came is None else len(came)}"
            )
        before, after = np.arange(-len(history), 0), np.arange(len(forecast))
        axes.plot(before, history, color=HISTORY, linewidth=1.0, label="seen")
        axes.fill_between(after, low, high, color=FORECAST, alpha=0.2, linewidth=0, label=f"{share:.0%} interval")
        axes.plot(after, forecast, color=FORECAST, linewidth=1.6, label="forecast")
        if came is not None:
            axes.plot(after, came, color=FUTURE, linewidth=1.2, label="what came")
        axes.axvline(-0.5, color="0.6", linewidth=0.8, linestyle="--")
        axes.set(xlim=(-len(history) - 0.5, len(forecast) - 0.5), xlabel="steps from the forecast's begin", ylabel=name)
        disable_math(axes.yaxis.label)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.spines[["top", "right"]].set_visible(False)
    for axes in panels[len(shown) :]:
        axes.remove()
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, fontsize=8, frameon=False)
    figure.savefig(path)
