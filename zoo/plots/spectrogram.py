import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zoo.plots.labels import families, label


@dataclass(frozen=True, eq=False)
class SoundPanel:
    """A sound and what was made of it.

    Args:
        frames: (S, D), of a spectrogram: bands from low to high.
        rows: (K, P), what is drawn above it: where each symbol looked, or how likely each was; the P places go over the
            whole sound, evenly.
        names: of the rows.
        title: above the picture: the transcript.
        reference: the true transcript, if it is known; it stands above the title.
    """

    frames: np.ndarray
    rows: np.ndarray
    names: Sequence[str]
    title: str = ""
    reference: str = ""

    @property
    def heading(self) -> str:
        """The lines above the picture."""
        return f"true: {self.reference}\noutput: {self.title or '(nothing)'}" if self.reference else self.title


def plot_over_sound(
    sounds: Sequence[SoundPanel], path: str | os.PathLike, *, stride: float = 10.0, reduction: int = 1
) -> None:
    """Draws rows of weights over the spectrograms of sounds, in one time: symbols at the side, frames below.

    Args:
        sounds: what is drawn, one below the other.
        path: of the picture; its ending chooses the format.
        stride: milliseconds between frames.
        reduction: frames behind one place of the rows; the last place may have fewer.
    Raises:
        ValueError: no sound, or one whose rows do not go over its frames or have other names.
    """
    from matplotlib.figure import Figure

    if not sounds:
        raise ValueError("There is nothing to draw: no sound was given.")
    for number, one in enumerate(sounds):
        positions = -(-len(one.frames) // reduction)
        if np.ndim(one.frames) != 2 or np.shape(one.rows) != (len(one.names), positions) or not len(one.names):
            raise ValueError(
                f"Sound {number} needs a row for each name and a column for every {reduction} frames, "
                f"({len(one.names)}, {positions}). Received: rows {np.shape(one.rows)}, frames {np.shape(one.frames)}"
            )
    largest = max(float(np.max(one.rows)) for one in sounds) or 1.0
    longest = max(len(one.frames) for one in sounds) * stride / 1000
    heights = [height for one in sounds for height in (0.25 + 0.2 * len(one.names), 1.3)]
    headings = sum(0.6 + 0.15 * one.heading.count("\n") for one in sounds)
    figure = Figure(figsize=(min(12.0, 2.5 + 3.5 * longest), headings + sum(heights)), dpi=120)
    figure.set_layout_engine("constrained", h_pad=0.02, hspace=0.02)
    panels = figure.subplots(2 * len(sounds), 1, squeeze=False, gridspec_kw={"height_ratios": heights})[:, 0]
    for above, below, one in zip(panels[::2], panels[1::2], sounds, strict=True):
        seconds = len(one.frames) * stride / 1000
        wide = one.rows.shape[1] * reduction * stride / 1000  # the last place may reach beyond the sound
        image = above.imshow(
            one.rows, cmap="Blues", vmin=0, vmax=largest, aspect="auto", interpolation="nearest",
            extent=(0, wide, len(one.names) - 0.5, -0.5),
        )  # fmt: skip
        shown = [label(name) for name in one.names]
        fonts = families([*shown, *one.heading.split("\n")])
        above.set_yticks(range(len(shown)), shown, fontfamily=fonts, fontsize=8, parse_math=False)
        above.set_title(one.heading, fontfamily=fonts, fontsize=9, loc="left", parse_math=False)
        above.tick_params(axis="both", length=0, labelbottom=False)
        below.imshow(
            np.asarray(one.frames).T, cmap="magma", aspect="auto", origin="lower", interpolation="nearest",
            extent=(0, seconds, 0.5, np.shape(one.frames)[1] + 0.5),
        )  # fmt: skip
        below.set_ylabel("mel band", fontsize=8)
        below.tick_params(labelsize=8)
        for axes in (above, below):
            axes.set_xlim(0, longest)
            axes.spines[["top", "right"]].set_visible(False)
    panels[-1].set_xlabel("seconds", fontsize=8)
    figure.colorbar(image, ax=list(panels[::2]), pad=0.01, fraction=0.02, shrink=0.9).ax.tick_params(labelsize=8)
    figure.savefig(path)
