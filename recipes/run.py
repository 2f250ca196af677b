"""One training run, from arguments to folder: what every recipe shares, so that a recipe is data, model and figures."""

import importlib
import inspect
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import keras

import zoo
from recipes import RECIPES
from zoo.artifact import checkpointed, read_json, save, write_json
from zoo.data.files import replace_file
from zoo.naming import choose
from zoo.plots.curves import plot_curves
from zoo.training.checkpoint import Checkpoint

PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")


@dataclass(frozen=True)
class Settings:
    """How to train, beside the recipe's own arguments.

    Args:
        seed: of weights, shuffling and generated data.
        epochs: at most this many; the recipe's if None.
        patience: epochs without a better validation figure before training stops; the recipe's if None.
        quick: the same path in seconds, for a first look.
        precision: float32, mixed_float16 or mixed_bfloat16.
        resume: continue a training that was killed, with its own arguments.
        force: write into a folder that holds a run, and begin anew.
        verbose: 1 progress bar, 2 a line an epoch, 0 silent.
    """

    seed: int = 0
    epochs: int | None = None
    patience: int | None = None
    quick: bool = False
    precision: str = "float32"
    resume: bool = False
    force: bool = False
    verbose: int = 1
    recorded: tuple = field(default=("seed", "epochs", "patience", "quick", "precision"), init=False, repr=False)


def find(name: str) -> ModuleType:
    """The recipe's module by its name."""
    return importlib.import_module(choose("recipe", name, RECIPES))


def arguments_of(recipe: ModuleType) -> dict[str, inspect.Parameter]:
    """The recipe's own arguments: those of `data` and `model` that a person sets."""
    found = {}
    for function in (recipe.data, recipe.model):
        for name, parameter in inspect.signature(function).parameters.items():
            if parameter.kind is parameter.KEYWORD_ONLY and name not in ("seed", "vocabularies"):
                found[name] = parameter
    return found


def train(name: str, *, out: str | Path, settings: Settings = Settings(), **arguments: Any) -> zoo.Run:
    """Trains a recipe and leaves its run folder: model, vocabularies, arguments, history, figures, curves.

    Args:
        name: of the recipe.
        out: the run's folder.
        settings: seed, epochs, resume ...
        **arguments: the recipe's own, those of its `data` and `model`.
    Raises:
        FileExistsError: `out` holds something, and neither `resume` nor `force` is set.
        ValueError: arguments or data differ from the run that is resumed; the loss became NaN.
        TypeError: an argument that the recipe does not take.
    """
    recipe, out = find(name), Path(out)
    settings, arguments = _settle(name, recipe, out, settings, arguments)
    if settings.resume and (out / "metrics.json").is_file():
        print(f"{out} has finished already; its figures:")
        return _report(zoo.load(out))
    begun = time.monotonic()
    keras.utils.set_random_seed(settings.seed)
    keras.config.set_dtype_policy(settings.precision)

    takes = lambda function: {k: v for k, v in arguments.items() if k in inspect.signature(function).parameters}  # noqa: E731
    splits = recipe.data(**takes(recipe.data), seed=settings.seed)
    model = recipe.model(splits, **takes(recipe.model))
    record = _record(name, settings, arguments, splits)
    former = read_json(out / "recipe.json").get("data")
    if settings.resume and former not in (None, record["data"]):
        raise ValueError(
            f"The data have changed since {out} was begun (fingerprint {record['data']}, then {former}). "
            "Resume with the same data, or begin anew with --force."
        )
    out.mkdir(parents=True, exist_ok=True)
    write_json(out / "recipe.json", record)

    history, seconds = _fit(recipe, model, splits, out, settings)
    metrics = {
        "test": recipe.evaluate(model, splits, "test"),
        "validation": recipe.evaluate(model, splits, "validation"),
        "seconds": round(seconds + time.monotonic() - begun, 1),
        "parameters": model.count_params(),
        "epochs": len(history),
    }
    if hasattr(recipe, "baseline"):
        metrics["baseline"] = recipe.baseline(splits)
    if hasattr(recipe, "pictures"):
        recipe.pictures(model, splits, out)
    with replace_file(out / "curves.png") as path:
        plot_curves(history, path)
    save(out, model, vocabularies=splits.vocabularies, metrics=metrics)
    return _report(zoo.Run(out, model, splits.vocabularies, record, metrics))


