"""What a person may set beside a recipe's own arguments, and whether it agrees with what the folder already holds."""

import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import keras

from recipes import transformers
from zoo.artifact import read_json
from zoo.data.lock import is_empty
from zoo.training.strategies import check_strategy

PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")
RECORDED = ("seed", "epochs", "patience", "quick", "precision", "start", "strategy")
# What a run that goes on must tell of itself.
REQUIRED = ("recipe", "arguments", "epochs", "data")
# What says how one run goes on, and not what it is.
OF_A_RUN = ("restarts", "resume", "force", "verbose")


@dataclass(frozen=True)
class Settings:
    """How to train, beside the recipe's own arguments.

    Args:
        seed: of weights, shuffling and generated data.
        epochs: at most this many, instead of the recipe's own number; with resume, more than before.
        patience: epochs without a better validation figure before training stops, instead of the recipe's own number.
        quick: the same path in seconds, for a first look.
        precision: float32, mixed_float16 or mixed_bfloat16.
        start: folder of a finished run whose weights and vocabularies to begin with.
        strategy: mirrored (TensorFlow) or data_parallel (JAX): every batch is shared by all devices; None: one device.
        restarts: train from so many starts, of seeds that follow each other, and keep the one that learned its training
            data best; all are in OUT/restarts. Generated data differ with the seed.
        resume: continue a training that was killed, with its own arguments.
        force: begin anew in a folder that holds a run; a finished one is replaced when the new one is whole.
        verbose: 1 progress bar, 2 a line an epoch, 0 silent.
    """

    seed: int = 0
    epochs: int | None = None
    patience: int | None = None
    quick: bool = False
    precision: str = "float32"
    start: str | None = None
    strategy: str | None = None
    restarts: int = 1
    resume: bool = False
    force: bool = False
    verbose: int = 1

    @property
    def record(self) -> dict[str, Any]:
        """What makes the run: of two equal records the results are equal."""
        return {key: getattr(self, key) for key in RECORDED}


DEFAULTS = Settings()


def settle(
    name: str,
    recipe: ModuleType,
    known: Mapping[str, inspect.Parameter],
    out: Path,
    settings: Settings,
    arguments: Mapping[str, Any],
) -> tuple[Settings, dict[str, Any]]:
    """Completes settings and arguments: with the recipe's own values, or with those of the run that is resumed.

    Args:
        name, recipe: the recipe.
        known: its arguments.
        out: the run's folder.
        settings, arguments: as given.
    Raises:
        TypeError: an argument that the recipe does not take.
        ValueError: an unknown precision; something else than the resumed run was begun with.
        FileExistsError: `out` holds something that is neither to be resumed nor to be replaced.
    """
    check(name, known, settings, arguments)
    former = read_json(out / "recipe.json", REQUIRED)
    if settings.resume and former:
        return _resumed(name, out, settings, arguments, former)
    if not is_empty(out) and not settings.force:
        remedy = "begin anew with --force" if settings.resume else "Continue it with --resume, begin anew with --force"
        holds = "holds no run to resume:" if settings.resume else "exists and is not empty."
        raise FileExistsError(f"{out} {holds} {remedy}, or choose another folder.")
    return complete(recipe, known, settings, arguments)


def check(name: str, known: Mapping[str, inspect.Parameter], settings: Settings, arguments: Mapping[str, Any]) -> None:
    """Refuses what no training could do with, whatever its folder holds; see `settle`."""
    for argument in arguments:
        if argument not in known:
            raise TypeError(f"{name} takes no argument {argument!r}; it takes {', '.join(known)}.")
    if settings.precision not in PRECISIONS:
        raise ValueError(f"precision must be one of {', '.join(PRECISIONS)}. Received: {settings.precision!r}")
    if settings.strategy is not None:
        check_strategy(settings.strategy)
    if settings.epochs is not None and settings.epochs < 1:
        raise ValueError(f"epochs counts passes over the training data, at least 1. Received: {settings.epochs}")
    if settings.restarts < 1:
        raise ValueError(f"restarts counts starts, at least 1. Received: {settings.restarts}")
    if settings.resume and settings.force:
        raise ValueError("Resume continues a run and force begins anew: choose one of them.")


def complete(
    recipe: ModuleType, known: Mapping[str, inspect.Parameter], settings: Settings, arguments: Mapping[str, Any]
) -> tuple[Settings, dict[str, Any]]:
    """Settings and arguments with the recipe's own values, and those of a quick run, where none are given."""
    quick = dict(recipe.QUICK) if settings.quick else {}
    own = {"epochs": quick.pop("epochs", recipe.EPOCHS), "patience": recipe.PATIENCE}
    chosen = settings.record | {key: value for key, value in own.items() if getattr(settings, key) is None}
    defaults = {argument: parameter.default for argument, parameter in known.items()}
    settled = defaults | transformers.instead(recipe, quick, arguments) | dict(arguments)
    # A learning rate that falls to 0 does so by the end of this training, not of one of another length.
    if settled.get("decay_epochs") and "decay_epochs" not in arguments:
        settled["decay_epochs"] = chosen["epochs"]
    return _with(settings, chosen), settled


def _resumed(name, out, settings, arguments, former):
    if former["recipe"] != name:
        raise ValueError(f"{out} is a run of {former['recipe']}, not of {name}: choose another folder.")
    begun = {**DEFAULTS.record, **former, **former["arguments"]}
    # A setting left at its default was not given.
    given = {key: value for key, value in settings.record.items() if value != DEFAULTS.record[key] and key != "epochs"}
    for key, value in {"backend": keras.backend.backend(), **given, **arguments}.items():
        if begun.get(key) != json.loads(json.dumps(value)):
            raise ValueError(
                f"{out} was begun with {key}={begun.get(key)!r}, and is to be resumed with {value!r}. "
                "Resume with what it was begun with, or begin anew with --force."
            )
    kept = {key: begun[key] for key in RECORDED}
    if settings.epochs is not None:
        kept["epochs"] = settings.epochs
    return _with(settings, kept), former["arguments"]


def _with(settings, values):
    return Settings(**values, resume=settings.resume, force=settings.force, verbose=settings.verbose)
