"""Lines, texts and signatures of models and recipes, read from their source: `list` and `show` import no backend."""

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from zoo.experiments.entry_points import list_recipes
from zoo.presets import PRESETS

REGISTRY = "zoo.registry"


@cache
def _tree(module: str) -> ast.Module | None:
    """The syntax tree of a module; None if its source is not found."""
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:  # a package of recipes that was removed
        return None
    if spec is None or spec.origin is None:
        return None
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))


def _registry(table: str) -> ast.Dict:
    """A literal dict of the registry."""
    tree = _tree(REGISTRY)
    assert tree is not None
    return next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict)
        if ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target) == table
    )


def _definition(model: str) -> ast.FunctionDef | ast.ClassDef:
    """The function or class of a model."""
    table = _registry("MODELS")
    name = next(ast.unparse(value) for key, value in zip(table.keys, table.values, strict=True) if _text(key) == model)
    return _defined_in(f"zoo.models.{model}", name)


def _defined_in(module: str, name: str) -> ast.FunctionDef | ast.ClassDef:
    tree = _tree(module)
    assert tree is not None
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name)


def _constructor(definition: ast.ClassDef) -> ast.FunctionDef | None:
    """The constructor that a class defines itself."""
    return next(
        (node for node in definition.body if isinstance(node, ast.FunctionDef) and node.name == "__init__"), None
    )


def _base_of(definition: ast.ClassDef, module: str) -> ast.ClassDef:
    """The first base class of a class, from the module that it is imported from."""
    tree, name = _tree(module), ast.unparse(definition.bases[0])
    assert tree is not None
    source = next(
        str(node.module)
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and name in {alias.name for alias in node.names}
    )
    base = _defined_in(source, name)
    assert isinstance(base, ast.ClassDef)
    return base


def _text(node: ast.expr | None) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _first_line(node: ast.Module | ast.FunctionDef | ast.ClassDef | None) -> str:
    return ("" if node is None else ast.get_docstring(node) or "").split("\n")[0]


def list_families() -> dict[str, list[str]]:
    """Return the models of every family."""
    return {name: list(models) for name, models in ast.literal_eval(_registry("FAMILIES")).items()}


def list_models(models: list[str] | None = None) -> dict[str, str]:
    """Return models and presets, each with one line.

    Args:
        models: only these and their presets; None: all.
    """
    names = [_text(key) for key in _registry("MODELS").keys]
    lines = {name: _first_line(_definition(name)) for name in names if models is None or name in models}
    return lines | {name: paper for name, (model, _, paper) in PRESETS.items() if model in lines}


def list_recipe_lines() -> dict[str, str]:
    """Return recipes, each with one line."""
    return {name: _first_line(_tree(module)) for name, module in list_recipes().items()}


def describe_recipe(name: str) -> str:
    """Return the notes of a recipe."""
    tree = _tree(list_recipes()[name])
    return "" if tree is None else ast.get_docstring(tree) or ""


def describe_model(name: str) -> str:
    """Return the signature, text and presets of a model, or of a preset's model with what the preset sets."""
    model, preset, paper = PRESETS.get(name, (name, {}, None))
    definition = _definition(model)
    texts = [ast.get_docstring(definition) or ""]
    constructor: ast.FunctionDef | None
    if isinstance(definition, ast.FunctionDef):
        constructor = definition
    else:
        constructor = _constructor(definition)
        if constructor is None:  # its base class has it
            base = _base_of(definition, f"zoo.models.{model}")
            texts, constructor = [*texts, ast.get_docstring(base) or ""], _constructor(base)
    assert isinstance(constructor, ast.FunctionDef)
    arguments = constructor.args
    shown = []
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        value = "" if default is None else f" = {ast.unparse(default)}"
        annotation = "" if argument.annotation is None else f": {ast.unparse(argument.annotation)}"
        shown.append(f"    {argument.arg}{annotation}{value},")
    lines = [f"{name}(", *shown, ")", "", "\n\n".join(texts), ""]
    if paper:
        lines += [f"Preset of {model}: {paper}", *(f"    {key}={value!r}" for key, value in preset.items()), ""]
    presets = {other: text for other, (of, _, text) in PRESETS.items() if of == name}
    if presets:
        lines += ["Presets:", *(f"    {other}: {text}" for other, text in presets.items()), ""]
    return "\n".join([*lines, f"Parameters of a call: zoo.describe({name!r}, ...)"])