def _settle(name, recipe, out, settings, arguments):
    """Arguments complete and in agreement with what the folder holds."""
    known = arguments_of(recipe)
    for argument in arguments:
        if argument not in known:
            raise TypeError(f"{name} takes no argument {argument!r}; it takes {', '.join(known)}.")
    if settings.precision not in PRECISIONS:
        raise ValueError(f"precision must be one of {', '.join(PRECISIONS)}. Received: {settings.precision!r}")
    former = read_json(out / "recipe.json") if settings.resume else {}
    if settings.resume and former:
        if former["recipe"] != name:
            raise ValueError(f"{out} is a run of {former['recipe']}, not of {name}: choose another folder.")
        for argument, value in arguments.items():
            if former["arguments"].get(argument) != value:
                raise ValueError(
                    f"{out} was begun with {argument}={former['arguments'].get(argument)!r}, and is to be resumed with "
                    f"{value!r}. Leave the argument out to resume, or begin anew with --force."
                )
        changed = {} if settings.epochs is None else {"epochs": settings.epochs}
        kept = {key: former[key] for key in settings.recorded} | changed
        return Settings(**kept, resume=True, verbose=settings.verbose), former["arguments"]
    if out.exists() and any(out.iterdir()) and not (settings.force or settings.resume):
        raise FileExistsError(
            f"{out} exists and is not empty. Continue it with --resume, begin anew with --force, or choose another."
        )
    if settings.force:
        for file in ("checkpoint.npz", "metrics.json", "recipe.json", "history.csv", "model.keras"):
            (out / file).unlink(missing_ok=True)
    quick = dict(recipe.QUICK) if settings.quick else {}
    epochs = quick.pop("epochs", recipe.EPOCHS)
    kept = {key: getattr(settings, key) for key in settings.recorded}
    if settings.epochs is None:
        kept["epochs"] = epochs
    if settings.patience is None:
        kept["patience"] = recipe.PATIENCE
    defaults = {argument: parameter.default for argument, parameter in known.items()}
    return Settings(**kept, resume=settings.resume, verbose=settings.verbose), defaults | quick | arguments


def _record(name, settings, arguments, splits):
    return {
        "recipe": name,
        "arguments": arguments,
        **{key: getattr(settings, key) for key in settings.recorded},
        "versions": {"zoo": zoo.__version__, "keras": keras.__version__},
        "backend": keras.backend.backend(),
        "data": splits.fingerprint,
    }


def _fit(recipe, model, splits, out, settings):
    best = "max" if "accuracy" in recipe.MONITOR or "f1" in recipe.MONITOR else "min"
    stopping = keras.callbacks.EarlyStopping(
        recipe.MONITOR, patience=settings.patience, mode=best, restore_best_weights=True
    )
    callbacks = [keras.callbacks.TerminateOnNaN(), *getattr(recipe, "callbacks", list)(), stopping]
    checkpoint = Checkpoint(out / "checkpoint.npz", splits.train, callbacks)
    if checkpoint.epoch:
        print(f"Continuing {out} after epoch {checkpoint.epoch}.")
    model.fit(
        splits.train,
        validation_data=splits.validation,
        shuffle=False,  # the batches shuffle themselves, by seed and epoch
        callbacks=[*callbacks, checkpoint],
        initial_epoch=checkpoint.epoch,
        epochs=checkpoint.epoch if checkpoint.stopped else settings.epochs,
        verbose=settings.verbose,
    )
    history = checkpoint.history
    if any(epoch["loss"] != epoch["loss"] for epoch in history) or not history:
        raise ValueError(
            f"The loss became NaN in epoch {len(history) or 1}. Lower the learning rate or clip the gradient; "
            f"{out} keeps the last good checkpoint."
        )
    return history, checkpoint.seconds


def _report(run):
    for part in ("baseline", "validation", "test"):
        if part in run.metrics:
            figures = ", ".join(f"{name} {value:.4f}" for name, value in run.metrics[part].items())
            print(f"{part}: {figures}")
    print(f"{run.metrics['parameters']:,} parameters, {run.metrics['seconds']:.0f} s. Saved in {run.folder}")
    return run
