"""Pictures of what models do. Each function draws into a file, with matplotlib, which only these files import."""

from zoo.plots.alignments import plot_alignment, plot_alignments
from zoo.plots.beam import plot_beam
from zoo.plots.captions import plot_captions, plot_clips
from zoo.plots.copy_gate import plot_copy_gates
from zoo.plots.curves import plot_curves
from zoo.plots.drawings import plot_drawings
from zoo.plots.forecasts import plot_forecasts
from zoo.plots.gradient_by_lag import plot_gradient_by_lag
from zoo.plots.hops import plot_hops
from zoo.plots.next_token import plot_next_tokens
from zoo.plots.piano_roll import plot_piano_roll
from zoo.plots.pictures import plot_pictures
from zoo.plots.polygons import plot_polygons
from zoo.plots.rewards import plot_rewards
from zoo.plots.search import plot_search
from zoo.plots.spectrogram import plot_over_sound
from zoo.plots.tape import plot_tape
from zoo.plots.trees import plot_trees

__all__ = [
    "plot_alignment",
    "plot_alignments",
    "plot_beam",
    "plot_captions",
    "plot_clips",
    "plot_copy_gates",
    "plot_curves",
    "plot_drawings",
    "plot_forecasts",
    "plot_gradient_by_lag",
    "plot_hops",
    "plot_next_tokens",
    "plot_over_sound",
    "plot_piano_roll",
    "plot_pictures",
    "plot_polygons",
    "plot_rewards",
    "plot_search",
    "plot_tape",
    "plot_trees",
]
