import os
from collections.abc import Sequence

import numpy as np

from zoo.plots.labels import disable_math

STYLES = {  # of a line: its name, colour and dashes
    "reward": ("samples", "#1f77b4", "-"),
    "baseline": ("baseline", "#ff7f0e", "--"),
    "reward_variance": ("reward", "#1f77b4", "-"),
    "advantage_variance": ("reward minus baseline", "#ff7f0e", "-"),
}
VALIDATION = ("#2ca02c", "#9467bd", "#8c564b", "#e377c2")


def plot_rewards(history: Sequence[dict[str, float]], path: str | os.PathLike) -> None:
    """Draws the reward of training on sampled sequences, and what the baseline takes off its variance.

    The upper frame holds the reward of samples, the baseline, and every reward on validation ("val_reward",
    "val_..._reward"); the lower one, where there are variances, that of the reward and that of reward minus baseline on
    a logarithmic scale: the further apart, the less noise is in the gradients.

    Args:
        history: one dict of metrics an epoch: "epoch", "reward", and where known "baseline", "reward_variance" and
            "advantage_variance". A line is open at epochs without its value, and at a variance of 0.
        path: of the picture; its ending chooses the format.
    Raises:
        ValueError: no reward in the history.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    logged = dict.fromkeys(name for metrics in history for name in metrics)
    if "reward" not in logged:
        raise ValueError(f'There is nothing to draw: the history holds no "reward". Received: {", ".join(logged)}')
    styles = dict(STYLES)
    for name in logged:
        if name.startswith("val_") and name.endswith("reward"):
            caption = name.removeprefix("val_").removesuffix("reward").replace("_", " ")
            styles[name] = (
                f"validation {caption}".strip(),
                VALIDATION[(len(styles) - len(STYLES)) % len(VALIDATION)],
                "-",
            )
    lines = {name: np.array([metrics.get(name, np.nan) for metrics in history], "float64") for name in styles}
    variances = {name: np.where(line > 0, line, np.nan) for name, line in lines.items() if name.endswith("variance")}
    rewards = {name: line for name, line in lines.items() if name not in variances}
    panels = [("reward", rewards), ("variance", variances)]
    panels = [
        (title, lines_of) for title, lines_of in panels if any(np.isfinite(line).any() for line in lines_of.values())
    ]
    figure = Figure(figsize=(6.4, 0.5 + 2.6 * len(panels)), layout="constrained")
    epochs = [metrics["epoch"] for metrics in history]
    for axes, (title, lines_of) in zip(
        figure.subplots(len(panels), sharex=True, squeeze=False)[:, 0], panels, strict=True
    ):
        for name, line in lines_of.items():
            if np.isfinite(line).any():
                label, colour, dashes = styles[name]
                axes.plot(epochs, line, dashes, color=colour, marker="o", markersize=3.5, label=label)
        axes.set(ylabel=title, yscale="log" if lines_of is variances else "linear")
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
        disable_math(*axes.legend(frameon=False, bbox_to_anchor=(1.01, 1), loc="upper left").get_texts())
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    figure.savefig(path, dpi=120)
