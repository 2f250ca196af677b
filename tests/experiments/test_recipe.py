"""Recipes by name, as installed packages declare them."""

import sys

import pytest

from zoo.experiments.recipe import RECIPES, load_recipe
from zoo.recipes import reverse

METADATA = {
    "METADATA": "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n",
    "entry_points.txt": "[zoo.recipes]\nlullabies = other_recipes.lullabies\n",
}


def test_a_name_is_resolved_as_the_command_resolves_it():
    assert load_recipe("reverse") is load_recipe(reverse) is reverse
    assert RECIPES["reverse"] == "zoo.recipes.reverse"


def test_a_wrong_name_is_answered_with_the_closest():
    with pytest.raises(ValueError, match="Unknown recipe: 'sentimant'. Did you mean 'sentiment'"):
        load_recipe("sentimant")


def test_the_recipe_of_another_package(tmp_path, monkeypatch):
    for name, text in METADATA.items():
        path = tmp_path / "other-1.0.dist-info" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    module = tmp_path / "other_recipes" / "lullabies.py"
    module.parent.mkdir()
    module.write_text("MONITOR = 'val_nats'\n")
    monkeypatch.syspath_prepend(tmp_path)
    try:
        assert load_recipe("lullabies").MONITOR == "val_nats"
    finally:
        sys.modules.pop("other_recipes.lullabies", None)
