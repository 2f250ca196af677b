"""What is read from source equals what Python would tell."""

import inspect
import subprocess
import sys

import zoo
from tests.conftest import ROOT
from zoo.cli import catalog
from zoo.experiments.entry_points import list_recipes
from zoo.experiments.recipe import load_recipe
from zoo.registry import FAMILIES


def test_lines_are_those_of_the_package():
    assert catalog.list_models() == zoo.list_models()
    assert catalog.list_families() == {name: list(models) for name, models in FAMILIES.items()}
    family = zoo.list_models("memory")
    assert catalog.list_models(list(FAMILIES["memory"])) == family


def test_recipes_have_lines_and_notes():
    lines = catalog.list_recipe_lines()
    assert set(lines) == set(list_recipes()) and all(lines.values())
    assert catalog.describe_recipe("sentiment") == inspect.getdoc(load_recipe("sentiment").module)


def test_a_model_is_described_by_signature_and_text():
    for name in ("many_to_one", "encoder_decoder", "row_lstm"):
        shown = catalog.describe_model(name)
        described = zoo.describe(name)
        assert described.documentation in shown
        for line in described.signature.splitlines()[1:-1]:
            assert line.split("=")[0].strip() in shown
    assert "arXiv:1603.01354" in catalog.describe_model("ma_2016_bilstm_cnn_crf")
    assert "units=200" in catalog.describe_model("ma_2016_bilstm_cnn_crf")


def test_list_show_and_help_import_no_backend():
    """Slow libraries are refused, so these commands answer at once."""
    code = """
import sys
sys.argv = ["zoo", *sys.argv[1:]]
from zoo.cli.main import main
try:
    main()
except SystemExit as ended:
    assert not ended.code
print(*sorted({name.split(".")[0] for name in sys.modules} & {"keras", "tensorflow", "jax", "torch", "matplotlib"}))
"""
    for arguments in (["list"], ["show", "translation"], ["show", "encoder_decoder"], ["--help"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=ROOT, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        assert done.stdout.splitlines()[-1] == "", arguments
