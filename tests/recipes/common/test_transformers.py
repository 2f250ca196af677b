import pytest

from zoo.experiments.assembly import recipe_arguments
from zoo.experiments.entry_points import list_recipes
from zoo.experiments.recipe import load_recipe
from zoo.recipes.common.transformers import QUICK


@pytest.mark.parametrize("name", [name for name in list_recipes() if "transformer" in load_recipe(name).MODELS])
def test_quick_changes_are_arguments_of_every_transformer(name):
    recipe = load_recipe(name)
    assert recipe.QUICK["transformer"] == QUICK
    assert set(QUICK) <= set(recipe_arguments(recipe, "transformer"))
