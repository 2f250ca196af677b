"""What a person may set beside a recipe's own arguments, and whether it agrees with what the folder already holds."""

import inspect
import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import keras

from zoo.experiments import transformers
from zoo.experiments.class_weights import CLASS_WEIGHTS
from zoo.inference.run_folder import read_json
from zoo.lookup import lookup
from zoo.storage.lock import is_empty
from zoo.training.strategies import check_strategy

PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")
RECORDED = ("seed", "epochs", "patience", "quick", "class_weight", "precision", "start", "strategy")
# What a run that goes on must tell of itself.
REQUIRED = ("recipe", "arguments", "epochs", "data")
# What says how one run goes on, and not what it is.
OF_A_RUN = ("restarts", "resume", "force", "verbose", "explicit")
# The largest whole number that an argument may be: arrays and schedules of more have no memory, or overflow.
MAX_WHOLE = 2**31 - 1


@dataclass(frozen=True)
class Settings:
    """How to train, beside the recipe's own arguments.

    Args:
        seed: of weights, shuffling and generated data.
        epochs: at most this many, instead of the recipe's own number; with resume, more than before.
        patience: epochs without a better validation figure before training stops, instead of the recipe's own number.
        quick: the same path in seconds, for a first look; of a person's own data no more is read than would be
            generated.
        class_weight: of recipes that classify: balanced, every class of the training data counts as much as any other;
            figures of validation stay as they are. None: every example counts as much as any other.
        precision: float32, mixed_float16 or mixed_bfloat16.
        start: folder of a finished run whose weights and vocabularies to begin with.
        strategy: mirrored (TensorFlow) or data_parallel (JAX): every batch is shared by all devices; None: one device.
        restarts: train from so many starts, of seeds that follow each other, and keep the one that learned its training
            data best; all are in OUT/restarts. Generated data differ with the seed.
        resume: continue a training that was killed, with its own arguments.
        force: begin anew in a folder that holds a run; a finished one is replaced when the new one is whole.
        verbose: 1 progress bar, 2 a line an epoch, 0 silent.
        explicit: names of settings that a person set to a value, though it may be the default: a run that is resumed
            must have been started with it. Values other than the defaults need not be named.
    """

    seed: int = 0
    epochs: int | None = None
    patience: int | None = None
    quick: bool = False
    class_weight: str | None = None
    precision: str = "float32"
    start: str | None = None
    strategy: str | None = None
    restarts: int = 1
    resume: bool = False
    force: bool = False
    verbose: int = 1
    explicit: frozenset[str] = frozenset()

    @property
    def record(self) -> dict[str, Any]:
        """What makes the run: of two equal records the results are equal."""
        return {key: getattr(self, key) for key in RECORDED}

    @property
    def specified(self) -> dict[str, Any]:
        """The part of the record that a resumed run must have been started with."""
        defaults = DEFAULTS.record
        return {key: value for key, value in self.record.items() if key in self.explicit or value != defaults[key]}


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
        ValueError: an unknown precision; a number without bound; something else than the resumed run was begun with.
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
    for argument, value in {**settings.record, "restarts": settings.restarts, **arguments}.items():
        _check_number(argument, value)
    if settings.precision not in PRECISIONS:
        raise ValueError(f"precision must be one of {', '.join(PRECISIONS)}. Received: {settings.precision!r}")
    if settings.class_weight is not None:
        lookup("class_weight", settings.class_weight, CLASS_WEIGHTS)
    if settings.strategy is not None:
        check_strategy(settings.strategy)
    if settings.epochs is not None and settings.epochs < 1:
        raise ValueError(f"epochs counts passes over the training data, at least 1. Received: {settings.epochs}")
    if settings.restarts < 1:
        raise ValueError(f"restarts counts starts, at least 1. Received: {settings.restarts}")
    if settings.resume and settings.force:
        raise ValueError("Resume continues a run and force begins anew: choose one of them.")


def _check_number(name: str, value: Any) -> None:
    """Refuse numbers of which nothing can be made: infinite ones, NaN, whole ones beyond 32 bits."""
    for number in value if isinstance(value, list | tuple) else [value]:
        if isinstance(number, float) and not math.isfinite(number):
            raise ValueError(f"{name} is a finite number. Received: {number}")
        if isinstance(number, int) and abs(number) > MAX_WHOLE:
            raise ValueError(f"{name} lies between -{MAX_WHOLE:,} and {MAX_WHOLE:,}. Received: {str(number)[:40]}")


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


def check_unchanged(
    out: Path, started: Mapping[str, Any], current: Mapping[str, Any], *, free: Collection[str] = ("epochs",)
) -> None:
    """Make sure that a run is resumed with what it was started with.

    Args:
        out: its folder.
        started: settings and arguments of its start.
        current: those that are specified now.
        free: names of those that may change.
    Raises:
        ValueError: another value.
    """
    for name, value in json.loads(json.dumps(dict(current))).items():
        if name not in free and started.get(name) != value:
            raise ValueError(
                f"{out} was started with {name}={started.get(name)!r}, which a resumed run keeps. Received: "
                f"{name}={value!r}. Omit it, or start over with --force."
            )


def _resumed(name, out, settings, arguments, former):
    if former["recipe"] != name:
        raise ValueError(f"{out} is a run of {former['recipe']}, not of {name}: choose another folder.")
    begun = {**DEFAULTS.record, **former, **former["arguments"]}
    if (backend := begun.get("backend")) != keras.backend.backend():
        raise ValueError(
            f"{out} was started with backend={backend!r}, which a resumed run keeps. Received: backend="
            f"{keras.backend.backend()!r}. Set KERAS_BACKEND={backend}, or start over with --force."
        )
    check_unchanged(out, begun | {"restarts": 1}, {"restarts": settings.restarts, **settings.specified, **arguments})
    kept = {key: begun[key] for key in RECORDED}
    if settings.epochs is not None:
        kept["epochs"] = settings.epochs
    return _with(settings, kept), former["arguments"]


def _with(settings, values):
    return Settings(**values, resume=settings.resume, force=settings.force, verbose=settings.verbose)
