"""One training run, from arguments to folder: what every recipe shares, so that a recipe is data, model and figures."""

import importlib
import inspect
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import keras

from zoo.data.reading_limit import limited_reading
from zoo.data.splits import Splits, share_in_training
from zoo.experiments.class_weights import class_weights
from zoo.experiments.recipe import RECIPES
from zoo.experiments.reporting import report
from zoo.experiments.restarts import begun_restarts, check_restarts, show_restarts, train_restarts
from zoo.experiments.settings import DEFAULTS, REQUIRED, Settings, settle
from zoo.inference.run_folder import NEXT, Run, current_run, load, publish_run, read_json, remove_run, save, write_json
from zoo.lookup import lookup
from zoo.plots.curves import plot_curves
from zoo.plots.rewards import plot_rewards
from zoo.storage.commit import finish_commit, remove_temporaries
from zoo.storage.files import replace_file
from zoo.storage.lock import exclusive_lock
from zoo.training.callbacks.checkpoint import Checkpoint, read_checkpoint
from zoo.training.callbacks.early_stopping import EarlyStopping
from zoo.training.callbacks.nan_guard import NaNGuard
from zoo.training.strategies import clip_across_replicas, describe_devices, distribution_scope, pad_to_devices

# What every metrics.json of a recipe holds.
METRICS = ("test", "validation", "seconds", "parameters")


def find(name: str) -> ModuleType:
    """The recipe's module by its name."""
    return importlib.import_module(lookup("recipe", name, RECIPES))


def arguments_of(recipe: ModuleType) -> dict[str, inspect.Parameter]:
    """The recipe's own arguments: those of `data`, `model` and `regime` that a person sets."""
    found = {}
    for function in (recipe.data, recipe.model, *([recipe.regime] if hasattr(recipe, "regime") else [])):
        for name, parameter in inspect.signature(function).parameters.items():
            if parameter.kind is parameter.KEYWORD_ONLY and name not in ("seed", "vocabularies"):
                found[name] = parameter
    return found


