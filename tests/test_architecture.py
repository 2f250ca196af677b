"""The house rules, read from the source: what may import what, what is forbidden, and what a file may be."""

import ast
import os
import subprocess
import sys
from itertools import pairwise

import pytest

from tests.conftest import ROOT
from zoo.cells import CELLS
from zoo.registry import MODELS

FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in ("zoo", "recipes")
    for path in sorted((ROOT / folder).rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in FILES.items()}

# Imports point down only: a file may import what stands before it in one of these lines, and its own floor.
ORDERS = [
    [
        "zoo.naming",
        "zoo.ops",
        "zoo.layers",
        "zoo.cells",
        "zoo.models",
        "zoo.registry",
        "zoo.presets",
        "zoo.build",
        "zoo",
        "recipes",
    ],
    ["zoo.data", "zoo.story_answers", "zoo.prediction", "zoo.artifact", "zoo", "recipes"],
    ["zoo.data", "zoo.tree_answers", "zoo.prediction"],
    ["zoo.ops", "zoo.models", "zoo.transcription", "zoo.prediction", "zoo", "recipes"],
    ["zoo.ops", "zoo.outputs", "zoo.models"],
    [
        "zoo.naming",
        "zoo.ops",
        "zoo.outputs",
        "zoo.decoding",
        "zoo.task",
        "zoo.generation",
        "zoo.artifact",
        "zoo",
        "recipes",
    ],
    ["zoo.data", "zoo.task", "zoo.generation", "zoo.artifact"],
    ["zoo.data", "zoo.task", "zoo.scoring", "zoo"],
    ["zoo.data", "zoo.task", "zoo.exporting", "zoo"],
    ["zoo.ops", "zoo.task", "zoo.scoring"],
    ["zoo.ops", "zoo.task", "zoo.searching", "zoo"],
    ["zoo.decoding", "zoo.exporting"],
    ["zoo.naming", "zoo.training", "zoo.tuning", "zoo", "recipes"],
    ["zoo.data", "zoo.training"],
    ["zoo.ops", "zoo.outputs", "zoo.decoding", "zoo.training"],
    ["zoo.data", "zoo.artifact", "zoo.tuning", "zoo"],
    ["zoo.plots", "zoo.tuning", "zoo", "recipes"],
]
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_IMPORTS = {"pickle", "cPickle", "dill", "joblib", "marshal", "shelve"}


def imports(name):
    """The modules of this project that a file imports, within its functions too."""
    found = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative imports hide where a thing comes from"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return {module for module in found if module in FILES and module != name}


def floor(module):
    """The name by which a module stands in `ORDERS`."""
    parts = module.split(".")
    return parts[0] if parts[0] == "recipes" else ".".join(parts[:2])


@pytest.mark.parametrize("name", FILES)
def test_imports_point_down(name):
    own = floor(name)
    below = {other for order in ORDERS if own in order for other in order[: order.index(own) + 1]}
    above = set(map(floor, imports(name))) - below - {own}
    assert not above, f"{name} imports {sorted(above)}"


def test_every_file_has_its_floor():
    floors = {floor(name) for name in FILES}
    assert floors <= {member for order in ORDERS for member in order}


def test_imports_make_no_circle():
    done, path = set(), []

    def visit(name):
        assert name not in path, " -> ".join([*path[path.index(name) :], name])
        if name in done:
            return
        path.append(name)
        for module in sorted(imports(name)):
            visit(module)
        done.add(path.pop())

    for name in FILES:
        visit(name)


