"""The public names of the package."""

import zoo.plots
import zoo.training.losses
import zoo.training.metrics.step_accuracy
import zoo.training.metrics.step_cross_entropy
import zoo.training.schedules  # noqa: F401
from zoo.build import build, describe, list_models
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.inference.codec import Hypothesis
from zoo.inference.export import export
from zoo.inference.generate import generate, stream
from zoo.inference.predict import Prediction, predict
from zoo.inference.run import Run, load, save
from zoo.inference.score import Score, rescore, score
from zoo.inference.search_tree import search_tree
from zoo.tuning.tune import SearchResult, tune

__all__ = [
    "Hypothesis",
    "Prediction",
    "Run",
    "Score",
    "SearchResult",
    "Settings",
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
    "train",
    "tune",
]
