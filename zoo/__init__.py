"""Sequence models on Keras 3: built by name, trained by recipes, saved with their vocabularies."""

try:
    import keras  # noqa: F401
except ModuleNotFoundError as error:
    if error.name in ("tensorflow", "jax", "torch"):
        raise ModuleNotFoundError(
            f"Keras is set to the backend {error.name!r}, which is not installed. Install one with "
            "`pip install 'seqzoo[tensorflow]'` (or `[jax]`, `[torch]`), and choose it by KERAS_BACKEND.",
            name=error.name,
        ) from error
    raise

import zoo.plots
import zoo.training.losses
import zoo.training.schedules
import zoo.training.step_accuracy
import zoo.training.step_cross_entropy  # noqa: F401
from zoo.artifact import Run, load, save
from zoo.build import build, describe, list_models
from zoo.exporting import export
from zoo.generation import generate, stream
from zoo.prediction import Prediction, predict
from zoo.scoring import Score, rescore, score
from zoo.searching import search_tree
from zoo.task import Hypothesis
from zoo.tuning.tune import Found, tune

__version__ = "0.1.0"
__all__ = [
    "Found",
    "Hypothesis",
    "Prediction",
    "Run",
    "Score",
    "build",
    "describe",
    "export",
    "generate",
    "list_models",
    "load",
    "predict",
    "rescore",
    "save",
    "score",
    "search_tree",
    "stream",
    "tune",
]