@pytest.mark.parametrize("name", FILES)
def test_nothing_runs_text_or_hides_code_in_data(name):
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Call):
            called = node.func
            assert not (isinstance(called, ast.Name) and called.id in FORBIDDEN_CALLS), ast.unparse(node)
            assert not (isinstance(called, ast.Attribute) and called.attr == "Lambda"), ast.unparse(node)
            for keyword in node.keywords:
                unsafe = keyword.arg == "allow_pickle" and not (
                    isinstance(keyword.value, ast.Constant) and keyword.value.value is False
                )
                assert not unsafe, ast.unparse(node)
                assert keyword.arg != "custom_objects", ast.unparse(node)
                assert keyword.arg != "safe_mode", ast.unparse(node)
        if isinstance(node, ast.Import | ast.ImportFrom):
            roots = {alias.name for alias in node.names} | {getattr(node, "module", None)}
            assert not roots & FORBIDDEN_IMPORTS, ast.unparse(node)


@pytest.mark.parametrize("name", FILES)
def test_no_file_is_over_300_lines(name):
    assert len(FILES[name].read_text(encoding="utf-8").splitlines()) <= 300


def test_the_median_file_is_at_most_170_lines():
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in FILES.values())
    assert lengths[len(lengths) // 2] <= 170


def test_few_functions_take_any_argument():
    """Constructors of layers and cells, which hand theirs to Keras, are not counted."""
    functions = [
        (name, node) for name, tree in TREES.items() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
    ]
    takers = [(name, node.name) for name, node in functions if node.args.kwarg and not _hands_to_super(node)]
    assert len(takers) <= 0.03 * len(functions), takers


def _hands_to_super(node):
    handed = [call for call in ast.walk(node) if isinstance(call, ast.Call) and "super()" in ast.unparse(call.func)]
    return node.name == "__init__" and any(None in [keyword.arg for keyword in call.keywords] for call in handed)


def snake(name):
    """CoupledLSTMCell -> coupled_lstm_cell."""
    parts, start = [], 0
    for place, (before, after) in enumerate(pairwise(name), 1):
        ends_acronym = after.isupper() and place + 1 < len(name) and name[place + 1].islower()
        if (before.islower() and after.isupper()) or ends_acronym:
            parts.append(name[start:place])
            start = place
    return "_".join([*parts, name[start:]]).lower()


@pytest.mark.parametrize("name", CELLS)
def test_a_cells_file_is_its_name(name):
    cell = CELLS[name]
    assert cell.__module__ == f"zoo.cells.{name}"
    assert snake(cell.__name__) == f"{name}_cell"


@pytest.mark.parametrize("name", MODELS)
def test_a_models_file_is_its_name(name):
    """A function's name is the file's; a class's is the same in its own spelling."""
    model = MODELS[name]
    assert model.__module__ == f"zoo.models.{name}"
    assert (snake(model.__name__) if isinstance(model, type) else model.__name__) == name


def test_every_file_of_the_library_has_its_mirror():
    """No exceptions: `recipes` is tested by what each file does, not file by file."""
    missing = []
    for name, path in FILES.items():
        *folders, last = name.split(".")[1:] or [""]
        mirror = ROOT / "tests" / "/".join(folders) / f"test_{last}.py"
        if name.startswith("zoo.") and path.name != "__init__.py" and not mirror.exists():
            missing.append(name)
    assert not missing


REFUSED = (
    *("tensorflow", "torch", "matplotlib", "keras_tuner", "tensorflow_datasets", "sklearn", "sentencepiece"),
    *("mido", "sacrebleu"),
)
CHECK = f"""
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {REFUSED!r}:
            raise ModuleNotFoundError(f"refused: {{name}}", name=name)

sys.meta_path.insert(0, Refuse())
import zoo
print(zoo.build("many_to_one", vocabulary_size=4, embedding_size=2, units=2).count_params())
print(*sorted({{name.split(".")[0] for name in sys.modules}} & set({REFUSED!r})))
"""


def test_importing_and_building_needs_keras_numpy_and_one_backend():
    environment = {**os.environ, "KERAS_BACKEND": "jax", "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", CHECK], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    # 4 * 2 ids, LSTM of 2 on 2, 2 outputs: by hand. Nothing refused was loaded.
    assert run.stdout.split("\n")[:2] == [str(4 * 2 + 4 * (2 + 2 + 1) * 2 + (2 + 1) * 2), ""]
