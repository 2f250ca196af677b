"""Settings of a training, beside the recipe's own arguments."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from zoo.experiments.assembly import chosen_model
from zoo.experiments.class_weights import CLASS_WEIGHTS
from zoo.experiments.recipe import Recipe
from zoo.lookup import lookup
from zoo.training.strategies import check_strategy

PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")
# Settings that make a run what it is; the others change only how it is carried out.
RECORDED = (
    "seed",
    "epochs",
    "patience",
    "quick",
    "class_weight",
    "precision",
    "init_from",
    "strategy",
    "restarts",
)
# Settings of one training that a search has no use for.
RUN_ONLY = ("restarts", "resume", "force", "verbose", "explicit")
# The largest whole number that an argument may be: arrays and schedules of more have no memory, or overflow.
MAX_INTEGER = 2**31 - 1


@dataclass(frozen=True)
class Settings:
    """Settings of a training, beside the recipe's own arguments.

    Args:
        seed: of weights, shuffling and generated data.
        epochs: at most so many; none: the recipe's number. With resume, more than before.
        patience: epochs without a better validation metric before training stops; none: the recipe's number.
        quick: the same path in seconds, for a first look; from a person's own data no more is read than would be
            generated.
        class_weight: of recipes that classify: balanced, every class of the training data counts as much as any other;
            validation metrics stay as they are. None: every example counts as much as any other.
        precision: float32, mixed_float16 or mixed_bfloat16.
        init_from: folder of a finished run whose weights and vocabularies initialize this one.
        strategy: mirrored (TensorFlow) or data_parallel (JAX): every batch is shared by all devices; None: one device.
        restarts: train from so many seeds that follow each other, and keep the run that learned its training data best;
            all are in OUT/restarts. Generated data differ with the seed.
        resume: continue a training that was killed, with its own arguments.
        force: start over in a folder that holds a run; a finished one is replaced when the new one is whole.
        verbose: 1 progress bar, 2 a line an epoch, 0 silent.
        explicit: names of settings that were set to a value, though it may be the default: a run that is resumed must
            have been started with it. Values other than the defaults need not be named.
    """

    seed: int = 0
    epochs: int | None = None
    patience: int | None = None
    quick: bool = False
    class_weight: str | None = None
    precision: str = "float32"
    init_from: str | None = None
    strategy: str | None = None
    restarts: int = 1
    resume: bool = False
    force: bool = False
    verbose: int = 1
    explicit: frozenset[str] = frozenset()

    @property
    def record(self) -> dict[str, Any]:
        """Return the settings that determine the results of a run."""
        return {name: getattr(self, name) for name in RECORDED}

    @property
    def specified(self) -> dict[str, Any]:
        """The part of the record that a resumed run must have been started with."""
        defaults = DEFAULTS.record
        return {name: value for name, value in self.record.items() if name in self.explicit or value != defaults[name]}


DEFAULTS = Settings()


def check_settings(settings: Settings, arguments: Mapping[str, Any]) -> None:
    """Refuse what no training can use, whatever its folder holds.

    Raises:
        ValueError: an unknown precision or strategy; a number out of its range, among the arguments, too.
    """
    for name, value in {**settings.record, **arguments}.items():
        _check_number(name, value)
    if settings.precision not in PRECISIONS:
        raise ValueError(f"precision must be one of {', '.join(PRECISIONS)}. Received: {settings.precision!r}")
    if settings.class_weight is not None:
        lookup("class_weight", settings.class_weight, CLASS_WEIGHTS)
    if settings.strategy is not None:
        check_strategy(settings.strategy)
    if settings.epochs is not None and settings.epochs < 1:
        raise ValueError(f"epochs counts passes over the training data, at least 1. Received: {settings.epochs}")
    if settings.restarts < 1:
        raise ValueError(f"restarts counts trainings, at least 1. Received: {settings.restarts}")


def _check_number(name: str, value: Any) -> None:
    """Refuse infinite numbers, NaN, and whole numbers beyond 32 bits."""
    for number in value if isinstance(value, list | tuple) else [value]:
        if isinstance(number, float) and not math.isfinite(number):
            raise ValueError(f"{name} is a finite number. Received: {number}")
        if isinstance(number, int) and abs(number) > MAX_INTEGER:
            raise ValueError(f"{name} lies between -{MAX_INTEGER:,} and {MAX_INTEGER:,}. Received: {str(number)[:40]}")


def resolve_settings(recipe: Recipe, settings: Settings) -> Settings:
    """Return the settings with the recipe's epochs and patience where none are given."""
    quick = recipe.QUICK if settings.quick else {}
    values = {name: quick.get(name, recipe.FIT[name]) for name in ("epochs", "patience")}
    return replace(settings, **{name: value for name, value in values.items() if getattr(settings, name) is None})


def monitor_of(recipe: Recipe, arguments: Mapping[str, Any]) -> str:
    """Return the metric that a training watches, which may depend on the chosen model."""
    monitor = recipe.FIT["monitor"]
    return monitor if isinstance(monitor, str) else monitor[chosen_model(recipe, arguments)]
