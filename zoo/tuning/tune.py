"""A search job from its arguments to its folder: `zoo.tune(recipe, ...)`, which `zoo tune RECIPE` calls."""

import importlib
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import keras

from zoo.experiments.recipe import load_recipe
from zoo.experiments.trial import ConfigurationError
from zoo.inference.run_folder import NEXT, Run, write_json
from zoo.lookup import lookup
from zoo.plots.search import plot_search
from zoo.storage.commit import finish_commit, remove_temporaries
from zoo.storage.files import replace_file
from zoo.storage.lock import exclusive_lock
from zoo.training.metrics.direction import higher_is_better
from zoo.tuning import on_ray
from zoo.tuning import space as spaces
from zoo.tuning.folder import (
    FIXED,
    RECORD,
    arguments_of_former,
    check_same,
    current_search,
    has_results,
    is_finished,
    publish_search,
    read_former,
    remove_search,
)
from zoo.tuning.hparams import write_hparams
from zoo.tuning.proposals import TUNERS, Proposals
from zoo.tuning.search import Search
from zoo.tuning.trials import Trial, best_of, show_values

ENGINES = {"processes": "worker processes of this machine", "ray": "a Ray cluster, or this machine as one"}
# Trials of a search that nobody limits and that does not end by itself.
TRIALS = 30


@dataclass(frozen=True)
class SearchResult:
    """What a search found.

    Args:
        folder: with trials.csv, trials.jsonl, best.json, search.png, and the run in `best`.
        trials: all of them.
        best: the one of the best score.
        run: the model trained anew with its values; predicts and generates.
    """

    folder: Path
    trials: list[Trial]
    best: Trial
    run: Run

    @property
    def table(self) -> list[dict[str, Any]]:
        """The rows of trials.csv."""
        return [trial.row for trial in self.trials]


