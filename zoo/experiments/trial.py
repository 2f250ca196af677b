"""One trial of a search: a recipe trained with some values, and its score. The same for every search engine."""

import inspect
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from zoo.data.reading_limit import limited_reading
from zoo.data.splits import Splits
from zoo.experiments.arguments import keyword_arguments
from zoo.experiments.assembly import (
    check_arguments,
    chosen_model,
    load_splits,
    make_model,
    recipe_arguments,
    resolve_arguments,
)
from zoo.experiments.fit import fit, on_one_device
from zoo.experiments.recipe import Recipe, load_recipe
from zoo.experiments.run import train
from zoo.experiments.settings import RUN_ONLY, Settings, check_settings, monitor_of, resolve_settings
from zoo.inference.run import Run, run_folder
from zoo.storage.json_files import read_json, write_json
from zoo.storage.run_folder import is_same
from zoo.training.callbacks.early_stopping import best_epoch
from zoo.training.strategies import distribution_scope


class ConfigurationError(ValueError):
    """A mistake that no other values would fix: the search stops at once."""


# The data of the last trial in this process: the next one mostly has the same.
_cache: dict[str, tuple[Any, Splits]] = {}


@dataclass(frozen=True)
class TrialPlan:
    """The configuration that all trials of a search share.

    Args:
        recipe: the recipe.
        settings: those that are not left at their defaults.
        arguments: of the recipe, the same in all trials.
        known: names of all arguments of the recipe.
        unused: names of arguments that the chosen model does not take, though another of the recipe's does.
        monitor: the metric that a training watches.
        epochs, seed: of a training.
    """

    recipe: Recipe
    settings: dict[str, Any]
    arguments: dict[str, Any]
    known: tuple[str, ...]
    unused: frozenset[str]
    monitor: str
    epochs: int
    seed: int

    @property
    def options(self) -> dict[str, Any]:
        """The arguments of `run_trial` and `train_best` that define what is trained, as JSON can hold them."""
        return {"recipe": self.recipe.name, "settings": self.settings, "arguments": self.arguments}


def plan_trials(recipe: Recipe, arguments: Mapping[str, Any]) -> TrialPlan:
    """Separate settings from a recipe's arguments, and check both before the first trial.

    Raises:
        TypeError: an argument that neither takes. ValueError: a setting that a search cannot use.
    """
    names = [name for name in inspect.signature(Settings).parameters if name not in RUN_ONLY]
    settings = {name: value for name, value in arguments.items() if name in names}
    own = {name: value for name, value in arguments.items() if name not in settings}
    check_settings(Settings(**settings), own)
    choice = chosen_model(recipe, own)
    check_arguments(recipe, choice, own)
    resolved = resolve_settings(recipe, Settings(**settings))
    assert resolved.epochs is not None
    taken = set(recipe_arguments(recipe, choice))
    known = dict.fromkeys(name for other in recipe.MODELS for name in recipe_arguments(recipe, other))
    return TrialPlan(
        recipe=recipe,
        settings=settings,
        arguments=own,
        known=tuple(known),
        unused=frozenset(set(known) - taken) if recipe.CHOICE in own else frozenset(),
        monitor=monitor_of(recipe, own),
        epochs=resolved.epochs,
        seed=resolved.seed,
    )


def train_best(
    values: Mapping[str, Any],
    *,
    out: Path,
    recipe: str,
    settings: Mapping[str, Any],
    arguments: Mapping[str, Any],
    verbose: int = 1,
) -> Run:
    """Train the recipe with the values that a search found best, and leave its run folder.

    A run that is there with these values is continued, or taken as it is; one with others is replaced.
    """
    combined = {**arguments, **values}
    started = run_folder(out).current.read().get("arguments", {})
    resume = bool(started) and is_same(started, combined)
    chosen = Settings(**settings, resume=resume, force=not resume, verbose=verbose)
    return train(recipe, out=out, settings=chosen, **combined)


