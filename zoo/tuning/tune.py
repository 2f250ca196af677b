"""A search job from its arguments to its folder: `zoo.tune(recipe, ...)`, which `zoo tune RECIPE` calls."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from zoo.experiments.recipe import Recipe, load_recipe
from zoo.experiments.trial import ConfigurationError, run_trial, train_best
from zoo.inference.run import Run
from zoo.plots.search import plot_search
from zoo.storage.files import replace_file
from zoo.storage.lock import exclusive_lock
from zoo.storage.run_folder import RunFolder
from zoo.tuning import on_ray
from zoo.tuning import space as spaces
from zoo.tuning.folder import has_results, search_folder
from zoo.tuning.hparams import write_hparams
from zoo.tuning.job import SearchJob
from zoo.tuning.plan import SearchPlan, make_plan
from zoo.tuning.proposals import Proposals
from zoo.tuning.search import Search
from zoo.tuning.trials import Trial, best_of, show_values


@dataclass(frozen=True)
class SearchResult:
    """The result of a search.

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
    recipe: str | Path | ModuleType | Recipe,
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
    """Search the arguments with which a recipe does best, and train its model with them.

    Trials run in processes of their own, which are renewed every few trials and replaced when they die; each continues
    from its last epoch. Killed at any moment and resumed, a search ends with the same trials and the same best.

    Args:
        recipe: its name ("sentiment"), the path of its Python file, or its module.
        out: the folder of the search.
        tuner: random (the default), bayesian, hyperband or grid; with Ray also asha.
        objective: a metric that the training logs ("val_loss") or one of the recipe's own on the validation data
            ("bleu"); none: the metric that the recipe monitors. Its name decides whether more of it is better.
        trials: how many. If neither they nor the hours are limited: as many as a resumed search was started with, or 30
            if the tuner does not end by itself.
        hours: no trial is started later than this.
        max_parameters: a larger model is not trained.
        max_failed: failed trials that are allowed.
        workers: trials at the same time; they share the GPUs, or the processor.
        engine: processes (the default), or ray, of which only your own searches may be resumed: it unpickles its state,
            which can run code.
        space: instead of the recipe's own: takes keras_tuner.HyperParameters, returns arguments of the recipe.
        resume: continue a search that was killed, or with more trials one that has ended. Only trials, hours,
            max_failed and workers may be others than before; what is not given is as it was.
        force: start over in a folder that holds something; a finished search is replaced when the new one has ended.
        verbose: 0 is silent.
        **arguments: of the recipe and of its training (seed, epochs, quick, precision ...), the same in all trials.
            What is given is not searched.
    Raises:
        ConfigurationError: an error that no trial would avoid (no such objective, no data); the data have changed.
            Where no trial has ended before, nothing is left in the folder.
        TooManyFailedError: more trials failed than are allowed.
        ValueError: no trial completed; another search than the one that is resumed; a number out of its range.
        FileExistsError: the folder holds something.
        FolderInUseError: another process searches there.
    """
    folder, recipe = search_folder(out), load_recipe(recipe)
    _check_numbers(trials=trials, hours=hours, max_parameters=max_parameters, workers=workers, max_failed=max_failed)
    with exclusive_lock(folder.path):
        folder.recover()
        folder.check_free(resume=resume, force=force)
        started = folder.current.read() if resume else {}
        fixed = {"engine": engine, "tuner": tuner, "objective": objective, "max_parameters": max_parameters}
        plan = make_plan(recipe, folder, started, fixed, trials, hours, space, arguments)
        proposals = _proposals(plan, verbose)
        work = _work_folder(folder, started, force, verbose)
        work.start(plan.record)
        limits = {"workers": workers, "hours": hours, "max_failed": max_failed, "verbose": verbose}
        trials_done = _run(plan, proposals, work, keep=bool(started), limits=limits)
        best = _report(plan, trials_done, work.path, verbose)
        run = train_best(best.values, out=work.path / "best", verbose=verbose, **plan.trials.options)
        if work.path != folder.path:
            folder.publish()
        return SearchResult(folder.path, trials_done, best, replace(run, folder=folder.path / "best"))


