"""Search spaces: keras-tuner's `HyperParameters`, filled by a recipe's `space(hp)`."""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

from zoo.storage.extras import import_extra


def read_space(
    space: Callable[[Any], dict[str, Any]], *, fixed: Mapping[str, Any] | None = None, without: Collection[str] = ()
) -> Any:
    """The hyperparameters that a `space` function asks for.

    Args:
        space: takes `hp` and returns the arguments that it chose.
        fixed: values that are given: what is given is not searched.
        without: names that are left at their defaults.
    Returns:
        keras_tuner.HyperParameters.
    Raises:
        ValueError: nothing remains to be searched.
    """
    keras_tuner = import_extra("keras_tuner", "tuning")
    declared = keras_tuner.HyperParameters()
    space(declared)
    combined = keras_tuner.HyperParameters()
    for each in declared.space:
        value = (fixed or {}).get(each.name)
        if value is not None:
            combined.Fixed(each.name, value)
        elif each.name in (fixed or {}) or each.name in without:  # given as None, which a space cannot hold
            combined.Fixed(each.name, each.default)
    space(combined)
    if not searched(combined):
        raise ValueError("A search needs something to vary: all that the space names is given. Give less.")
    return combined


def searched(hyperparameters: Any) -> list[str]:
    """The names of what is varied."""
    fixed = import_extra("keras_tuner", "tuning").engine.hyperparameters.Fixed
    return [each.name for each in hyperparameters.space if not isinstance(each, fixed)]


def scales(hyperparameters: Any) -> dict[str, str]:
    """The axis on which each number is searched, "linear" or "log"; names of choices have none."""
    kinds = import_extra("keras_tuner", "tuning").engine.hyperparameters
    numbers = (each for each in hyperparameters.space if isinstance(each, kinds.Int | kinds.Float))
    return {each.name: "log" if each.sampling == "log" else "linear" for each in numbers}


def arguments_of(space: Callable[[Any], dict[str, Any]], hyperparameters: Any, values: Mapping[str, Any]) -> dict:
    """The arguments that a `space` makes of values; numbers with six digits, which a person can repeat."""
    chosen = hyperparameters.copy()
    chosen.values = dict(values)
    return {name: _plain(value) for name, value in space(chosen).items()}


def fingerprint(hyperparameters: Any) -> str:
    """Names a space: two with the same name propose the same values."""
    described = json.dumps(hyperparameters.get_config()["space"], sort_keys=True)
    return hashlib.sha256(described.encode()).hexdigest()[:16]


def _plain(value):
    value = value.item() if hasattr(value, "item") else value
    return float(f"{value:.6g}") if isinstance(value, float) else value
