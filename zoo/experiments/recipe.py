"""Finds recipes by name: modules that an installed package declares as entry points of the group `zoo.recipes`."""

import importlib
from importlib.metadata import entry_points
from types import ModuleType

from zoo.lookup import lookup

# name -> module, as installed packages declare them; a listing imports none of them, nor Keras.
RECIPES = {entry.name: entry.value for entry in entry_points(group="zoo.recipes")}


def load_recipe(recipe: str | ModuleType) -> ModuleType:
    """Return the module of a recipe by its name; a module stays itself.

    Raises:
        UnknownNameError: no recipe of that name; the message names the closest.
    """
    if isinstance(recipe, ModuleType):
        return recipe
    return importlib.import_module(lookup("recipe", recipe, RECIPES))
