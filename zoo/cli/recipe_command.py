"""Recipes as commands: their lines in a listing, and a command line made from the signatures of `data` and `model`."""

import ast
import inspect
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from cyclopts import App, Parameter

from zoo.cli.terminal import end_interrupted, errors_in_one_line, quiet_import
from zoo.experiments.recipe import RECIPES

KEYWORD = inspect.Parameter.KEYWORD_ONLY


class Unsaid:
    """The default of an argument that has to be told from any value given."""


UNSAID: Any = Unsaid()


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
    """Trains a recipe with arguments from the command line: also what `python -m zoo.recipes.NAME` does."""
    tokens = sys.argv[1:] if tokens is None else tokens
    with errors_in_one_line():
        with quiet_import():
            from zoo.experiments import run

            module = run.find(name)
        settings = dict(inspect.signature(run.Settings).parameters)
        del settings["explicit"]

        def command(*, out, **given):
            chosen = {key: given.pop(key) for key in list(given) if key in settings}
            with _interruptible("train", name, tokens, out):
                run.train(name, out=out, settings=run.Settings(**chosen, explicit=frozenset(chosen)), **given)

        out = inspect.Parameter("out", KEYWORD, default=Path("runs") / name, annotation=Path)
        own = list(run.arguments_of(module).values())
        described = ["    out: the run's folder.", *_documented(*_parts(module), run.Settings)]
        _parse(f"zoo train {name}", module, command, [*own, out, *settings.values()], described, tokens)


def tune_recipe(name: str, tokens: Sequence[str]) -> None:
    """Searches a recipe's arguments as the command line says. Of the recipe's own, those that are given are fixed."""
    with errors_in_one_line():
        with quiet_import():
            from zoo.experiments import run, settings
            from zoo.tuning.tune import tune

            module = run.find(name)
        fixed = {**run.arguments_of(module), **inspect.signature(run.Settings).parameters}
        fixed = {key: value for key, value in fixed.items() if key not in settings.OF_A_RUN}
        searching = inspect.signature(tune).parameters
        searching = {key: value for key, value in searching.items() if value.kind is KEYWORD and key != "space"}

        def command(*, out, **given):
            told = {key: value for key, value in given.items() if key in searching or value is not UNSAID}
            with _interruptible("tune", name, tokens, out):
                tune(module, out=out, **told)

        out = inspect.Parameter("out", KEYWORD, default=Path("runs") / f"{name}_search", annotation=Path)
        # What is not given is left to the search or to the recipe: its default must be told from the same value given.
        unsaid = [
            value.replace(default=UNSAID, annotation=Annotated[value.annotation, Parameter(show_default=False)])
            for value in fixed.values()
        ]
        others = [value for key, value in searching.items() if key != "out"]
        described = _documented(*_parts(module), run.Settings, tune)
        _parse(f"zoo tune {name}", module, command, [*unsaid, out, *others], described, tokens)


def _parse(title, module, function, parameters, described, tokens) -> None:
    """Calls a function with the arguments of a command line, which are those of some parameters."""
    out = next(parameter for parameter in parameters if parameter.name == "out")
    annotations = {parameter.name: _bare(parameter.annotation) for parameter in parameters}

    def command(**given):
        told = {key: _none(value, annotations[key]) for key, value in given.items()}
        function(**{"out": out.default, **told})

    # cyclopts reads the arguments, their types, defaults and descriptions from a signature and a docstring.
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [parameter.replace(kind=KEYWORD) for parameter in parameters]
    )
    command.__doc__ = "\n".join([(inspect.getdoc(module) or "").split("\n")[0], "", "Args:", *described])
    # cyclopts would end the program at Ctrl-C without a word.
    app = App(name=title, default_command=command, version_flags=[], suppress_keyboard_interrupt=False)
    app(tokens, exit_on_error=False, print_error=False)


@contextmanager
def _interruptible(command: str, name: str, tokens: Sequence[str], out: Path) -> Iterator[None]:
    """End a training or a search that is interrupted by saying with which command it continues."""
    try:
        yield
    except KeyboardInterrupt:
        end_interrupted(_how_to_continue(command, name, tokens, Path(out).expanduser()))


def _how_to_continue(command: str, name: str, tokens: Sequence[str], out: Path) -> str:
    from zoo.experiments.restarts import begun_restarts
    from zoo.inference.run_folder import current_run
    from zoo.tuning.folder import RECORD, current_search, is_finished

    if command == "train":
        run = current_run(out)
        is_saved = (run / "recipe.json").is_file() or bool(begun_restarts(run))
        is_whole = (run / "metrics.json").is_file()
    else:
        search = current_search(out)
        is_saved, is_whole = (search / RECORD).is_file(), is_finished(search)
    if not is_saved or is_whole:  # what is whole was there before
        return "Nothing was saved yet: give the same command again."
    again = [token for token in tokens if token.split("=")[0] not in ("--force", "--resume")]
    return f"Continue with: {shlex.join(['zoo', command, name, *again, '--resume'])}"


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _parts(module) -> list:
    return [module.data, module.model, getattr(module, "regime", None)]


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
