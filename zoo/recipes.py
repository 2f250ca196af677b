"""Finds recipes by name: modules that an installed package declares as entry points of the group `zoo.recipes`."""

import importlib
from importlib.metadata import entry_points
from types import ModuleType

from zoo.naming import choose


def load_recipe(recipe: str | ModuleType) -> ModuleType:
    """Return the module of a recipe by its name; a module stays itself.

    Raises:
        UnknownNameError: no recipe of that name; the message names the closest.
    """
    if isinstance(recipe, ModuleType):
        return recipe
    modules = {entry.name: entry.value for entry in entry_points(group="zoo.recipes")}
    return importlib.import_module(choose("recipe", recipe, modules))
