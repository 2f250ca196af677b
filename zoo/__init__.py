"""Sequence models on Keras 3: built by name, trained by recipes, saved with their vocabularies."""

from importlib.metadata import version

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
import zoo.training.metrics.step_accuracy
import zoo.training.metrics.step_cross_entropy
import zoo.training.schedules  # noqa: F401
from zoo.build import build, describe, list_models
from zoo.inference.codec import Hypothesis
from zoo.inference.export import export
from zoo.inference.generate import generate, stream
from zoo.inference.predict import Prediction, predict
from zoo.inference.run_folder import Run, load, save
from zoo.inference.score import Score, rescore, score
from zoo.inference.search_tree import search_tree
from zoo.tuning.tune import SearchResult, tune

__version__ = version("seqzoo")
__all__ = [
    "Hypothesis",
    "Prediction",
    "Run",
    "Score",
    "SearchResult",
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
