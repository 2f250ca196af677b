"""Recipes as commands: their lines in a listing, and a command line made from the signatures of `data` and `model`."""

import ast
import inspect
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_args

from cyclopts import App

from recipes import RECIPES
from recipes.terminal import errors_in_one_line, quiet_import


def recipe_lines() -> dict[str, str]:
    """Each recipe's first line, read without importing it."""
    lines = {}
    for name, module in RECIPES.items():
        spec = find_spec(module)
        if spec is not None and spec.origin:
            lines[name] = (ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))) or "").split(
                "\n"
            )[0]
    return lines


def run_recipe(name: str, tokens: Sequence[str] | None = None) -> None:
    """Trains a recipe with arguments from the command line: also what `python -m recipes.NAME` does."""
    tokens = sys.argv[1:] if tokens is None else tokens
    with errors_in_one_line():
        with quiet_import():
            from recipes import run

            module = run.find(name)
        settings = inspect.signature(run.Settings).parameters
        keyword, own = inspect.Parameter.KEYWORD_ONLY, run.arguments_of(module)
        folder = Path("runs") / name
        out = inspect.Parameter("out", keyword, default=folder, annotation=Path)

        def command(*, out=folder, **given):
            given = {key: _none(value, own[key].annotation) if key in own else value for key, value in given.items()}
            chosen = {key: given.pop(key) for key in list(given) if key in settings}
            run.train(name, out=out, settings=run.Settings(**chosen), **given)

        # cyclopts reads the arguments, their types, defaults and descriptions from a signature and a docstring.
        parameters = [*own.values(), out, *(p.replace(kind=keyword) for p in settings.values())]
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        command.__doc__ = "\n".join(
            [
                *((inspect.getdoc(module) or "").split("\n")[0], "", "Args:", "    out: the run's folder."),
                *_documented(module.data, module.model, getattr(module, "regime", None), run.Settings),
            ]
        )
        App(name=f"zoo train {name}", default_command=command, version_flags=[])(
            tokens, exit_on_error=False, print_error=False
        )


def _none(value: Any, annotation: Any) -> Any:
    """None where an argument may be a name or None and the word "none" was given: `--attention none`."""
    return None if isinstance(value, str) and value.lower() == "none" and type(None) in get_args(annotation) else value


def _documented(*described) -> list[str]:
    """The `Args:` lines of several docstrings; where two describe an argument, the last holds."""
    lines = []
    for thing in described:
        text = inspect.getdoc(thing) or ""
        if "Args:" in text:
            part = text.split("Args:\n")[1].split("\nRaises:")[0].split("\nReturns:")[0]
            lines += [line for line in part.split("\n") if line.startswith("    ")]
    return lines
