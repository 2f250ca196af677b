"""One training from several seeds, of which the run is kept that learned its training data best."""

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from zoo.experiments.recipe import Recipe
from zoo.experiments.settings import Settings, monitor_of
from zoo.inference.run import Run, load, run_folder
from zoo.storage.json_files import read_json, write_json
from zoo.storage.lock import LOCKS
from zoo.storage.run_folder import RunFolder
from zoo.training.callbacks.early_stopping import best_epoch

FOLDER = "restarts"


def train_restarts(
    train: Callable[..., Run],
    recipe: Recipe,
    work: RunFolder,
    settings: Settings,
    arguments: dict[str, Any],
    *,
    resumed: bool,
) -> Run:
    """Train in `restarts/SEED` for as many seeds as there are restarts, and copy the best run into the folder.

    The best has the lowest training loss at the epoch whose weights it kept. A run that has finished is not trained
    again. Where examples are generated, every run draws its own.

    Args:
        train: trains one run, as `zoo.experiments.run.train`.
        recipe, arguments: the recipe and its arguments.
        work: the folder of the run that is kept.
        settings: the seed is that of the first run.
        resumed: whether these restarts were started before.
    """
    if not resumed:
        if settings.force:
            work.clear()
        work.start({"recipe": recipe.name, "arguments": arguments, **settings.record, "data": None})
    runs: dict[int, Run] = {}
    for seed in range(settings.seed, settings.seed + settings.restarts):
        folder = run_folder(work.path / FOLDER / str(seed))
        goes_on = folder.state != "empty"
        one = replace(settings, seed=seed, restarts=1, resume=goes_on, force=not goes_on, explicit=frozenset())
        if settings.verbose:
            print(f"Run {seed - settings.seed + 1} of {settings.restarts}, seed {seed}:")
        runs[seed] = train(recipe, out=folder.path, settings=one, **arguments)
    losses = {seed: _training_loss(run, recipe) for seed, run in runs.items()}
    best = min(losses, key=lambda seed: (losses[seed], seed))
    best_folder = runs[best].folder
    ignored = shutil.ignore_patterns(work.record, work.result, *LOCKS)
    shutil.copytree(best_folder, work.path, dirs_exist_ok=True, ignore=ignored)
    restarts = {"restarts": settings.restarts, "first_seed": settings.seed}
    write_json(work.path / work.record, read_json(best_folder / work.record) | restarts)
    tests = {str(seed): {"loss": losses[seed], "test": run.metrics["test"]} for seed, run in runs.items()}
    write_json(work.path / work.result, runs[best].metrics | {"restarts": tests})  # with it the run has finished
    return load(work.path)


def print_restarts(run: Run) -> None:
    """Print the runs of several seeds, each with its training loss and the first of its test metrics."""
    for seed, one in run.metrics["restarts"].items():
        name, value = next(iter(one["test"].items()))
        loss, shown = ("-" if number is None else f"{number:.4f}" for number in (one["loss"], value))
        print(f"seed {seed}: training loss {loss}, test {name} {shown}")
    print(f"Kept: seed {run.recipe['seed']}, of the lowest training loss.")


def _training_loss(run: Run, recipe: Recipe) -> float:
    """The training loss of the epoch whose weights were kept."""
    with open(Path(run.folder) / "history.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return float(best_epoch(rows, monitor_of(recipe, run.recipe["arguments"]))["loss"])
