import os

import numpy as np

LOWEST, KEYS = 21, 88  # MIDI's number of the first key, A0
BLACK = (1, 3, 6, 8, 10)  # the keys of an octave that are black
COLOUR = "#08306b"


def plot_piano_roll(roll: np.ndarray, path: str | os.PathLike, *, opening: int = 0) -> None:
    """Draws which keys of a piano sound at each step, over the octaves that are used.

    Args:
        roll: probabilities, or 0 and 1; column k is the key of MIDI number 21 + k, A0 to C8.
        path: of the picture; its ending chooses the format.
        given: steps of the opening that the model was given; they are shaded.
    Shapes:
        roll (T, 88).
    Raises:
        ValueError: another shape, values that are no probabilities, or `opening` beyond the roll.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, to_rgb
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    roll = np.asarray(roll, "float64")
    if roll.ndim != 2 or roll.shape[1] != KEYS or not len(roll):
        raise ValueError(f"A piano roll has the shape (steps, {KEYS}). Received: {roll.shape}")
    if not ((roll >= 0) & (roll <= 1)).all():
        raise ValueError(
            "A piano roll holds probabilities, from 0 to 1. "
            f"Received: {np.nanmin(roll)} to {np.nanmax(roll)}. Cut padding off first."
        )
    if not 0 <= opening <= len(roll):
        raise ValueError(f"`opening` must be a number of steps of the roll, 0 to {len(roll)}. Received: {opening}")
    certain = bool(np.isin(roll, (0, 1)).all())
    low, high = _octaves(roll)
    width, height = min(24.0, max(3.0, 0.11 * len(roll))), max(1.6, 0.085 * (high - low))
    figure = Figure(figsize=(width + 1.2, height + 0.8), layout="constrained", dpi=120)
    axes = figure.subplots()
    for pitch in range(low, high):
        if pitch % 12 in BLACK:
            axes.axhspan(pitch - 0.5, pitch + 0.5, color="0.95", zorder=0)
        if pitch % 12 == 0:
            axes.axhline(pitch - 0.5, color="0.8", linewidth=0.8, zorder=1)
    if opening:
        axes.axvspan(0.5, opening + 0.5, color="#ffdf9e", alpha=0.55, linewidth=0, zorder=1)
        axes.axvline(opening + 0.5, color="#b36b00", linewidth=1.0, linestyle="--", zorder=3)
        axes.set_title(f"shaded: given (steps 1 to {opening})", fontsize=9, color="#8a5200", loc="left")
    # The likelier the more opaque, so that keys and shading show through what is silent.
    keys = np.empty((KEYS, len(roll), 4))
    keys[..., :3], keys[..., 3] = to_rgb(COLOUR), roll.T
    extent = (0.5, len(roll) + 0.5, LOWEST - 0.5, LOWEST + KEYS - 0.5)
    axes.imshow(keys, extent=extent, origin="lower", aspect="auto", interpolation="nearest", zorder=2)
    ticks = [pitch for pitch in range(low, high) if pitch % 12 == 0]
    axes.set_yticks(ticks, [f"C{pitch // 12 - 1}" for pitch in ticks])
    axes.set(xlim=(0.5, len(roll) + 0.5), ylim=(low - 0.5, high - 0.5), xlabel="step", ylabel="pitch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.spines[["top", "right"]].set_visible(False)
    if not certain:
        shades = LinearSegmentedColormap.from_list("shades", ["white", COLOUR])
        figure.colorbar(ScalarMappable(cmap=shades), ax=axes, label="probability", pad=0.01)
    figure.savefig(path)


def _octaves(roll):
    """From the C at or below the lowest sounding pitch to the C above the highest, on the piano."""
    sounding = np.flatnonzero((roll >= 0.01).any(axis=0)) + LOWEST
    if not len(sounding):
        return 60, 73
    low, high = sounding.min() // 12 * 12, -(-sounding.max() // 12) * 12 + 1
    return max(int(low), LOWEST), min(max(int(high), int(low) + 13), LOWEST + KEYS)