def tune(
    recipe: str | ModuleType,
    *,
    out: str | Path,
    tuner: str | None = None,
    objective: str | None = None,
    trials: int | None = None,
    hours: float | None = None,
    max_parameters: int | None = None,
    max_failed: int = 5,
    workers: int = 1,
    engine: str | None = None,
    space: Callable[[Any], dict[str, Any]] | None = None,
    resume: bool = False,
    force: bool = False,
    verbose: int = 1,
    **arguments: Any,
) -> SearchResult:
    """Searches the arguments with which a recipe does best, and trains its model with them.

    Trials run in processes of their own, which are renewed every few trials and replaced when they die; each goes on
    from its last epoch. Killed at any moment and resumed, a search ends with the same trials and the same best.

    Args:
        recipe: its name ("sentiment"), or its module, of a package with a module `trial` as `recipes` is: what a trial
            runs.
        out: the folder of the search.
        tuner: random (the default), bayesian, hyperband or grid; with Ray also asha.
        objective: a figure that the training logs ("val_loss") or one of the recipe's own on the validation data
            ("bleu"); what the recipe watches if None. Whether more of it is better is told by its name.
        trials: how many. If neither they nor the hours are limited: as many as a resumed search was begun with, or 30
            if the tuner does not end by itself.
        hours: no trial is begun later than this.
        max_parameters: a larger model is not trained.
        max_failed: failed trials that are borne.
        workers: trials at the same time; they share the GPUs, or the processor.
        engine: processes (the default), or ray, of which only your own searches may be resumed: it unpickles its state,
            which can run code.
        space: instead of the recipe's own: takes keras_tuner.HyperParameters, returns arguments of the recipe.
        resume: continue a search that was killed, or with more trials one that has ended. Only trials, hours,
            max_failed and workers may be others than before; what is not given is as it was.
        force: begin anew in a folder that holds something; a finished search is replaced when the new one has ended.
        verbose: 0 is silent.
        **arguments: of the recipe and of its training (seed, epochs, quick, precision ...), the same in all trials.
            What is given is not searched.
    Raises:
        ConfigurationError: an error that no trial would avoid (no such objective, no data); the data have changed.
            Where no trial has ended before, nothing is left in the folder.
        TooManyFailedError: more trials failed than are borne.
        ValueError: no trial completed; another search than the one that is resumed; a number out of its range.
        FileExistsError: the folder holds something.
        FolderInUseError: another process searches there.
    """
    out, recipe = Path(out).expanduser(), load_recipe(recipe)
    job = importlib.import_module(f"{recipe.__package__}.trial")
    _check_numbers(trials=trials, hours=hours, max_parameters=max_parameters, workers=workers, max_failed=max_failed)
    if engine is not None:
        lookup("engine", engine, ENGINES)
    with exclusive_lock(out):
        finish_commit(out)
        remove_temporaries(out)
        if is_finished(out / NEXT):  # killed between the end of the search and the last step
            publish_search(out)
    former = read_former(out, resume=resume, force=force)
    if former:
        current = {"engine": engine, "tuner": tuner, "objective": objective, "max_parameters": max_parameters}
        arguments = arguments_of_former(out, former, {"recipe": recipe.__name__, **current}, arguments)
        engine, tuner, objective, max_parameters = (former[name] for name in FIXED)
    engine, tuner = engine or "processes", tuner or "random"
    lookup("tuner", tuner, on_ray.TUNERS if engine == "ray" else TUNERS)
    if former and engine == "ray" and trials not in (None, former.get("trials")):
        raise ValueError(
            f"Ray draws all trials before the first: the search in {out} was started with trials="
            f"{former.get('trials')}. Received: trials={trials}. Omit it, or start over with --force."
        )
    given = job.prepare(recipe, arguments)
    searchable = spaces.read_space(space or recipe.space, fixed=given["arguments"], without=given["idle"])
    objective = objective or given["monitor"]
    if trials is None and hours is None:
        trials = former.get("trials") or (TRIALS if tuner in ("random", "bayesian", "asha") else None)
    record = {
        "recipe": recipe.__name__,
        "engine": engine,
        "tuner": tuner,
        "objective": objective,
        "arguments": arguments,
        "max_parameters": max_parameters,
        "trials": former.get("trials", trials),  # what it was begun with, by which proposals are made
        "space": spaces.fingerprint(searchable),
        "backend": keras.backend.backend(),
        "versions": {"keras": keras.__version__, "keras-tuner": version("keras-tuner")},
    }
    check_same(out, former, record)
    names = [name for name in spaces.searched(searchable) if name not in given["idle"]]
    if verbose:
        extreme = "largest" if higher_is_better(objective) else "smallest"
        print(f"Searching {', '.join(names)} for the {extreme} {objective}.")
    proposals = Proposals(
        tuner="random" if tuner == "asha" else tuner,
        space=searchable,
        rising=higher_is_better(objective),
        seed=given["seed"],
        trials=record["trials"],
        epochs=given["epochs"],
    )
    if verbose and proposals.rounds:
        print(_show_rounds(proposals, record["trials"]))

    def chosen(values):
        made = spaces.arguments_of(space or recipe.space, searchable, values)
        for name in made:
            lookup(f"argument of {given['recipe']} in the space of the search", name, dict.fromkeys(given["known"]))
        return {
            name: value for name, value in made.items() if name not in given["arguments"] and name not in given["idle"]
        }

    chosen(searchable.values)  # refuses a misspelt name before anything is written
    with exclusive_lock(out):
        work = current_search(out) if former else out
        if force:
            work = out / NEXT if is_finished(out) else out
            remove_search(work)
            work.mkdir(exist_ok=True)
        if work != out and verbose:
            print(f"{out} keeps its finished search until the new one has ended; the new one is in {work}.")
        write_json(work / RECORD, record)
        options = {key: given[key] for key in ("recipe", "settings", "arguments")}
        what: dict[str, Any] = {
            "folder": work,
            "proposals": proposals,
            "arguments": chosen,
            "function": f"{job.__name__}:run",
            "options": {**options, "objective": objective, "max_parameters": max_parameters},
            "workers": workers,
            "objective": objective,
            "rising": higher_is_better(objective),
            "trials": trials,
            "hours": hours,
            "max_failed": max_failed,
            "verbose": verbose,
        }
        try:
            if engine == "ray":
                found = on_ray.search_on_ray(**what, epochs=given["epochs"], asha=tuner == "asha")
            else:
                found = Search(**what).run()
        except ConfigurationError:
            if not former and not has_results(work):
                remove_search(work)
            raise
        _draw(work, found, objective, spaces.scales(searchable))
        best = best_of(found, rising=higher_is_better(objective))
        if best is None:
            raise ValueError(
                f"No trial of {len(found)} completed: {', '.join(sorted({trial.status for trial in found}))}. "
                f"See {work / 'trials.csv'}."
            )
        if verbose:
            print(f"Best: trial {best.number}, {objective} {best.score:.4f}: {show_values(best.values)}")
            print(f"Training with them in {work / 'best'}:")
        run = job.finish(best.values, out=work / "best", verbose=verbose, **options)
        if work != out:
            publish_search(out)
        return SearchResult(out, found, best, replace(run, folder=out / "best"))


def _check_numbers(*, hours: float | None, **counts: int | None) -> None:
    """Refuse numbers with which nothing could be tried."""
    if hours is not None and not 0 < hours < math.inf:
        raise ValueError(f"hours is a finite number above 0. Received: {hours}")
    for name, count in counts.items():
        least = int(name != "max_failed")
        if count is not None and count < least:
            raise ValueError(f"{name} is at least {least}. Received: {count}")


def _show_rounds(proposals: Proposals, trials: int | None) -> str:
    """Say in one line how Hyperband halves the trials it begins with, or that there are too few to halve any."""
    first, *others = proposals.rounds
    if not others:
        return (
            f"Hyperband halves nothing: with {trials} trial{'s' * (trials != 1)} each trains to epoch {first[1]}, as "
            f"random search does. From --trials {proposals.least_halved} on the worse ones end early."
        )
    on = "".join(f", the best {count} until epoch {epochs}" for count, epochs in others)
    return f"Hyperband begins with {first[0]} trials of {first[1]} epochs{on}."


def _draw(out, trials, objective, scales):
    if any(trial.score is not None for trial in trials):
        with replace_file(out / "search.png") as path:
            rows = [trial.row for trial in trials]
            plot_search(rows, path, objective=objective, rising=higher_is_better(objective), scales=scales)
    write_hparams(out / "tensorboard", trials, objective=objective)