def taken(function: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Those of the arguments that a function takes by keyword."""
    parameters = inspect.signature(function).parameters
    keywords = {name for name, parameter in parameters.items() if parameter.kind is parameter.KEYWORD_ONLY}
    return {name: value for name, value in arguments.items() if name in keywords}


def train(name: str, *, out: str | Path, settings: Settings = DEFAULTS, **arguments: Any) -> Run:
    """Trains a recipe and leaves its run folder: model, vocabularies, arguments, history, figures, curves.

    A finished run in the folder is replaced when the new one is whole, and in one step; until then the new one grows in
    OUT/.next. The precision holds for this training alone: Keras' own dtype policy is afterwards what it was before.

    Args:
        name: of the recipe.
        out: the run's folder.
        settings: seed, epochs, resume ...
        **arguments: the recipe's own, those of its `data`, `model` and `regime`.
    Raises:
        FileExistsError: `out` holds something, and neither `resume` nor `force` is set.
        ValueError: arguments or data differ from the run that is resumed; the loss became NaN.
        TypeError: an argument that the recipe does not take.
        FolderInUseError: another process trains there.
    """
    recipe, out = find(name), Path(out).expanduser()
    with exclusive_lock(out):
        finish_commit(out)
        remove_temporaries(out)
        if (out / NEXT / "metrics.json").is_file():  # killed between the end of the training and the last step
            publish_run(out)
        if settings.restarts > 1 or (settings.resume and begun_restarts(current_run(out))):
            return _train_restarts(name, recipe, out, settings, arguments)
        return _train_one(name, recipe, out, settings, arguments)


def _train_one(name, recipe, out, settings, arguments):
    current, given = current_run(out) if settings.resume else out, settings
    settings, arguments = settle(name, recipe, arguments_of(recipe), current, settings, arguments)
    former = read_json(current / "recipe.json", REQUIRED) if settings.resume else {}
    finished = bool(former) and (current / "metrics.json").is_file()
    if finished and (given.epochs or 0) <= former["epochs"]:
        if settings.verbose:
            print(f"{out} has finished already; its metrics:")
        read_json(out / "metrics.json", METRICS)
        return report(recipe, load(out), settings)
    work = _work_folder(out, current, settings, longer=finished)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(settings.precision)
    try:
        run = _train(name, recipe, work, settings, arguments, former, longer_than=out if finished else None)
    finally:
        keras.config.set_dtype_policy(policy)
    return report(recipe, _published(run, out), settings)


def _train_restarts(name, recipe, out, settings, arguments):
    current = current_run(out) if settings.resume else out
    resumed = settings.resume and begun_restarts(current)
    if resumed:
        check_restarts(out, resumed, name, settings, arguments)
    else:
        settle(name, recipe, arguments_of(recipe), current, settings, arguments)  # refuses before anything is written
    if resumed and (current / "metrics.json").is_file():
        run = load(out)
    else:
        work = _work_folder(out, current, settings)
        run = _published(train_restarts(train, name, work, settings, dict(arguments), recipe.MONITOR), out)
    if settings.verbose:
        print(show_restarts(run))
    return run


def _work_folder(out: Path, current: Path, settings: Settings, *, longer: bool = False) -> Path:
    """Return the folder to write to: beside a finished run that the new one will replace, it is within its folder."""
    if not (longer or (settings.force and (out / "model.keras").is_file())):
        return current
    if settings.verbose:
        print(f"{out} keeps its finished run until the new one is whole; the new one grows in {out / NEXT}.")
    return out / NEXT


def _published(run: Run, out: Path) -> Run:
    """Return the run in its own place, after putting it there."""
    if run.folder == out:
        return run
    publish_run(out)
    return replace(run, folder=out)


def _train(name, recipe, out, settings, arguments, former, longer_than):
    begun = time.monotonic()
    keras.utils.set_random_seed(settings.seed)
    begun_with = None if settings.start is None else load(settings.start)
    if begun_with is not None and begun_with.recipe.get("recipe", name) != name:
        raise ValueError(
            f"--start takes a run of {name}, whose weights and vocabularies it begins with. Received: "
            f"{settings.start}, a run of {begun_with.recipe['recipe']}"
        )
    known = {} if begun_with is None else {"vocabularies": begun_with.vocabularies}
    with limited_reading(arguments, quick=settings.quick, verbose=settings.verbose):
        splits = recipe.data(**taken(recipe.data, {**arguments, **known}), seed=settings.seed)
    with distribution_scope(settings.strategy) as devices:
        pad_to_devices(splits, devices)  # refuses before anything is written
        model = recipe.model(splits, **taken(recipe.model, arguments))
        class_weights(settings.class_weight, model, splits.train)  # refuses before anything is written
        if begun_with is not None:
            _begin_with(model, begun_with)
        record = _begin(name, splits, out, settings, arguments, former, longer_than)
        checkpoint = fit(recipe, model, splits, arguments, out, settings, devices=devices)
    if devices > 1:
        model = on_one_device(recipe, model, splits, arguments)
    save(out, model, vocabularies=splits.vocabularies)
    with replace_file(out / "curves.png") as path:
        plot_curves(checkpoint.history, path)
    if "reward" in checkpoint.history[-1]:
        with replace_file(out / "rewards.png") as path:
            plot_rewards(checkpoint.history, path)
    metrics = {split: recipe.evaluate(model, splits, split) for split in ("test", "validation")}
    if hasattr(recipe, "baseline"):
        metrics["baseline"] = recipe.baseline(splits)
    if hasattr(recipe, "pictures"):
        recipe.pictures(model, splits, out)
    metrics |= {
        "seconds": round(checkpoint.seconds + time.monotonic() - begun, 1),
        "parameters": model.count_params(),
        "epochs": len(checkpoint.history),
        "test_inputs_in_training": share_in_training(splits.raw),
    }
    write_json(out / "metrics.json", metrics)  # with it a run is whole
    return Run(out, model, splits.vocabularies, record, metrics)


def _begin(name, splits, out, settings, arguments, former, longer_than) -> dict[str, Any]:
    """Prepare the folder of a run and return its record, the content of recipe.json.

    A run that is to become longer starts from the last checkpoint of the finished one, in the folder `longer_than`.
    """
    if former.get("data", splits.fingerprint) != splits.fingerprint:
        raise ValueError(
            f"The data have changed since {out} was begun (fingerprint {splits.fingerprint}, then {former['data']}). "
            "Resume with the same data, or begin anew with --force."
        )
    record = {
        "recipe": name,
        "arguments": arguments,
        **settings.record,
        "versions": {"zoo": version("seqzoo"), "keras": keras.__version__},
        "backend": keras.backend.backend(),
        "data": splits.fingerprint,
    }
    # Nothing in the folder is touched before data and model stand.
    if longer_than is not None:
        read_checkpoint(longer_than / "checkpoint.npz")  # refuses a damaged one
    if settings.force or longer_than is not None:
        remove_run(out)
    out.mkdir(parents=True, exist_ok=True)
    if longer_than is not None:
        for file in ("history.csv", "checkpoint.npz"):
            with replace_file(out / file) as path:
                shutil.copyfile(longer_than / file, path)
    write_json(out / "recipe.json", record)
    return record


def _begin_with(model, run):
    shapes, others = ([tuple(weight.shape) for weight in each.weights] for each in (model, run.model))
    if shapes != others:
        raise ValueError(
            f"The model of {run.folder} is another than this recipe builds with these arguments: give the arguments "
            "that it was trained with."
        )
    model.set_weights(run.model.get_weights())


def fit(
    recipe: ModuleType,
    model: keras.Model,
    splits: Splits,
    arguments: dict[str, Any],
    out: Path,
    settings: Settings,
    *,
    devices: int = 1,
    until: int | None = None,
    watching: Sequence[keras.callbacks.Callback] = (),
) -> Checkpoint:
    """Trains a recipe's model from the last checkpoint in `out`, if there is one, to the end; gives back the history.

    Where the recipe has a regime it is trained within, which may watch a figure of its own.

    Args:
        recipe, model, splits, arguments: the recipe, what it made, and of what.
        out: where checkpoint.npz and history.csv lie.
        settings: epochs, patience, verbose.
        devices: how many share every batch; see `zoo.training.strategies`.
        until: stop after this epoch as if killed, to go on later; None is to the end.
        watching: further callbacks, without a state to keep.
    """
    shared = pad_to_devices(splits, devices)
    trained = recipe.regime(model, splits, **taken(recipe.regime, arguments)) if hasattr(recipe, "regime") else model
    if trained is not model:
        trained.compile()
    if devices > 1 and settings.strategy == "mirrored":
        clip_across_replicas(trained)
    if settings.verbose:
        print(describe_devices(trained, devices, settings.strategy))
    monitor = getattr(trained, "monitor", None) or recipe.MONITOR
    assert settings.patience is not None  # the settings are complete
    stopping = EarlyStopping(monitor, patience=settings.patience, verbose=min(1, settings.verbose))
    # In this order: a recipe's callbacks may log what stopping watches, and the checkpoint keeps the state of them all.
    own = recipe.callbacks(model, splits) if hasattr(recipe, "callbacks") else []
    if monitor != recipe.MONITOR:  # by a reward: the likelihood of the truth gets worse, and is no plateau
        own = [one for one in own if not isinstance(one, keras.callbacks.ReduceLROnPlateau)]
    callbacks = [NaNGuard(splits.train, out), *own, stopping]
    checkpoint = Checkpoint(out / "checkpoint.npz", splits.train, callbacks)
    if checkpoint.epoch and settings.verbose:
        print(f"Continuing {out} after epoch {checkpoint.epoch}.")
    trained.fit(
        shared.train,
        validation_data=shared.validation,
        shuffle=False,  # the batches shuffle themselves, by seed and epoch
        class_weight=class_weights(settings.class_weight, model, splits.train),
        callbacks=[*callbacks, checkpoint, *watching],
        initial_epoch=checkpoint.epoch,
        epochs=checkpoint.epoch if checkpoint.stopped else until or settings.epochs,
        verbose=settings.verbose,
    )
    return checkpoint


def on_one_device(recipe: ModuleType, model: keras.Model, splits: Splits, arguments: dict[str, Any]) -> keras.Model:
    """The model that was trained on several, as if it had been trained on one."""
    single = recipe.model(splits, **taken(recipe.model, arguments))
    for variable, trained in zip(single.variables, model.variables, strict=True):
        variable.assign(keras.ops.convert_to_numpy(trained))
    return single
