"""Recipes by name, path and module, and what their modules must define."""

import inspect
import sys
from types import SimpleNamespace

import pytest

from zoo.experiments.entry_points import list_recipes
from zoo.experiments.recipe import HOOKS, Recipe, load_recipe
from zoo.recipes import reverse

WHOLE = """
'''Says the length of a text.

    zoo train lengths
'''
MODELS = {"recurrent": ("many_to_one", {})}
FIT = {"epochs": 1, "patience": 1, "monitor": "val_accuracy"}

def data(*, seed: int = 0):
    return {}

def evaluate(model, splits, split="test"):
    return {}
"""


def test_a_recipe_is_loaded_by_name_module_and_itself():
    recipe = load_recipe("reverse")
    assert (recipe.name, recipe.module) == ("reverse", reverse)
    assert load_recipe(reverse).name == load_recipe("zoo.recipes.reverse").name.split(".")[-1] == "reverse"
    assert load_recipe(recipe) is recipe
    assert recipe.description.startswith("Writes strings backwards")


def test_hooks_that_a_module_lacks_have_defaults():
    recipe = load_recipe("reverse")
    assert recipe.defines("plot") and not recipe.defines("predict")
    assert recipe.baseline(None) == {} and recipe.format_report({}) == ""
    assert recipe.parse_input("a", None) == "a" and recipe.OUTPUT_FILE is None and recipe.SIZES == {}
    assert recipe.evaluate is reverse.evaluate


def test_every_hook_is_documented():
    for name in HOOKS:
        hook = vars(Recipe)[name]
        assert not isinstance(hook, staticmethod) or hook.__func__.__doc__, name


def test_a_wrong_name_is_answered_with_the_closest():
    with pytest.raises(ValueError, match="Unknown recipe: 'sentimant'. Did you mean 'sentiment'"):
        load_recipe("sentimant")


def test_a_module_that_lacks_facts_is_no_recipe():
    with pytest.raises(TypeError, match="Received: toy, which lacks FIT, data, evaluate"):
        Recipe("toy", SimpleNamespace(__name__="toy", __doc__="", MODELS={}))


def test_a_file_is_a_recipe(tmp_path):
    (tmp_path / "lengths.py").write_text(WHOLE)
    recipe = load_recipe(tmp_path / "lengths.py")
    assert recipe.description == "Says the length of a text."
    assert load_recipe(recipe.name).MODELS == recipe.MODELS  # the name finds it again, in another process, too
    with pytest.raises(FileNotFoundError, match="no such file"):
        load_recipe(tmp_path / "none.py")


def test_the_recipe_of_another_package(tmp_path, monkeypatch):
    metadata = {
        "METADATA": "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n",
        "entry_points.txt": "[zoo.recipes]\nlullabies = other_recipes.lullabies\n",
    }
    for name, text in metadata.items():
        path = tmp_path / "other-1.0.dist-info" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    module = tmp_path / "other_recipes" / "lullabies.py"
    module.parent.mkdir()
    module.write_text(WHOLE)
    monkeypatch.syspath_prepend(tmp_path)
    try:
        assert load_recipe("lullabies").FIT["epochs"] == 1
        assert "lullabies" in list_recipes()
    finally:
        sys.modules.pop("other_recipes.lullabies", None)


@pytest.mark.parametrize("name", list_recipes())
def test_hooks_of_recipes_have_the_arguments_of_the_contract(name):
    recipe = load_recipe(name)
    for hook in (hook for hook in HOOKS if recipe.defines(hook)):
        contract = vars(Recipe)[hook]
        if isinstance(contract, staticmethod):
            assert positional(getattr(recipe, hook)) == positional(contract.__func__), hook


def positional(function):
    parameters = inspect.signature(function).parameters.values()
    return [parameter.name for parameter in parameters if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