def run_trial(
    values: Mapping[str, Any],
    *,
    folder: str | Path,
    recipe: str,
    objective: str,
    settings: Mapping[str, Any] | None = None,
    arguments: Mapping[str, Any] | None = None,
    max_parameters: int | None = None,
    until: int | None = None,
    parent: str | None = None,
    first: bool = False,
    data: str | None = None,
    report: Callable[[dict[str, float]], None] | None = None,
) -> dict[str, Any]:
    """Train a recipe with some values and return the score; killed at any moment, it continues where it was.

    Args:
        values: the arguments of the recipe that a search chose.
        folder: of this trial: checkpoint, history and result lie there.
        recipe: its name, or the path of its file.
        objective: a metric of the training ("val_accuracy"), which counts at the epoch whose weights are kept, or one
            of the recipe's `evaluate` on the validation data ("bleu").
        settings: those of `zoo.experiments.settings.Settings` that are not left at their defaults.
        arguments: the recipe's own that are the same in all trials.
        max_parameters: a larger model is not trained.
        until: stop after this epoch, to be continued by another trial.
        parent: folder of the trial that this one continues.
        first: make sure after one epoch that there will be an objective.
        data: fingerprint of the data of other trials, which those of this one must have.
        report: called after every epoch with its metrics.
    Returns:
        status "completed" with score, history, metrics, parameters, seconds and the data's fingerprint; or "too_large"
        with the parameters.
    Raises:
        ConfigurationError: the data cannot be read, or there is no such objective: no other trial will do better.
        Exception: whatever this trial failed with.
    """
    folder, loaded = Path(folder), load_recipe(recipe)
    if result := read_json(folder / "result.json"):
        return result
    begin = time.monotonic()
    _start(folder, parent)
    chosen = resolve_settings(loaded, Settings(**dict(settings or {}), verbose=0))
    assert chosen.epochs is not None
    resolved = resolve_arguments(loaded, {**(arguments or {}), **values}, quick=chosen.quick)
    keras.backend.clear_session()
    keras.utils.set_random_seed(chosen.seed)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(chosen.precision)
    try:
        splits = _cached_splits(loaded, resolved, chosen, searched=values)
        _check_data(folder, splits.fingerprint, data)
        with distribution_scope(chosen.strategy) as devices:
            model = make_model(loaded, splits, resolved, epochs=chosen.epochs)
            result = {"parameters": model.count_params(), "data": splits.fingerprint}
            if max_parameters is not None and model.count_params() > max_parameters:
                return {"status": "too_large", **result}
            watch = _Watch(loaded, model, splits, objective, first, report)
            checkpoint = fit(
                loaded, model, splits, resolved, folder, chosen, devices=devices, until=until, callbacks=[watch]
            )
        if devices > 1:
            model = on_one_device(make_model(loaded, splits, resolved, epochs=chosen.epochs), model)
        if not checkpoint.history:
            raise ValueError("A trial needs at least one epoch.")
        result |= _score(loaded, model, splits, objective, checkpoint.history, _monitor(checkpoint))
        result |= {
            "status": "completed",
            "history": checkpoint.history,
            "seconds": round(checkpoint.seconds + time.monotonic() - begin, 3),
        }
        write_json(folder / "result.json", result)
        return result
    finally:
        keras.config.set_dtype_policy(policy)


def _start(folder: Path, parent: str | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if parent and not (folder / "checkpoint.npz").is_file():
        for name in ("history.csv", "checkpoint.npz"):  # the checkpoint last: with it the trial has started
            shutil.copyfile(Path(parent) / name, folder / f"{name}.copy")
            (folder / f"{name}.copy").replace(folder / name)


def _cached_splits(recipe: Recipe, arguments: Mapping[str, Any], settings: Settings, *, searched) -> Splits:
    functions = (recipe.data, recipe.vocabularies, recipe.batches)
    names = {name for function in functions for name in keyword_arguments(function)}
    own = {name: value for name, value in arguments.items() if name in names}
    key = (recipe.name, repr(sorted(own.items(), key=str)), settings.seed, settings.quick)
    if _cache.get("splits", (None,))[0] != key:
        _cache.clear()
        try:
            with limited_reading(arguments, quick=settings.quick, verbose=0):
                splits = load_splits(recipe, arguments, seed=settings.seed)
        except Exception as error:
            if set(own) & set(searched):
                raise
            raise ConfigurationError(f"The data cannot be read: {type(error).__name__}: {error}") from error
        _cache["splits"] = (key, splits)
    splits = _cache["splits"][1]
    splits.train.epoch = 0
    return splits


def _check_data(folder: Path, fingerprint: str, expected: str | None) -> None:
    """Make sure that the data are those of the other trials, and those with which this one was started."""
    started = read_json(folder / "data.json").get("fingerprint")
    for previous in (expected, started):
        if previous not in (None, fingerprint):
            raise ConfigurationError(
                f"The data have changed since the search was started (fingerprint {fingerprint}, then {previous}). "
                "Resume with the same data, or start over with --force."
            )
    write_json(folder / "data.json", {"fingerprint": fingerprint})


def _score(recipe: Recipe, model, splits, objective, history, monitor) -> dict[str, Any]:
    best = best_epoch(history, monitor)
    if objective.startswith("val_") and objective in history[-1]:
        return {"score": best[objective], "metrics": {}}
    # For a name without "val_" the validation data decide, though training may log a metric of that name.
    metrics = recipe.evaluate(model, splits, "validation")
    if objective not in metrics and objective in history[-1]:
        return {"score": best[objective], "metrics": metrics}
    _check_objective(objective, history[-1], metrics)
    return {"score": metrics[objective], "metrics": metrics}


def _check_objective(objective: str, logged: Mapping[str, Any], metrics: Mapping[str, Any]) -> None:
    if objective not in metrics:
        raise ConfigurationError(
            f"An objective is a metric that is logged ({', '.join(name for name in logged if name != 'epoch')}) or "
            f"measured afterwards on the validation data ({', '.join(metrics)}). Received: {objective!r}"
        )


def _monitor(checkpoint) -> str:
    """The metric by which weights were kept."""
    stopping = (one for one in checkpoint.callbacks if isinstance(one, keras.callbacks.EarlyStopping))
    return next(stopping).monitor


class _Watch(keras.callbacks.Callback):
    """Reports every epoch, and checks after the first that the objective exists."""

    def __init__(self, recipe, trained, splits, objective, first, report):
        super().__init__()
        self.recipe, self.trained, self.splits = recipe, trained, splits
        self.objective, self.first, self.report = objective, first, report

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        if self.first and epoch == 0 and self.objective not in logs:
            _check_objective(self.objective, logs, self.recipe.evaluate(self.trained, self.splits, "validation"))
        if self.report:
            self.report({"epoch": epoch + 1, **{name: float(value) for name, value in logs.items()}})