def _proposals(plan: SearchPlan, verbose: int) -> Proposals:
    """What proposes the values of trials."""
    names = [name for name in spaces.searched(plan.hyperparameters) if name not in plan.trials.unused]
    if verbose:
        extreme = "largest" if plan.rising else "smallest"
        print(f"Searching {', '.join(names)} for the {extreme} {plan.objective}.")
    proposals = Proposals(
        tuner="random" if plan.tuner == "asha" else plan.tuner,
        space=plan.hyperparameters,
        rising=plan.rising,
        seed=plan.trials.seed,
        trials=plan.record["trials"],
        epochs=plan.trials.epochs,
    )
    if verbose and proposals.rounds:
        print(_show_rounds(proposals, plan.record["trials"]))
    return proposals


def _work_folder(folder: RunFolder, started: dict[str, Any], force: bool, verbose: int) -> RunFolder:
    """The folder to write to: beside a finished search that the new one will replace, it is within its folder."""
    work = folder.current if started else folder
    if force:
        work = folder.next if folder.state == "finished" else folder
        work.clear()
    if work.path != folder.path and verbose:
        print(f"{folder.path} keeps its finished search until the new one has ended; the new one is in {work.path}.")
    return work


def _run(plan: SearchPlan, proposals: Proposals, work: RunFolder, *, keep: bool, limits: dict[str, Any]) -> list[Trial]:
    """Run the trials; where none has ended before an error of configuration, leave nothing in the folder."""
    job = SearchJob(
        folder=work.path,
        proposals=proposals,
        arguments=plan.arguments,
        function=f"{run_trial.__module__}:{run_trial.__name__}",  # worker processes import it
        options={**plan.trials.options, "objective": plan.objective, "max_parameters": plan.max_parameters},
        objective=plan.objective,
        rising=plan.rising,
        trials=plan.limit,
        **limits,
    )
    try:
        if plan.engine == "ray":
            return on_ray.search_on_ray(job, epochs=plan.trials.epochs, asha=plan.tuner == "asha")
        return Search(job).run()
    except ConfigurationError:
        if not keep and not has_results(work.path):
            work.clear()
        raise


def _report(plan: SearchPlan, trials: list[Trial], folder: Path, verbose: int) -> Trial:
    """Draw the search, and return the best trial."""
    if any(trial.score is not None for trial in trials):
        with replace_file(folder / "search.png") as path:
            rows, scales = [trial.row for trial in trials], spaces.scales(plan.hyperparameters)
            plot_search(rows, path, objective=plan.objective, rising=plan.rising, scales=scales)
    write_hparams(folder / "tensorboard", trials, objective=plan.objective)
    best = best_of(trials, rising=plan.rising)
    if best is None:
        raise ValueError(
            f"No trial of {len(trials)} completed: {', '.join(sorted({trial.status for trial in trials}))}. "
            f"See {folder / 'trials.csv'}."
        )
    if verbose:
        print(f"Best: trial {best.number}, {plan.objective} {best.score:.4f}: {show_values(best.values)}")
        print(f"Training with them in {folder / 'best'}:")
    return best


def _check_numbers(*, hours: float | None, **counts: int | None) -> None:
    """Refuse numbers with which nothing could be tried."""
    if hours is not None and not 0 < hours < math.inf:
        raise ValueError(f"hours is a finite number above 0. Received: {hours}")
    for name, count in counts.items():
        least = int(name != "max_failed")
        if count is not None and count < least:
            raise ValueError(f"{name} is at least {least}. Received: {count}")


def _show_rounds(proposals: Proposals, trials: int | None) -> str:
    """Return one line on how Hyperband halves the trials it starts with, or that there are too few to halve any."""
    first, *others = proposals.rounds
    if not others:
        return (
            f"Hyperband halves nothing: with {trials} trial{'s' * (trials != 1)} each trains to epoch {first[1]}, as "
            f"random search does. From --trials {proposals.least_halved} on the worse ones end early."
        )
    on = "".join(f", the best {count} until epoch {epochs}" for count, epochs in others)
    return f"Hyperband starts with {first[0]} trials of {first[1]} epochs{on}."
