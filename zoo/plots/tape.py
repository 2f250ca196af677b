import os
from collections.abc import Mapping

import numpy as np

FEW, MIN_WEIGHT = 40, 0.02  # slots that are always all shown; the weight from which on one is in use
SHAPES = {
    "inputs": "(T, F)",
    "outputs": "(T, O)",
    "targets": "(T, O)",
    "added": "(T, W)",
    "read": "(T, W)",
    "write_weights": "(T, heads, N)",
    "read_weights": "(T, heads, N)",
}
COLOUR, MISSED = "#08306b", "outputs minus targets"


def plot_tape(
    tape: Mapping[str, np.ndarray | None], path: str | os.PathLike, *, answer_steps: np.ndarray | None = None
) -> None:
    """Draws what a Neural Turing Machine did with one sequence, time from left to right: beside each other what it was
    given and what it outputs, what was wanted and by how much it was missed, what was added to the memory and what was
    read, and where each head wrote and read.

    Of a memory of more than 40 slots only those are shown between the first and the last that a head puts a weight of
    0.02 on, or twice an even share; the titles name them. Slots are in a ring, and so the last may stand beside slot 0.

    Args:
        tape: "inputs", "outputs", "targets" (None where they are not known), "added", "read", "write_weights" and
            "read_weights" of one sequence, without padding.
        path: of the picture; its ending chooses the format.
        answer_steps: weights (T,) of the steps that count, above 0; outputs and errors of the others are veiled.
    Shapes:
        inputs (T, F), outputs (T, O), targets (T, O), added (T, W), read (T, W), write_weights (T, heads, N),
        read_weights (T, heads, N), answer_steps (T,).
    Raises:
        ValueError: an array that is missing, of another shape, or not of finite numbers; weights that are none.
    Reference: Graves et al. 2014, figure 6 (arXiv:1410.5401).
    """
    from matplotlib.figure import Figure

    arrays = _checked(tape, answer_steps)
    rows = _rows(arrays)
    steps = len(arrays["inputs"])
    heights = [max(0.55, min(3.0, 0.085 * max(panel[1].shape[1] for panel in row if panel))) for row in rows]
    width = min(9.0, max(3.0, 0.09 * steps))
    size = (2 * (width + 1.1), sum(heights) + 0.42 * len(rows) + 0.4)
    figure = Figure(figsize=size, layout="constrained", dpi=120)
    grid = figure.subplots(len(rows), 2, squeeze=False, gridspec_kw={"height_ratios": heights})
    for number, (row, pair) in enumerate(zip(rows, grid, strict=True)):
        for side, (panel, axes) in enumerate(zip(row, pair, strict=True)):
            if panel is None:
                axes.set_axis_off()
                continue
            _draw(figure, axes, *panel)
            if answer_steps is not None and panel[0] in ("outputs", MISSED):
                _veil(axes, np.flatnonzero(np.asarray(answer_steps) <= 0))
            if any(below[side] for below in rows[number + 1 :]):
                axes.tick_params(labelbottom=False)
            else:
                axes.set_xlabel("step", fontsize=8)
    figure.savefig(path)


def _rows(arrays):
    """Pairs of panels, left and right; each is its title, values (T, rows), and the number of its first row and of all
    rows if they are in a ring."""
    missed = arrays["outputs"] - arrays["targets"] if "targets" in arrays else None
    rows = [(("inputs", arrays["inputs"]), ("outputs", arrays["outputs"]))]
    if missed is not None:
        rows.append((("targets", arrays["targets"]), (MISSED, missed)))
    rows.append((("added", arrays["added"]), ("read", arrays["read"])))
    both = [arrays[f"{name}_weights"] for name in ("write", "read")]
    slots = both[0].shape[2]
    shown = _used(np.concatenate(both, axis=1).max(axis=(0, 1)))
    first, last = int(shown[0]), int(shown[-1])
    where = f"slots {first} to {last}" if first <= last else f"slots {first} to {slots - 1} and 0 to {last}"
    where = f", {where} of {slots}" if len(shown) < slots else ""
    for head in range(max(weights.shape[1] for weights in both)):
        row = []
        for name, weights in zip(("write", "read"), both, strict=True):
            title = f"{name} weights" + (f" of head {head}" if weights.shape[1] > 1 else "") + where
            row.append((title, weights[:, head, shown], first, slots) if head < weights.shape[1] else None)
        rows.append(tuple(row))
    return rows


