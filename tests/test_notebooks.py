"""Every notebook runs from top to bottom, and its two halves (text and notebook) say the same."""

import runpy
from pathlib import Path

import jupytext
import nbformat
import pytest

from zoo.experiments.recipe import load_recipe

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
# Recipes of which an epoch is enough here: whatever they have learned, their notebooks show it.
ONE_EPOCH = (
    *(
        "captioning",
        "convex_hull",
        "copying",
        "dialogue",
        "language_model",
        "memory_span",
        "pixels",
        "speech",
        "translation",
    ),
    "video",
)
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.py"))


# The quickest; the others are run by `make test-all`.
QUICKEST = "07_trees"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_pair_is_in_step(name):
    text = jupytext.read(FOLDER / f"{name}.py")
    paired = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    assert [(cell.cell_type, cell.source) for cell in text.cells] == [
        (cell.cell_type, cell.source) for cell in paired.cells
    ]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name != QUICKEST)) for name in NOTEBOOKS]
)
def test_it_runs(name, tmp_path, monkeypatch):
    # As a script, in this process: a kernel of its own would first import everything again.
    for recipe in ONE_EPOCH:
        monkeypatch.setitem(load_recipe(recipe).QUICK, "epochs", 1)
    monkeypatch.chdir(tmp_path)
    assert runpy.run_path(str(FOLDER / f"{name}.py"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_notebook_was_run_from_top_to_bottom(name):
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not any(output.output_type == "error" for cell in cells for output in cell.outputs)
