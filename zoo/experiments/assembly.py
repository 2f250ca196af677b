"""From a recipe and arguments to data and a compiled model: which function takes an argument, and which default
holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import keras

from zoo.build import build
from zoo.data.splits import Splits
from zoo.experiments.arguments import Argument, accepted, keyword_arguments
from zoo.experiments.objectives import make_objective
from zoo.experiments.optimizers import compile_model, plateau_callbacks
from zoo.experiments.recipe import Recipe
from zoo.experiments.sizes import SIZES, sizes_of
from zoo.experiments.word_vectors import read_word_vectors
from zoo.lookup import lookup, suggest
from zoo.registry import MODELS

# Arguments that the runner passes, and no person.
INTERNAL = ("seed", "vocabularies", "epochs", "steps_per_epoch", "activation", "name")


def recipe_arguments(recipe: Recipe, choice: str) -> dict[str, Argument]:
    """Return the arguments that a recipe takes with one of its models, with the defaults that then hold.

    An argument of several functions has one value; its text is that of the first of them.

    Args:
        recipe: the recipe.
        choice: a name of its `MODELS`.
    Raises:
        UnknownNameError: no such name.
    """
    model, facts = lookup(recipe.CHOICE, choice, recipe.MODELS)
    decided = ({*SIZES} - {*facts}) | {*recipe.SIZES}
    defaults = {**recipe.FIT, **facts, **recipe.OPTIMIZERS.get(choice, {})}
    first = next(iter(recipe.MODELS))
    arguments = {recipe.CHOICE: Argument(recipe.CHOICE, str, first)}
    for function in _functions(recipe, choice, MODELS[model]):
        for name, argument in keyword_arguments(function).items():
            if name in INTERNAL or (function is MODELS[model] and name in decided):
                continue
            if name not in arguments:
                default = defaults.get(name, argument.default)
                arguments[name] = replace(argument, default=default)
            elif not arguments[name].text:
                arguments[name] = replace(arguments[name], text=argument.text)
    if not arguments[recipe.CHOICE].text:
        arguments[recipe.CHOICE] = replace(arguments[recipe.CHOICE], text=f"one of {', '.join(recipe.MODELS)}.")
    return arguments


def _functions(recipe: Recipe, choice: str, model: Callable[..., Any]) -> list[Callable[..., Any]]:
    """The functions whose keyword arguments a recipe takes: of its data, a model, and the training of that."""
    functions: list[Callable[..., Any]] = [
        recipe.data,
        recipe.vocabularies,
        recipe.batches,
        model,
        *recipe.SIZES.values(),
    ]
    functions += [compile_model, plateau_callbacks]
    if choice in recipe.VECTORS:
        functions.append(read_word_vectors)
    if recipe.REWARDS is not None:
        functions.append(make_objective)
    return functions


def chosen_model(recipe: Recipe, arguments: Mapping[str, Any]) -> str:
    """Return the name of `MODELS` that some arguments choose: the first where they choose none."""
    return str(arguments.get(recipe.CHOICE, next(iter(recipe.MODELS))))


def resolve_arguments(recipe: Recipe, arguments: Mapping[str, Any], *, quick: bool = False) -> dict[str, Any]:
    """Return all arguments of a training: those given, else those of a quick training, else the recipe's defaults.

    Raises:
        UnknownNameError: no such model.
        TypeError: an argument that the recipe does not take with this model.
    """
    choice = chosen_model(recipe, arguments)
    known = recipe_arguments(recipe, choice)
    check_arguments(recipe, choice, arguments)
    values = {name: argument.default for name, argument in known.items()} | {recipe.CHOICE: choice}
    if quick:
        changes = {name: value for name, value in recipe.QUICK.items() if name not in recipe.MODELS}
        changes |= recipe.QUICK.get(choice, {})
        values |= {name: value for name, value in changes.items() if name in known}
    return values | dict(arguments)


def check_arguments(recipe: Recipe, choice: str, arguments: Mapping[str, Any]) -> None:
    """Make sure that a recipe takes some arguments with one of its models.

    Raises:
        TypeError: an argument that it does not take; the message names the closest, or the model that takes it.
    """
    known = recipe_arguments(recipe, choice)
    for name in arguments:
        if name in known:
            continue
        others = [other for other in recipe.MODELS if name in recipe_arguments(recipe, other)]
        remedy = f"{' and '.join(others)} does." if others else suggest(name, known)
        raise TypeError(f"{recipe.name} with {recipe.CHOICE}={choice!r} takes no argument {name!r}. {remedy}")


def load_splits(
    recipe: Recipe, arguments: Mapping[str, Any], *, seed: int, vocabularies: dict[str, Any] | None = None
) -> Splits:
    """Read, encode and batch a recipe's data.

    Args:
        recipe, arguments: the recipe and all its arguments.
        seed: of generation and shuffling.
        vocabularies: those of a trained model; made from the data if None.
    """
    values = {**arguments, "seed": seed, "vocabularies": vocabularies}
    raw = recipe.data(**accepted(recipe.data, values))
    if isinstance(raw, Splits):
        return raw
    if vocabularies is None:
        vocabularies = recipe.vocabularies(raw, **accepted(recipe.vocabularies, values))
    return recipe.batches(raw, vocabularies, **accepted(recipe.batches, values))


def make_model(recipe: Recipe, splits: Splits, arguments: Mapping[str, Any], *, epochs: int) -> keras.Model:
    """Build, initialize and compile a recipe's model for its data.

    Args:
        recipe, arguments: the recipe and all its arguments.
        splits: the data.
        epochs: of the whole training, with which schedules end.
    """
    choice = chosen_model(recipe, arguments)
    name, facts = recipe.MODELS[choice]
    taken = keyword_arguments(MODELS[name])
    values = dict(facts) | {key: arguments[key] for key in taken if key in arguments}
    values |= {key: value for key, value in sizes_of(splits).items() if key in taken and key not in facts}
    for key, decide in recipe.SIZES.items():
        if key in taken:
            values[key] = decide(splits, **accepted(decide, arguments))
    vectors = arguments.get("vectors")
    if vectors is None:
        model = build(name, **values)
    else:
        initializer = recipe.VECTORS[choice]
        matrix = read_word_vectors(splits.vocabularies.get(initializer.vocabulary), vectors=vectors)
        model = build(name, **values | {initializer.width: matrix.shape[1]})
        initializer.assign(model, matrix)
    recipe.initialize(model, splits)
    options = accepted(compile_model, {**arguments, "epochs": epochs, "steps_per_epoch": len(splits.train)})
    activation = values.get("activation", taken["activation"].default if "activation" in taken else None)
    return compile_model(model, **options | {"activation": activation})
