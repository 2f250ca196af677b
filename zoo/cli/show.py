"""The command `zoo show`: a model, a preset or a recipe."""

from zoo.cli.catalog import describe_model, describe_recipe, list_models
from zoo.experiments.entry_points import list_recipes
from zoo.lookup import lookup


def show(name: str) -> None:
    """Show a model's or preset's signature, equation, shapes and arguments, or a recipe's notes.

    Args:
        name: as `zoo list` gives it.
    """
    lookup("model or recipe", name, {**list_models(), **list_recipes()})
    if name in list_recipes():
        print(f"{describe_recipe(name)}\n\nArguments: zoo train {name} --help")
    else:
        print(describe_model(name))
