from pathlib import Path

from tests.conftest import ROOT
from zoo.experiments.entry_points import list_recipes


def test_every_file_of_the_folder_is_declared():
    files = {path.stem for path in Path(ROOT / "recipes").glob("*.py")} - {"__init__"}
    assert set(list_recipes()) == files
    assert list_recipes()["reverse"] == "zoo.recipes.reverse"
