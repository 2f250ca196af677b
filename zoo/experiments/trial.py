"""One trial of a search: a recipe trained with some values, and what came of it. The same for every engine."""

import inspect
import json
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import keras

from zoo.data.reading_limit import limited_reading
from zoo.data.splits import Splits
from zoo.experiments.recipe import RECIPES
from zoo.experiments.run import arguments_of, find, fit, on_one_device, taken, train
from zoo.experiments.settings import RECORDED, Settings, check, complete
from zoo.inference.run_folder import Run, current_run, read_json, write_json
from zoo.training.callbacks.early_stopping import best_epoch
from zoo.training.strategies import distribution_scope


class ConfigurationError(ValueError):
    """A mistake that no other values would mend: the search stops at once."""


# The data of the last trial in this process: the next one mostly has the same.
_data: dict[str, tuple[Any, Splits]] = {}


def prepare(recipe: ModuleType, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What a search must know of a recipe, with the arguments that all its trials have.

    Args:
        recipe: its module.
        arguments: the recipe's own, and those of `zoo.experiments.settings.Settings`.
    Returns:
        recipe, settings and arguments, as `run` takes them; known, the names of the recipe's arguments; idle, the names
        of its space that these arguments leave without use; monitor, what it watches; epochs and seed.
    Raises:
        TypeError: an argument that neither takes. ValueError: a setting that a search has no use for.
    """
    known = arguments_of(recipe)
    name = next((name for name, module in RECIPES.items() if module == recipe.__name__), recipe.__name__)
    settings = {key: value for key, value in arguments.items() if key in RECORDED}
    own = {key: value for key, value in arguments.items() if key not in settings}
    check(name, known, Settings(**settings), own)
    completed, _ = complete(recipe, known, Settings(**settings), own)
    idle = set()
    if own.get("model") == "transformer" and hasattr(recipe.model, "reads"):
        idle = set(inspect.signature(recipe.model).parameters) - recipe.model.reads
    return {
        "recipe": name,
        "settings": settings,
        "arguments": own,
        "known": list(known),
        "idle": sorted(idle),
        "monitor": recipe.MONITOR,
        "epochs": completed.epochs,
        "seed": completed.seed,
    }


def finish(
    values: Mapping[str, Any],
    *,
    out: Path,
    recipe: str,
    settings: Mapping[str, Any],
    arguments: Mapping[str, Any],
    verbose: int = 1,
    **_: Any,
) -> Run:
    """Trains the recipe with the values that a search found best, and leaves its run folder.

    A run that is there with these values is continued, or taken as it is; one with others is replaced.
    """
    wanted = {**arguments, **values}
    former = read_json(current_run(out) / "recipe.json").get("arguments", {})
    same = all(former.get(name) == json.loads(json.dumps(value)) for name, value in wanted.items())
    chosen = Settings(**settings, resume=bool(former) and same, force=not (former and same), verbose=verbose)
    return train(recipe, out=out, settings=chosen, **wanted)


def run(
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
    report: Any = None,
) -> dict[str, Any]:
    """Trains a recipe with values and says what came of it; killed at any moment, it goes on where it was.

    Args:
        values: the arguments of the recipe that a search chose.
        folder: of this trial: checkpoint, history and result lie there.
        recipe: its name.
        objective: a figure of the training ("val_accuracy"), which counts at the epoch whose weights are kept, or one
            of the recipe's `evaluate` on the validation data ("bleu").
        settings: those of `zoo.experiments.settings.Settings` that are not left at their defaults.
        arguments: the recipe's own that are the same in all trials.
        max_parameters: a larger model is not trained.
        until: stop after this epoch, to be continued by another trial.
        parent: folder of the trial that this one continues.
        first: make sure after one epoch that there will be an objective.
        data: fingerprint of the data of other trials, which those of this one must have.
        report: called after every epoch with its figures.
    Returns:
        status "completed" with score, history, figures, parameters, seconds and the data's fingerprint; or "too_large"
        with the parameters.
    Raises:
        ConfigurationError: the data cannot be had, or there is no such objective: no other trial will do better.
        Exception: whatever this trial died of.
    """
    folder, module = Path(folder), find(recipe)
    done = read_json(folder / "result.json")
    if done:
        return done
    begun = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    if parent and not (folder / "checkpoint.npz").is_file():
        for name in ("history.csv", "checkpoint.npz"):  # the checkpoint last: with it the trial has begun
            shutil.copyfile(Path(parent) / name, folder / f"{name}.copy")
            (folder / f"{name}.copy").replace(folder / name)
    chosen, settled = complete(
        module,
        arguments_of(module),
        Settings(**dict(settings or {}), verbose=0),
        {**(arguments or {}), **values},
    )
    keras.backend.clear_session()
    keras.utils.set_random_seed(chosen.seed)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(chosen.precision)
    try:
        splits = _splits(module, settled, chosen.seed, quick=chosen.quick, searched=values)
        _must_be_same(folder, splits.fingerprint, data)
        with distribution_scope(chosen.strategy) as devices:
            model = module.model(splits, **taken(module.model, settled))
            result: dict[str, Any] = {"parameters": model.count_params(), "data": splits.fingerprint}
            if max_parameters is not None and model.count_params() > max_parameters:
                return {"status": "too_large", **result}
            watching = [_Watch(module, model, splits, objective, first, report)]
            checkpoint = fit(
                module, model, splits, settled, folder, chosen, devices=devices, until=until, watching=watching
            )
        if devices > 1:
            model = on_one_device(module, model, splits, settled)
        if not checkpoint.history:
            raise ValueError("A trial needs at least one epoch.")
        result |= _scored(module, model, splits, objective, checkpoint.history, _monitor(checkpoint))
        result |= {
            "status": "completed",
            "history": checkpoint.history,
            "seconds": round(checkpoint.seconds + time.monotonic() - begun, 3),
        }
        write_json(folder / "result.json", result)
        return result
    finally:
        keras.config.set_dtype_policy(policy)


def _splits(module, arguments, seed, *, quick, searched) -> Splits:
    own = taken(module.data, arguments)
    key = (module.__name__, repr(sorted(own.items(), key=str)), seed, quick)
    if _data.get("key", (None,))[0] != key:
        _data.clear()
        try:
            with limited_reading(arguments, quick=quick, verbose=0):
                splits = module.data(**own, seed=seed)
        except Exception as error:
            if set(own) & set(searched):
                raise
            raise ConfigurationError(f"The data cannot be had: {type(error).__name__}: {error}") from error
        _data["key"] = (key, splits)
    splits = _data["key"][1]
    splits.train.epoch = 0
    return splits


def _must_be_same(folder, found, wanted) -> None:
    """The data are those of the other trials, and those with which this one was begun."""
    begun = read_json(folder / "data.json").get("fingerprint")
    for former in (wanted, begun):
        if former not in (None, found):
            raise ConfigurationError(
                f"The data have changed since the search was begun (fingerprint {found}, then {former}). Resume with "
                "the same data, or begin anew with --force."
            )
    write_json(folder / "data.json", {"fingerprint": found})


def _scored(module, model, splits, objective, history, monitor) -> dict[str, Any]:
    best = best_epoch(history, monitor)
    if objective.startswith("val_") and objective in history[-1]:
        return {"score": best[objective], "figures": {}}
    # Of a name without "val_" the validation data decide, though training may log a metric of that name.
    figures = module.evaluate(model, splits, "validation")
    if objective not in figures and objective in history[-1]:
        return {"score": best[objective], "figures": figures}
    _must_know(objective, history[-1], figures)
    return {"score": figures[objective], "figures": figures}


def _must_know(objective, logged, figures) -> None:
    if objective not in figures:
        raise ConfigurationError(
            f"An objective is a figure that is logged ({', '.join(name for name in logged if name != 'epoch')}) or "
            f"measured afterwards on the validation data ({', '.join(figures)}). Received: {objective!r}"
        )


def _monitor(checkpoint) -> str:
    """The figure by which weights were kept."""
    stopping = (one for one in checkpoint.callbacks if isinstance(one, keras.callbacks.EarlyStopping))
    return next(stopping).monitor


class _Watch(keras.callbacks.Callback):
    """Tells of every epoch, and after the first whether the objective exists."""

    def __init__(self, module, made, splits, objective, first, report):
        super().__init__()
        self.module, self.made, self.splits = module, made, splits
        self.objective, self.first, self.report = objective, first, report

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        if self.first and epoch == 0 and self.objective not in logs:
            _must_know(self.objective, logs, self.module.evaluate(self.made, self.splits, "validation"))
        if self.report:
            self.report({"epoch": epoch + 1, **{name: float(value) for name, value in logs.items()}})
