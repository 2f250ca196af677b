"""One training, from arguments to a run's folder."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import keras

from zoo.data.reading_limit import limited_reading
from zoo.data.splits import Splits, share_in_training
from zoo.experiments.assembly import check_arguments, chosen_model, load_splits, make_model, resolve_arguments
from zoo.experiments.class_weights import class_weights
from zoo.experiments.fit import fit, on_one_device
from zoo.experiments.recipe import Recipe, load_recipe
from zoo.experiments.reporting import print_report
from zoo.experiments.restarts import print_restarts, train_restarts
from zoo.experiments.settings import DEFAULTS, Settings, check_settings, resolve_settings
from zoo.inference.run import METRICS, Run, load, run_folder, save
from zoo.plots.curves import plot_curves
from zoo.plots.rewards import plot_rewards
from zoo.storage.files import replace_file
from zoo.storage.json_files import read_json, write_json
from zoo.storage.lock import exclusive_lock
from zoo.storage.run_folder import RunFolder, check_same
from zoo.training.callbacks.checkpoint import Checkpoint, read_checkpoint
from zoo.training.strategies import distribution_scope, pad_to_devices


def train(
    recipe: str | Path | ModuleType | Recipe, *, out: str | Path, settings: Settings = DEFAULTS, **arguments: Any
) -> Run:
    """Train a recipe and leave its run folder: model, vocabularies, arguments, history, metrics, curves.

    A finished run in the folder is replaced when the new one is whole, and in one step; until then the new one grows in
    OUT/.next. The precision holds for this training alone: Keras' own dtype policy is afterwards what it was before.

    Args:
        recipe: its name, the path of its Python file, or its module.
        out: the run's folder.
        settings: seed, epochs, resume ...
        **arguments: the recipe's own, see `zoo.experiments.assembly.recipe_arguments`.
    Raises:
        FileExistsError: `out` holds something, and neither `resume` nor `force` is set.
        ValueError: arguments or data differ from the run that is resumed; the loss became NaN.
        TypeError: an argument that the recipe does not take.
        FolderInUseError: another process trains there.
    """
    recipe, folder = load_recipe(recipe), run_folder(out)
    check_settings(settings, arguments)
    check_arguments(recipe, chosen_model(recipe, arguments), arguments)
    with exclusive_lock(folder.path):
        folder.recover()
        folder.check_free(resume=settings.resume, force=settings.force)
        started = folder.current.read() if settings.resume else {}
        if max(settings.restarts, started.get("restarts", 1)) > 1:
            return _train_restarts(recipe, folder, settings, arguments, started)
        return _train_one(recipe, folder, settings, arguments, started)


def _train_one(recipe: Recipe, folder: RunFolder, settings: Settings, arguments: dict[str, Any], started: dict) -> Run:
    original_settings = settings
    if started:
        settings, arguments = _resumed(recipe, folder, settings, arguments, started, free=("epochs",))
    else:
        settings = resolve_settings(recipe, settings)
        arguments = resolve_arguments(recipe, arguments, quick=settings.quick)
    finished = bool(started) and folder.current.state == "finished"
    if finished and (original_settings.epochs or 0) <= started["epochs"]:
        if settings.verbose:
            print(f"{folder.path} has finished already; its metrics:")
        read_json(folder.path / "metrics.json", METRICS)
        return print_report(recipe, load(folder.path), settings)
    work = _work_folder(folder, settings, longer=finished)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(settings.precision)
    try:
        run = _train(recipe, work, settings, arguments, started, longer_than=folder.path if finished else None)
    finally:
        keras.config.set_dtype_policy(policy)
    return print_report(recipe, _published(run, folder), settings)


def _resumed(
    recipe: Recipe,
    folder: RunFolder,
    settings: Settings,
    arguments: dict[str, Any],
    started: dict[str, Any],
    *,
    free: tuple[str, ...] = (),
) -> tuple[Settings, dict[str, Any]]:
    """Settings and arguments of the run that is continued, after making sure that those given now are the same."""
    before = {"backend": keras.backend.backend(), **DEFAULTS.record, **started, **started["arguments"]}
    before["seed"] = started.get("first_seed", before["seed"])
    current = {"recipe": recipe.name, "backend": keras.backend.backend(), **settings.specified, **arguments}
    check_same(folder.path, before, current, free=free)
    values = {name: before[name] for name in settings.record}
    if settings.epochs is not None:
        values["epochs"] = settings.epochs
    return replace(settings, **values), started["arguments"]


def _train_restarts(
    recipe: Recipe, folder: RunFolder, settings: Settings, arguments: dict[str, Any], started: dict[str, Any]
) -> Run:
    if started:
        settings, arguments = _resumed(recipe, folder, settings, arguments, started)
    if started and folder.current.state == "finished":
        run = load(folder.path)
    else:
        work = _work_folder(folder, settings)
        run = _published(train_restarts(train, recipe, work, settings, arguments, resumed=bool(started)), folder)
    if settings.verbose:
        print_restarts(run)
    return run


def _work_folder(folder: RunFolder, settings: Settings, *, longer: bool = False) -> RunFolder:
    """Return the folder to write to: beside a finished run that the new one will replace, it is within its folder."""
    if not (longer or (settings.force and folder.state == "finished")):
        return folder.current if settings.resume else folder
    if settings.verbose:
        print(f"{folder.path} keeps its finished run until the new one is whole; the new one is in {folder.next.path}.")
    return folder.next


def _published(run: Run, folder: RunFolder) -> Run:
    """Return the run in its own place, after putting it there."""
    if run.folder == folder.path:
        return run
    folder.publish()
    return replace(run, folder=folder.path)


def _train(
    recipe: Recipe,
    work: RunFolder,
    settings: Settings,
    arguments: dict[str, Any],
    started: dict[str, Any],
    longer_than: Path | None,
) -> Run:
    begin = time.monotonic()
    keras.utils.set_random_seed(settings.seed)
    initial = _initial_run(recipe, settings)
    vocabularies = None if initial is None else initial.vocabularies
    with limited_reading(arguments, quick=settings.quick, verbose=settings.verbose):
        splits = load_splits(recipe, arguments, seed=settings.seed, vocabularies=vocabularies)
    assert settings.epochs is not None  # the settings are resolved
    with distribution_scope(settings.strategy) as devices:
        pad_to_devices(splits, devices)  # refuses before anything is written
        model = make_model(recipe, splits, arguments, epochs=settings.epochs)
        class_weights(settings.class_weight, model, splits.train)  # refuses before anything is written
        if initial is not None:
            _copy_weights(initial, model)
        record = _start(recipe, splits, work, settings, arguments, started, longer_than)
        checkpoint = fit(recipe, model, splits, arguments, work.path, settings, devices=devices)
    if devices > 1:
        model = on_one_device(make_model(recipe, splits, arguments, epochs=settings.epochs), model)
    save(work.path, model, vocabularies=splits.vocabularies)
    _plot(recipe, model, splits, checkpoint, work.path)
    metrics: dict[str, Any] = {split: recipe.evaluate(model, splits, split) for split in ("test", "validation")}
    if baseline := recipe.baseline(splits):
        metrics["baseline"] = baseline
    metrics |= {
        "seconds": round(checkpoint.seconds + time.monotonic() - begin, 1),
        "parameters": model.count_params(),
        "epochs": len(checkpoint.history),
        "test_inputs_in_training": share_in_training(splits.raw),
    }
    write_json(work.path / work.result, metrics)  # with it the run has finished
    return Run(work.path, model, splits.vocabularies, record, metrics)


def _plot(recipe: Recipe, model: keras.Model, splits: Splits, checkpoint: Checkpoint, folder: Path) -> None:
    plots: dict[str, Callable[[Sequence[Any], Path], None]] = {"curves.png": plot_curves}
    if "reward" in checkpoint.history[-1]:
        plots["rewards.png"] = plot_rewards
    for name, plot in plots.items():
        with replace_file(folder / name) as path:
            plot(checkpoint.history, path)
    recipe.plot(model, splits, folder)


def _start(
    recipe: Recipe,
    splits: Splits,
    work: RunFolder,
    settings: Settings,
    arguments: dict[str, Any],
    started: dict[str, Any],
    longer_than: Path | None,
) -> dict[str, Any]:
    """Prepare the folder of a run and return its record, the content of recipe.json.

    A run that is to become longer starts from the last checkpoint of the finished one, in the folder `longer_than`.
    """
    if started.get("data", splits.fingerprint) != splits.fingerprint:
        raise ValueError(
            f"The data have changed since {work.path} was started (fingerprint {splits.fingerprint}, then "
            f"{started['data']}). Resume with the same data, or start over with --force."
        )
    record = {
        "recipe": recipe.name,
        "arguments": arguments,
        **settings.record,
        "versions": {"zoo": version("seqzoo"), "keras": keras.__version__},
        "backend": keras.backend.backend(),
        "data": splits.fingerprint,
    }
    # Nothing in the folder is touched before data and model are complete.
    if longer_than is not None:
        read_checkpoint(longer_than / "checkpoint.npz")  # refuses a damaged one
    if settings.force or longer_than is not None:
        work.clear()
    work.path.mkdir(parents=True, exist_ok=True)
    if longer_than is not None:
        for file in ("history.csv", "checkpoint.npz"):
            with replace_file(work.path / file) as path:
                shutil.copyfile(longer_than / file, path)
    work.start(record)
    return record


def _initial_run(recipe: Recipe, settings: Settings) -> Run | None:
    if settings.init_from is None:
        return None
    run = load(settings.init_from)
    if run.recipe.get("recipe", recipe.name) != recipe.name:
        raise ValueError(
            f"--init-from takes a run of {recipe.name}, whose weights and vocabularies initialize this one. Received: "
            f"{settings.init_from}, a run of {run.recipe['recipe']}"
        )
    return run


def _copy_weights(run: Run, model: keras.Model) -> None:
    shapes, others = ([tuple(weight.shape) for weight in each.weights] for each in (model, run.model))
    if shapes != others:
        raise ValueError(
            f"The model of {run.folder} is another than this recipe builds with these arguments: give the arguments "
            "that it was trained with."
        )
    model.set_weights(run.model.get_weights())
