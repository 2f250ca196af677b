"""The plan of a search, checked before anything is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import keras

from zoo.experiments.recipe import Recipe
from zoo.experiments.trial import TrialPlan, plan_trials
from zoo.lookup import lookup
from zoo.storage.run_folder import RunFolder, check_same
from zoo.training.metrics.direction import higher_is_better
from zoo.tuning import on_ray
from zoo.tuning import space as spaces
from zoo.tuning.proposals import TUNERS

ENGINES = {"processes": "worker processes of this machine", "ray": "a Ray cluster, or this machine as one"}
# Settings of a search that resuming keeps.
FIXED = ("engine", "tuner", "objective", "max_parameters")
# Trials of a search without limits whose tuner does not end by itself.
TRIALS = 30


@dataclass(frozen=True)
class SearchPlan:
    """The plan of a search: its space, tuner, objective and limits.

    Args:
        trials: what all trials share.
        space: `space(hp)` of the search.
        hyperparameters: what it asked for, keras_tuner.HyperParameters.
        engine, tuner, objective, max_parameters: of the search.
        limit: how many trials; None: until the tuner ends.
        record: what search.json holds.
    """

    trials: TrialPlan
    space: Callable[[Any], dict[str, Any]]
    hyperparameters: Any
    engine: str
    tuner: str
    objective: str
    max_parameters: int | None
    limit: int | None
    record: dict[str, Any]

    @property
    def rising(self) -> bool:
        """Return whether a higher objective is better."""
        return higher_is_better(self.objective)

    def arguments(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the recipe's arguments of a trial that some proposed values stand for.

        Raises:
            UnknownNameError: the space names an argument that the recipe does not take.
        """
        made = spaces.arguments_of(self.space, self.hyperparameters, values)
        known = dict.fromkeys(self.trials.known)
        for name in made:
            lookup(f"argument of {self.trials.recipe.name} in the space of the search", name, known)
        fixed = {*self.trials.arguments, *self.trials.unused}
        return {name: value for name, value in made.items() if name not in fixed}


def make_plan(
    recipe: Recipe,
    folder: RunFolder,
    started: dict[str, Any],
    fixed: dict[str, Any],
    trials: int | None,
    hours: float | None,
    space: Callable[[Any], dict[str, Any]] | None,
    arguments: dict[str, Any],
) -> SearchPlan:
    """Return the plan of a search; for one that is resumed after a check against what it was started with.

    Args:
        recipe: that is trained.
        folder: of the search.
        started: the record of a search that is resumed, {} of a new one.
        fixed: by name of `FIXED`, None where it is not given.
        trials, hours, space, arguments: as of `zoo.tune`.
    Raises:
        UnknownNameError: no such engine or tuner; a name in the space that the recipe does not take.
        ValueError: another search than the one that is resumed; nothing to be searched.
    """
    if started:
        before = {**started["arguments"], **{name: started[name] for name in ("recipe", *FIXED)}}
        specified = {name: value for name, value in fixed.items() if value is not None}
        check_same(folder.path, before, {"recipe": recipe.name, **specified, **arguments})
        arguments, fixed = started["arguments"], {name: started[name] for name in FIXED}
    engine, tuner = fixed["engine"] or "processes", fixed["tuner"] or "random"
    lookup("engine", engine, ENGINES)
    lookup("tuner", tuner, on_ray.TUNERS if engine == "ray" else TUNERS)
    if started and engine == "ray":  # Ray draws all trials before the first
        check_same(folder.path, started, {} if trials is None else {"trials": trials})
    planned = plan_trials(recipe, arguments)
    own = space or recipe.space
    hyperparameters = spaces.read_space(own, fixed=planned.arguments, without=planned.unused)
    if trials is None and hours is None:
        trials = started.get("trials") or (TRIALS if tuner in ("random", "bayesian", "asha") else None)
    record = {
        "recipe": recipe.name,
        "engine": engine,
        "tuner": tuner,
        "objective": fixed["objective"] or planned.monitor,
        "arguments": arguments,
        "max_parameters": fixed["max_parameters"],
        "trials": started.get("trials", trials),  # those that it was started with, by which proposals are made
        "space": spaces.fingerprint(hyperparameters),
        "backend": keras.backend.backend(),
        "versions": {"keras": keras.__version__, "keras-tuner": version("keras-tuner")},
    }
    if started:
        check_same(folder.path, started, {name: record[name] for name in ("space", "backend")})
    plan = SearchPlan(
        trials=planned,
        space=own,
        hyperparameters=hyperparameters,
        engine=engine,
        tuner=tuner,
        objective=record["objective"],
        max_parameters=fixed["max_parameters"],
        limit=trials,
        record=record,
    )
    plan.arguments(hyperparameters.values)  # refuses a misspelt name
    return plan
