"""A search, looked at: the score over its trials, and against everything that was varied."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from zoo.plots.labels import disable_math

OWN = ("trial", "status", "score", "epochs", "seconds")
COLUMNS = 3
# The largest number by the smallest from which on a logarithmic axis has ticks at 1, 2, 5 or wider steps.
WIDE = 5
# Parts of an axis that are wide enough for a number each.
MOST = 7


def plot_search(
    rows: Sequence[Mapping[str, Any]],
    path: str | Path,
    *,
    objective: str,
    rising: bool,
    scales: Mapping[str, str] | None = None,
) -> None:
    """Draws the scores of trials in the order of the search, the best so far, and a panel for each hyperparameter.

    Args:
        rows: of trials.csv: `trial`, `status`, `score` (None without one), `epochs`, `seconds` and the hyperparameters.
        path: of the picture.
        objective: what the score is.
        rising: whether more of it is better.
        scales: axes of hyperparameters that are numbers, "linear" or "log", as they were searched; of others that are
            above 0 it is logarithmic where the largest is more than five times the smallest.
    Raises:
        ValueError: no trial has a score.
    """
    import matplotlib.pyplot as plt

    scored = [row for row in rows if row["score"] is not None]
    if not scored:
        raise ValueError("A search without a single score has nothing to show.")
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if name not in OWN]
    lines = -(-len(names) // COLUMNS)
    figure = plt.figure(figsize=(10, 3.2 + 2.4 * lines), layout="constrained")
    top, *panels = _axes(figure, lines, len(names))
    number, score = (np.array([row[key] for row in scored], float) for key in ("trial", "score"))
    best = int(np.argmax(score if rising else -score))
    so_far = (np.maximum if rising else np.minimum).accumulate(score)
    top.plot(number, so_far, drawstyle="steps-post", color="0.6", label="best so far")
    top.scatter(number, score, s=18, color="C0", zorder=3)
    top.scatter(number[best], score[best], s=60, color="C3", zorder=4, label=f"best: trial {int(number[best])}")
    without = [row["trial"] for row in rows if row["score"] is None and row["status"] != "running"]
    if without:
        low = top.get_ylim()[0]
        top.scatter(without, [low] * len(without), marker="x", color="0.3", clip_on=False, label="no score")
    top.set(xlabel="trial", ylabel=objective, title=f"{len(rows)} trials, best {objective} {score[best]:.4g}")
    disable_math(top.title, top.yaxis.label)
    top.locator_params(axis="x", integer=True)
    top.legend(frameon=False, fontsize=8)
    for name, panel in zip(names, panels, strict=False):
        _panel(panel, name, scored, score, best, objective, (scales or {}).get(name))
    for panel in panels[len(names) :]:
        panel.set_visible(False)
    figure.savefig(path, dpi=120, format="png")
    plt.close(figure)


def _axes(figure, lines, panels):
    grid = figure.add_gridspec(1 + lines, COLUMNS, height_ratios=[1.3, *[1] * lines])
    axes = [figure.add_subplot(grid[0, :])]
    return axes + [figure.add_subplot(grid[1 + index // COLUMNS, index % COLUMNS]) for index in range(panels)]


def _panel(panel, name, scored, score, best, objective, scale):
    """Scores against the values of one hyperparameter: numbers along an axis, names side by side."""
    values = [row.get(name) for row in scored]
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    if numbers:
        positions = np.array(values, float)
        wide = positions.min() > 0 and positions.max() > WIDE * positions.min()
        is_log = positions.min() > 0 and (scale == "log" or (scale is None and wide))
        _number_axis(panel, positions, is_log=is_log, is_whole=all(isinstance(value, int) for value in values))
    else:
        labels = sorted({str(value) for value in values})
        # Names apart by a little that depends on the trial alone, so that equal scores do not hide each other.
        positions = np.array([labels.index(str(value)) + 0.12 * np.sin(2.4 * k) for k, value in enumerate(values)])
        panel.set_xticks(range(len(labels)), labels, fontsize=7, rotation=20 if len(labels) > 3 else 0)
        disable_math(*panel.get_xticklabels())
        panel.set_xlim(-0.5, len(labels) - 0.5)
    panel.scatter(positions, score, s=14, color="C0")
    panel.scatter(positions[best], score[best], s=40, color="C3")
    disable_math(panel.set_xlabel(name, fontsize=9))
    panel.tick_params(labelsize=7)
    if panel.get_subplotspec().is_first_col():
        disable_math(panel.set_ylabel(objective, fontsize=8))


def _number_axis(panel, values, *, is_log, is_whole):
    """Ticks at numbers that a person can read: whole ones of whole numbers."""
    from matplotlib.ticker import FixedLocator, LogLocator, MaxNLocator, NullLocator

    few = MaxNLocator(nbins=4, integer=is_whole, min_n_ticks=1)
    low, high = values.min(), values.max()
    ratio = high / low if is_log else 1.0
    if is_log:
        panel.set_xscale("log")
        panel.xaxis.set_minor_locator(NullLocator())
    tried = np.unique(values)
    positions = np.log(tried) if is_log else tried
    if is_whole and (len(tried) == 1 or np.diff(positions).min() * MOST >= np.ptp(positions)):  # as few as have room
        panel.xaxis.set_major_locator(FixedLocator(tried))
    elif ratio > WIDE:
        steps = (1, 2, 5) if ratio < 50 else (1, 3) if ratio < 500 else (1,)
        panel.xaxis.set_major_locator(LogLocator(subs=steps))
    elif is_log:  # powers of 10 may lie beyond both ends
        panel.xaxis.set_major_locator(FixedLocator([tick for tick in few.tick_values(low, high) if tick > 0]))
    else:
        panel.xaxis.set_major_locator(few)
        return
    panel.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