def _used(most):
    """Slots in the order of the ring, without its longest unused stretch; `most` is the largest weight of each."""
    slots = len(most)
    used = np.flatnonzero(most > max(MIN_WEIGHT, 2 / slots))
    if slots <= FEW or not len(used):
        return np.arange(slots)
    gaps = np.diff(used, append=used[0] + slots)
    start = (used[gaps.argmax()] + gaps.max()) % slots
    shown = (start + np.arange(slots - gaps.max() + 1)) % slots
    return shown if len(shown) < slots else np.arange(slots)


def _draw(figure, axes, title, values, first=0, ring=None):
    from matplotlib import colormaps
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    steps, count = values.shape
    if ring or (title != MISSED and values.min() >= 0 and values.max() <= 1):
        scale = {"cmap": LinearSegmentedColormap.from_list("shades", ["white", COLOUR]), "vmin": 0, "vmax": 1}
    else:
        # What is missed of bits has the scale of bits: hardly anything should look like it.
        most = max(float(abs(values).max()), 1.0 if title == MISSED else 0.0)
        scale = {"cmap": colormaps["RdBu_r"], "vmin": -most, "vmax": most}
    extent = (-0.5, steps - 0.5, count - 0.5, -0.5)
    image = axes.imshow(values.T, aspect="auto", interpolation="nearest", extent=extent, **scale)
    axes.set_title(title, fontsize=9, loc="left", pad=3)
    axes.tick_params(labelsize=7, length=2)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True, min_n_ticks=1))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda row, _: f"{(round(row) + first) % (ring or count)}"))
    if ring:
        axes.set_ylabel("slot", fontsize=8)
    figure.colorbar(image, ax=axes, pad=0.01, aspect=12).ax.tick_params(labelsize=7, length=2)


def _veil(axes, hidden):
    if len(hidden):
        axes.set_title(f"{axes.get_title(loc='left')} (grey: not counted)", fontsize=9, loc="left", pad=3)
    for step in hidden:
        axes.axvspan(step - 0.5, step + 0.5, color="0.85", alpha=0.8, linewidth=0)


def _checked(tape, answer_steps):
    arrays = {}
    for name, shape in SHAPES.items():
        if name == "targets" and tape.get(name) is None:
            continue
        values = np.asarray(tape.get(name, ()), "float64")
        if values.ndim != 2 + name.endswith("weights") or not values.size:
            raise ValueError(
                f"A tape holds {name!r} of one sequence, of the shape {shape}. "
                f"Received: {values.shape if name in tape else 'none'}"
            )
        if not np.isfinite(values).all():
            raise ValueError(f"All of a tape must be finite numbers. Received: {name!r} with {_first_bad(values)}")
        arrays[name] = values
    lengths = {name: len(values) for name, values in arrays.items()} | (
        {} if answer_steps is None else {"answer_steps": len(answer_steps)}
    )
    if len(set(lengths.values())) > 1:
        raise ValueError(f"All of a tape must have the same steps. Received: {lengths}")
    for pair, axis in ((("outputs", "targets"), 1), (("write_weights", "read_weights"), 2)):
        one, other = (arrays[name].shape for name in (pair[0], pair[1] if pair[1] in arrays else pair[0]))
        if one[axis] != other[axis]:
            raise ValueError(f"{pair[0]!r} and {pair[1]!r} must be of one width. Received: {one} and {other}")
    for name in ("write_weights", "read_weights"):
        if arrays[name].min() < -1e-4 or arrays[name].max() > 1 + 1e-4:  # float32 may be off by a little
            raise ValueError(
                f"{name!r} must lie between 0 and 1. Received: {arrays[name].min():.4g} to {arrays[name].max():.4g}"
            )
    return arrays


def _first_bad(values):
    return f"{values[~np.isfinite(values)][0]} at step {np.argwhere(~np.isfinite(values))[0][0]}"
