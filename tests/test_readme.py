"""The README's own recipe, installed from a package of its own, and the options of its commands."""

import json
import re
import shlex
import sys

import pytest

from tests import runs
from tests.conftest import ROOT
from tests.tuning.conftest import run_in_process
from zoo.cli.catalog import list_recipe_lines
from zoo.experiments.arguments import signature_arguments
from zoo.experiments.assembly import chosen_model, recipe_arguments
from zoo.experiments.entry_points import list_recipes
from zoo.experiments.recipe import load_recipe
from zoo.experiments.settings import Settings

command = runs.command
README = (ROOT / "README.md").read_text()
TABLE = "text\tlabel\n" + "".join(f"{'ab' * n}{'ba'[n % 2]}\tone\n{'xy' * n}{'yx'[n % 2]}\ttwo\n" for n in range(2, 30))


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The README's recipe as the entry point `words` of an installed package, and a table for it."""
    folder = tmp_path_factory.mktemp("site")
    (code,) = (block for block in re.findall(r"```python\n(.*?)```", README, re.S) if "MODELS =" in block)
    (folder / "words_package").mkdir()
    (folder / "words_package" / "words.py").write_text(code)
    metadata = folder / "words_package-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: words-package\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[zoo.recipes]\nwords = words_package.words\n")
    (folder / "words.tsv").write_text(TABLE)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield folder
    for name in [name for name in sys.modules if name.startswith("words_package")]:
        del sys.modules[name]


def test_a_recipe_of_another_package_is_listed(installed):
    assert list_recipes()["words"] == "words_package.words"
    assert dict(list_recipe_lines())["words"] == "Language of a word, by its letters."


def test_a_recipe_of_another_package_trains_and_resumes(installed, command, tmp_path):
    arguments = ["--data", installed / "words.tsv", "--quick", "--out", tmp_path / "run", "--verbose", 2]
    output, _, code = command("train", "words", *arguments)
    assert code == 0 and "validation: accuracy" in output
    _, _, code = command("train", "words", "--resume", "--epochs", 3, "--out", tmp_path / "run", "--verbose", 0)
    assert code == 0
    assert len((tmp_path / "run" / "history.csv").read_text().splitlines()) == 1 + 3
    output, _, code = command("predict", tmp_path / "run", "ababa", "--json")
    assert code == 0 and json.loads(output)["output"] in ("one", "two")
    _, _, code = command("evaluate", tmp_path / "run", "--json")
    assert code == 0


@pytest.mark.parametrize("workers", ["in_process", pytest.param("processes", marks=pytest.mark.slow)])
def test_a_recipe_of_another_package_is_searched(installed, command, tmp_path, monkeypatch, workers):
    if workers == "in_process":
        run_in_process(monkeypatch)
    arguments = ["--data", installed / "words.tsv", "--epochs", 1, "--units", 8, "--out", tmp_path / "search"]
    _, _, code = command("tune", "words", *arguments, "--trials", 1, "--verbose", 0)
    assert code == 0
    _, _, code = command("tune", "words", "--resume", "--trials", 2, "--out", tmp_path / "search", "--verbose", 0)
    assert code == 0
    assert (tmp_path / "search" / "trials.csv").read_text().count("completed") == 2


def test_a_recipe_is_given_by_its_path_too(installed):
    recipe = load_recipe(installed / "words_package" / "words.py")
    assert recipe.name.endswith("words.py") and "units" in recipe_arguments(recipe, "recurrent")


def commands():
    """The commands `zoo train` and `zoo tune` of the README's examples, each as words."""
    lines = re.findall(r"^\$ zoo (train|tune) (.*)$", README, re.M)
    return [(verb, shlex.split(line.split(" # ")[0])) for verb, line in lines]


def test_the_options_of_examples_exist():
    assert len(commands()) > 5
    settings = {argument.name for argument in signature_arguments(Settings)}
    for verb, (name, *words) in commands():
        if name.endswith(".py"):
            continue
        recipe = load_recipe(name)
        options = dict(zip(words, [*words[1:], ""], strict=True))
        choice = options.get(f"--{recipe.CHOICE}", chosen_model(recipe, {}))
        known = {*recipe_arguments(recipe, choice), *settings, "out"} | (
            {"trials", "tuner"} if verb == "tune" else set()
        )
        given = {word.removeprefix("--").replace("-", "_") for word in words if word.startswith("--")}
        assert given <= known, (name, given - known)
