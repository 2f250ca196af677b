"""The command `zoo`: list, show, train, evaluate, predict."""

import inspect
import json
import os
import sys
from pathlib import Path
from typing import Annotated

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from cyclopts import App, Parameter  # noqa: E402

from recipes import RECIPES  # noqa: E402

app = App(name="zoo", help="Sequence models on Keras 3: train, evaluate and use them.", version_flags=["--version"])


@app.command(name="list")
def list_(family: str | None = None) -> None:
    """List models, papers' presets and recipes, each with one line.

    Args:
        family: only models of one family (many_to_one, many_to_many).
    """
    from rich.console import Console
    from rich.table import Table

    import zoo

    for title, rows in (
        ("Models and presets: zoo.build(NAME, ...), zoo show NAME", zoo.list_models(family)),
        ("Recipes: zoo train NAME, zoo train NAME --help", {} if family else _recipe_lines()),
    ):
        table = Table("name", "what it is", title=title, title_justify="left", box=None, pad_edge=False)
        for name, line in rows.items():
            table.add_row(name, line)
        if rows:
            Console().print(table)


@app.command
def show(name: str) -> None:
    """Show a model's or preset's equation, shapes, arguments and parameter count, or a recipe's notes.

    Args:
        name: as `zoo list` gives it.
    """
    if name in RECIPES:
        from recipes.run import arguments_of, find

        recipe = find(name)
        print(inspect.getdoc(recipe), "\n\nArguments:")
        for argument, parameter in arguments_of(recipe).items():
            print(f"    --{argument.replace('_', '-')} {parameter.default!r}")
    else:
        import zoo

        print(zoo.describe(name))


# The recipe's own arguments are read by a second parser, made from the signatures of its `data` and `model`.
@app.command(help_flags=[])
def train(
    recipe: str | None = None,
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
) -> None:
    """Train a recipe: zoo train RECIPE [--data synthetic|PATH|tfds:NAME] [--out DIR]; zoo train RECIPE --help tells all.

    Args:
        recipe: a name that `zoo list` gives.
    """
    if recipe is None or recipe in ("--help", "-h"):
        print("Usage: zoo train RECIPE [ARGUMENTS], zoo train RECIPE --help\n\nRecipes:")
        for name, line in _recipe_lines().items():
            print(f"    {name:<14}{line}")
        return
    run_recipe(recipe, tokens)


def run_recipe(name: str, tokens: tuple[str, ...] | None = None) -> None:
    """Trains a recipe with arguments from the command line: also what `python -m recipes.NAME` does."""
    from recipes.run import Settings, arguments_of, find
    from recipes.run import train as run

    module = find(name)
    own = list(arguments_of(module).values())
    settings = [
        parameter.replace(kind=parameter.KEYWORD_ONLY)
        for parameter in inspect.signature(Settings).parameters.values()
    ]
    out = inspect.Parameter("out", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Path | None)

    def command(**given):
        out = given.pop("out", None) or Path("runs") / name
        chosen = {key: given.pop(key) for key in list(given) if key in inspect.signature(Settings).parameters}
        run(name, out=out, settings=Settings(**chosen), **given)

    command.__signature__ = inspect.Signature([*own, out, *settings])  # type: ignore[attr-defined]
    command.__doc__ = "\n\n".join(
        [
            inspect.getdoc(module).split("\n")[0],
            "Args:\n    out: the run's folder; runs/NAME if not given.\n" + _documented(Settings, module.data, module.model),
        ]
    )
    App(name=f"zoo train {name}", default_command=command, version_flags=[])(tokens)


def _documented(*described) -> str:
    """The `Args:` lines of several docstrings."""
    lines = []
    for thing in described:
        text = inspect.getdoc(thing) or ""
        if "Args:" in text:
            part = text.split("Args:\n")[1].split("\nRaises:")[0].split("\nReturns:")[0]
            lines += [line for line in part.split("\n") if line.startswith("    ")]
    return "\n".join(lines)


@app.command
def evaluate(folder: Path, *, data: str | None = None, split: str = "test", as_json: Annotated[bool, Parameter(name="--json")] = False) -> None:
    """Measure a trained model again, on its own data or on others.

    Args:
        folder: of the run.
        data: synthetic, a path or tfds:NAME; what it was trained on if not given.
        split: train, validation or test.
        as_json: print one JSON object on the last line.
    """
    import zoo
    from recipes.run import find

    run = zoo.load(folder)
    if not run.recipe:
        raise ValueError(f"{folder} was not made by a recipe: evaluate its model in Python.")
    recipe = find(run.recipe["recipe"])
    takes = inspect.signature(recipe.data).parameters
    arguments = {key: value for key, value in run.recipe["arguments"].items() if key in takes}
    if data is not None:
        arguments["data"] = data
    splits = recipe.data(**arguments, seed=run.recipe["seed"], vocabularies=run.vocabularies)
    figures = recipe.evaluate(run.model, splits, split)
    if as_json:
        print(json.dumps({split: figures}))
    else:
        print(f"{split}: " + ", ".join(f"{name} {value:.4f}" for name, value in figures.items()))


@app.command
def predict(folder: Path, *texts: str, as_json: Annotated[bool, Parameter(name="--json")] = False) -> None:
    """Say what a trained model thinks of texts: those given, or one a line on standard input.

    Args:
        folder: of the run.
        texts: inputs; frames of numbers are given as JSON: [[0.1, 0.2], [0.3, 0.4]].
        as_json: one JSON object a line.
    """
    import dataclasses

    import zoo

    run = zoo.load(folder)
    given = list(texts) or [line.rstrip("\n") for line in sys.stdin if line.strip()]
    inputs = given if "tokens" in run.vocabularies else [json.loads(text) for text in given]
    for text, prediction in zip(given, run.predict(inputs), strict=True):
        if as_json:
            print(json.dumps(dataclasses.asdict(prediction), ensure_ascii=False))
        else:
            print(_shown(run, text, prediction))


def _shown(run, text, prediction) -> str:
    """One prediction for a person; a recipe may have a better way to show its own."""
    if run.recipe:
        from recipes.run import find

        recipe = find(run.recipe["recipe"])
        if hasattr(recipe, "show"):
            return recipe.show(prediction)
    if isinstance(prediction.input, list):
        return " ".join(f"{token}/{tag}" for token, tag in zip(prediction.input, prediction.output, strict=True))
    figure = f" {prediction.probability:.3f}" if isinstance(prediction.probability, float) else ""
    return f"{prediction.output}{figure}\t{text[:100]}"


def _recipe_lines() -> dict[str, str]:
    """Each recipe's first line, read without importing it."""
    import ast
    from importlib.util import find_spec

    lines = {}
    for name, module in RECIPES.items():
        spec = find_spec(module)
        if spec is not None and spec.origin:
            lines[name] = ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))).split("\n")[0]
    return lines


def main() -> None:
    """Runs the command; errors of use and of data are told in one line, without a traceback."""
    try:
        app()
    except (ValueError, TypeError, OSError, ModuleNotFoundError) as error:
        if os.environ.get("ZOO_TRACEBACK"):
            raise
        print(f"zoo: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("zoo: interrupted; continue a training with --resume", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
