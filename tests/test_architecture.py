"""The house rules, read from the source: what may import what, what is forbidden, and what a file may be."""

import ast
import os
import re
import subprocess
import sys
from itertools import pairwise

import pytest

from tests.conftest import ROOT
from zoo.cells import CELLS
from zoo.registry import MODELS

FILES = {
    ".".join((*package, *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): path
    for folder, package in (("zoo", ()), ("recipes", ("zoo",)))  # `recipes/` is imported as `zoo.recipes`
    for path in sorted((ROOT / folder).rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in FILES.items()}

# Imports point down: a file may import what stands in its own floor, or before that in this line.
FLOORS = (
    "lookup special_ids storage data plots backend ops distributions layers cells recurrent models registry presets "
    "build decoding training inference experiments tuning public __init__ cli recipes"
).split()
# Data and plots stand alone, on lookup and storage; nothing below decoding knows them.
ALONE = ("data", "plots")
# A module, or a function of one, that is imported by its name.
GROUP = "zoo.recipes"  # of entry points
MODULE = re.compile(r"zoo(\.\w+)+(:\w+)?")
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_ARGUMENTS = {"custom_objects", "safe_mode"}
FORBIDDEN_IMPORTS = {"pickle", "cPickle", "dill", "joblib", "marshal", "shelve"}


def imports(name):
    """The modules of this project that a file imports, within its functions and by a string, too."""
    modules = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative imports hide where a thing comes from"
            modules |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and MODULE.fullmatch(node.value)
            and node.value != GROUP
        ):
            modules.add(node.value.partition(":")[0])
    return {module for module in modules if module in FILES and module != name}


def floor(module):
    """The name by which a module stands in `FLOORS`."""
    _, *parts = module.split(".")
    return parts[0] if parts else "__init__"


def below(name):
    """The floors that a file may import."""
    own = floor(name)
    if own in ALONE:
        return {"lookup", "special_ids", "storage", own}
    floors = set(FLOORS[: FLOORS.index(own) + 1])
    return floors if FLOORS.index(own) >= FLOORS.index("decoding") else floors - set(ALONE)


def test_imports_point_down():
    upward = {name: sorted({floor(module) for module in imports(name)} - below(name)) for name in FILES}
    assert not {name: floors for name, floors in upward.items() if floors}


def test_every_file_has_its_floor():
    assert {floor(name) for name in FILES} <= set(FLOORS)


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


def test_nothing_runs_text_or_hides_code_in_data():
    assert not [f"{name}: {text}" for name, tree in TREES.items() for text in _unsafe(tree)]


def _unsafe(tree):
    """Statements that run text, load pickles or switch off Keras' safe loading."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Name) and function.id in FORBIDDEN_CALLS:
                yield ast.unparse(node)
            if isinstance(function, ast.Attribute) and function.attr == "Lambda":
                yield ast.unparse(node)
            for keyword in node.keywords:
                is_false = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
                if keyword.arg in FORBIDDEN_ARGUMENTS or (keyword.arg == "allow_pickle" and not is_false):
                    yield ast.unparse(node)
        if isinstance(node, ast.Import | ast.ImportFrom):
            roots = {alias.name for alias in node.names} | {getattr(node, "module", None)}
            if roots & FORBIDDEN_IMPORTS:
                yield ast.unparse(node)


@pytest.mark.parametrize(
    "text",
    [
        "eval(text)",
        "keras.layers.Lambda(f)",
        "np.load(path, allow_pickle=True)",
        "load_model(path, safe_mode=False)",
        "load_model(path, custom_objects={})",
        "import pickle",
        "from marshal import loads",
    ],
)
def test_the_guard_recognises_unsafe_statements(text):
    assert list(_unsafe(ast.parse(text))) == [text]
    assert not list(_unsafe(ast.parse("np.load(path, allow_pickle=False)")))


def test_no_file_is_over_300_lines():
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in FILES.items()}
    assert not {name: length for name, length in lengths.items() if length > 300}


def test_the_median_file_is_at_most_170_lines():
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in FILES.values())
    assert lengths[len(lengths) // 2] <= 170


def test_no_signature_outside_the_models_has_more_than_16_arguments():
    """A model's are the options of an architecture; each is documented once."""
    counts = {
        (name, node.name): len([*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs])
        for name, tree in TREES.items()
        if not name.startswith("zoo.models.")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }
    assert not {function: count for function, count in counts.items() if count > 16}


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


def test_a_cells_file_is_its_name():
    for name, cell in CELLS.items():
        assert cell.__module__ == f"zoo.cells.{name}"
        assert snake(cell.__name__) == f"{name}_cell"


def test_a_models_file_is_its_name():
    """A function's name is the file's; a class's is the same in its own spelling."""
    for name, model in MODELS.items():
        assert model.__module__ == f"zoo.models.{name}"
        assert (snake(model.__name__) if isinstance(model, type) else model.__name__) == name


def test_every_file_has_its_mirror():
    """`zoo/a/b.py` is tested by `tests/a/test_b.py`, `recipes/b.py` by `tests/recipes/test_b.py`. No exceptions."""
    missing = []
    for name, path in FILES.items():
        *folders, last = name.removeprefix("zoo.").split(".")
        mirror = ROOT / "tests" / "/".join(folders) / f"test_{last}.py"
        if path.name != "__init__.py" and not mirror.exists():
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
