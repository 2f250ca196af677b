"""One training from several starts, of which the one is kept that learned its training data best."""

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import zoo
from recipes.settings import Settings
from zoo.artifact import read_json, write_json


def train_restarts(train: Callable[..., Any], name: str, out: Path, settings: Settings, arguments: dict) -> None:
    """Trains in `out/restarts/SEED` for as many seeds as there are restarts, and copies the best into `out`.

    The best has the lowest training loss at its end: neither validation nor test decides. A start that has finished is
    not run again with `resume`, so a killed run goes on where it was.

    Args:
        train: trains one run, as `recipes.run.train`.
        name: of the recipe.
        out: the folder of the run that is kept.
        settings: the seed is that of the first start.
        arguments: the recipe's own.
    """
    folder = out / "restarts"
    if settings.force:
        shutil.rmtree(folder, ignore_errors=True)
    runs = {}
    for seed in range(settings.seed, settings.seed + settings.restarts):
        own = folder / str(seed)
        begun = (own / "recipe.json").is_file()
        one = replace(settings, seed=seed, restarts=1, resume=begun, force=not begun)
        if settings.verbose:
            print(f"Start {seed - settings.seed + 1} of {settings.restarts}, seed {seed}:")
        runs[seed] = train(name, out=own, settings=one, **({} if begun else arguments))
    losses = {seed: _last_loss(run.folder) for seed, run in runs.items()}
    best = min(losses, key=lambda seed: (losses[seed], seed))
    starts = {seed: {"loss": losses[seed], "test": run.metrics["test"]} for seed, run in runs.items()}
    shutil.copytree(folder / str(best), out, dirs_exist_ok=True, ignore=shutil.ignore_patterns("metrics.json"))
    write_json(out / "recipe.json", read_json(out / "recipe.json") | {"restarts": settings.restarts})
    write_json(out / "metrics.json", runs[best].metrics | {"restarts": starts})  # with it the run is whole


def show_restarts(run: zoo.Run) -> str:
    """The starts of a run, each with its training loss and the first of its test figures."""
    lines = []
    for seed, start in run.metrics["restarts"].items():
        figure, value = next(iter(start["test"].items()))
        lines.append(f"seed {seed}: training loss {start['loss']:.4f}, test {figure} {value:.4f}")
    return "\n".join([*lines, f"Kept: seed {run.recipe['seed']}, of the lowest training loss."])


def _last_loss(folder: Path) -> float:
    with open(folder / "history.csv", encoding="utf-8", newline="") as file:
        *_, last = csv.DictReader(file)
    return float(last["loss"])
