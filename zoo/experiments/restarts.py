"""One training from several starts, of which the one is kept that learned its training data best."""

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from zoo.experiments.settings import DEFAULTS, Settings, check_unchanged
from zoo.inference.run_folder import Run, load, read_json, remove_run, write_json
from zoo.storage.lock import LOCKS
from zoo.training.callbacks.early_stopping import best_epoch


def begun_restarts(out: Path) -> dict[str, Any]:
    """What several starts in `out` were begun with, {} if there are none."""
    return read_json(out / "restarts" / "begun.json", ("recipe", "arguments", "settings"))


def check_restarts(out: Path, begun: dict[str, Any], name: str, settings: Settings, arguments: dict[str, Any]) -> None:
    """Make sure that several starts are resumed with what they were started with; their epochs cannot grow.

    Args:
        out, begun: the folder, and its `begun_restarts`.
        name, settings, arguments: of the recipe, as specified now.
    Raises:
        ValueError: something else is specified.
    """
    started = {"recipe": begun["recipe"], **DEFAULTS.record, **begun["settings"], **begun["arguments"]}
    is_set = settings.restarts != 1 or "restarts" in settings.explicit
    several = {"restarts": settings.restarts} if is_set else {}
    check_unchanged(out, started, {"recipe": name, **settings.specified, **several, **arguments}, free=())


def train_restarts(
    train: Callable[..., Run],
    name: str,
    out: Path,
    settings: Settings,
    arguments: dict[str, Any],
    monitor: str,
) -> Run:
    """Trains in `out/restarts/SEED` for as many seeds as there are restarts, and copies the best into `out`.

    The best has the lowest training loss at the epoch whose weights it kept. With `resume` all goes on as it was begun,
    and a start that has finished is not run again. Where examples are generated, every start draws its own.

    Args:
        train: trains one run, as `zoo.experiments.run.train`.
        name: of the recipe.
        out: the folder of the run that is kept.
        settings: the seed is that of the first start.
        arguments: the recipe's own; of starts that are resumed those of `check_restarts`.
        monitor: the metric by which an epoch's weights are kept.
    """
    folder, begun = out / "restarts", begun_restarts(out) if settings.resume else {}
    if begun:
        settings, arguments = replace(settings, **begun["settings"]), begun["arguments"]
    else:
        if settings.force:
            remove_run(out)
        folder.mkdir(parents=True)
        kept = settings.record | {"restarts": settings.restarts}
        write_json(folder / "begun.json", {"recipe": name, "arguments": arguments, "settings": kept})
    runs: dict[int, Run] = {}
    for seed in range(settings.seed, settings.seed + settings.restarts):
        own = folder / str(seed)
        resumed = (own / "recipe.json").is_file()
        one = replace(settings, seed=seed, restarts=1, resume=resumed, force=not resumed)
        if settings.verbose:
            print(f"Start {seed - settings.seed + 1} of {settings.restarts}, seed {seed}:")
        runs[seed] = train(name, out=own, settings=one, **({} if resumed else arguments))
    losses = {seed: _kept_loss(run.folder, monitor) for seed, run in runs.items()}
    best = min(losses, key=lambda seed: (losses[seed], seed))
    starts = {str(seed): {"loss": losses[seed], "test": run.metrics["test"]} for seed, run in runs.items()}
    shutil.copytree(folder / str(best), out, dirs_exist_ok=True, ignore=shutil.ignore_patterns("metrics.json", *LOCKS))
    write_json(out / "metrics.json", runs[best].metrics | {"restarts": starts})  # with it the run is whole
    return load(out)


def show_restarts(run: Run) -> str:
    """The starts of a run, each with its training loss and the first of its test figures."""
    lines = []
    for seed, start in run.metrics["restarts"].items():
        figure, value = next(iter(start["test"].items()))
        loss, shown = ("-" if number is None else f"{number:.4f}" for number in (start["loss"], value))
        lines.append(f"seed {seed}: training loss {loss}, test {figure} {shown}")
    return "\n".join([*lines, f"Kept: seed {run.recipe['seed']}, of the lowest training loss."])


def _kept_loss(folder: Path, monitor: str) -> float:
    """The training loss of the epoch whose weights were kept."""
    with open(folder / "history.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return float(best_epoch(rows, monitor)["loss"])
