"""The command `zoo`: list, show, train, tune, evaluate, predict; generate is in `generating.py`, export in
`exporting.py`, score in `judging.py`, chat in `chatting.py`."""

import inspect
import io
import shlex
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from zoo.cli.chat import chat
from zoo.cli.export import export
from zoo.cli.generate import generate
from zoo.cli.recipe_command import recipe_lines, run_recipe, tune_recipe
from zoo.cli.score import score
from zoo.cli.terminal import ProgressBar, errors_in_one_line, quiet_import, read_lines, write_json_line, write_line
from zoo.experiments.recipe import RECIPES

app = App(
    name="zoo",
    help="Sequence models on Keras 3: train, evaluate and use them.",
    version=lambda: version("seqzoo"),
    version_flags=["--version"],
    suppress_keyboard_interrupt=False,  # it would end the program without a word
)
Json = Annotated[bool, Parameter(name="--json", negative=())]


@app.command(name="list")
def list_(family: str | None = None) -> None:
    """List models, papers' presets and recipes, each with one line.

    Args:
        family: only models of one family (many_to_one, many_to_many, language_model, one_to_many, encoder_decoder,
            pointer_network, memory, recursive_tree).
    """
    from rich.console import Console
    from rich.table import Table

    with quiet_import():
        import zoo

    for title, rows in (
        ("Models and presets: zoo.build(NAME, ...), zoo show NAME", zoo.list_models(family)),
        ("Recipes: zoo train NAME, zoo train NAME --help", {} if family else recipe_lines()),
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
    with quiet_import():
        import zoo
        from zoo.experiments.run import arguments_of, find
        from zoo.lookup import lookup

    lookup("model or recipe", name, {**zoo.list_models(), **RECIPES})
    if name not in RECIPES:
        print(zoo.describe(name))
        return
    recipe = find(name)
    print(inspect.getdoc(recipe), "\n\nArguments:")
    for argument, parameter in arguments_of(recipe).items():
        print(f"    --{argument.replace('_', '-')} {parameter.default!r}")


# The arguments are the recipe's own: a second parser reads them, see `zoo/cli/recipe_command.py`.
@app.command(help_flags=[])
def train(
    recipe: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
) -> None:
    """Train a recipe: zoo train RECIPE [--data synthetic|PATH|tfds:NAME] [--out DIR] ...; zoo train RECIPE --help.

    Args:
        recipe: a name that `zoo list` gives.
    """
    if recipe is None or recipe in ("--help", "-h"):
        _print_recipes("train")
    else:
        run_recipe(recipe, tokens)


@app.command(help_flags=[])
def tune(
    recipe: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
) -> None:
    """Search a recipe's arguments: zoo tune RECIPE [--trials N] [--workers N] [--out DIR] ...; zoo tune RECIPE --help.

    Args:
        recipe: a name that `zoo list` gives.
    """
    if recipe is None or recipe in ("--help", "-h"):
        _print_recipes("tune")
    else:
        tune_recipe(recipe, tokens)


def _print_recipes(command: str) -> None:
    print(f"Usage: zoo {command} RECIPE [ARGUMENTS], zoo {command} RECIPE --help\n\nRecipes:")
    for name, line in recipe_lines().items():
        print(f"    {name:<14}{line}")


@app.command
def evaluate(
    folder: Path,
    *,
    data: str | None = None,
    split: Literal["train", "validation", "test", "all"] = "test",
    as_json: Json = False,
) -> None:
    """Measure a trained model again, on its own data or on others.

    Args:
        folder: of the run.
        data: synthetic, a path or tfds:NAME; what it was trained on if not given.
        split: which part of the data; all of them together for a file of your own.
        as_json: print one JSON object on the last line.
    """
    with quiet_import():
        import zoo
        from zoo.data.reading_limit import limited_reading
        from zoo.experiments.reporting import show_metrics
        from zoo.experiments.run import find, taken

    run = zoo.load(folder)
    if not run.recipe:
        raise ValueError(f"{folder} was not made by a recipe: evaluate its model in Python.")
    recipe = find(run.recipe["recipe"])
    arguments = run.recipe["arguments"] | ({} if data is None else {"data": data})
    # What a quick training has not read of its data belongs to none of its splits.
    with limited_reading(arguments, quick=data is None and bool(run.recipe.get("quick"))):
        splits = recipe.data(**taken(recipe.data, arguments), seed=run.recipe["seed"], vocabularies=run.vocabularies)
    figures = (
        recipe.evaluate(run.model, splits.merged(), "test")
        if split == "all"
        else recipe.evaluate(run.model, splits, split)
    )
    if as_json:
        write_json_line(figures)
    else:
        print(f"{split}: {show_metrics(figures)}")


@app.command
def predict(folder: Path, *texts: str, picture: Path | None = None, as_json: Json = False) -> None:
    """Say what a trained model thinks of texts: those given, or one a line on standard input.

    Args:
        folder: of the run.
        texts: inputs; sounds and clips are given by their paths, frames of numbers by the path of a .csv file, a frame
            a line, or as JSON: [[0.1, 0.2], [0.3, 0.4]]; a story ends in its question; a tree is a sentence or
            brackets. Of standard input, blank lines are passed over.
        picture: a file to draw the answers to, where the recipe can (question_answering, tree_sentiment).
        as_json: one JSON object a line.
    """
    import dataclasses

    with quiet_import():
        import zoo
        from zoo.inference.codec import TextCodec

    run = zoo.load(folder)
    if TextCodec.of(run, None).generates:
        command = shlex.join(["zoo", "generate", str(folder), *texts])
        raise ValueError(f"{folder} holds a model that generates: use {command}")
    given = list(texts) or read_lines()
    understood = {"tokens", "frames"} & set(run.vocabularies)
    inputs = given if understood else [_frames(text, number) for number, text in enumerate(given)]
    with ProgressBar() as bar:
        found = zoo.predict(run.model, inputs, vocabularies=run.vocabularies, on_batch=bar)
    if picture is not None:
        _draw(run, found, picture)
    for text, prediction in zip(given, found, strict=True):
        if as_json:
            write_json_line(dataclasses.asdict(prediction))
        else:
            write_line(_shown(run, text, prediction))


def _frames(text: str, number: int) -> Any:
    """The frames of a recording, (S, D), of JSON or of the path of a .csv file."""
    from zoo.data.readers import frames
    from zoo.storage.data_error import DataError, parse_json
    from zoo.storage.paths import typed_file

    if path := typed_file(text):
        return frames.read(path)
    try:
        return parse_json(text, f"input {number}")
    except DataError as error:
        rule = "the path of a .csv file, or JSON as [[0.1, 0.2], [0.3, 0.4]]"
        raise ValueError(f"This model reads frames: input {number} must be {rule}. Received: {text:.40}") from error


def _recipe_of(run):
    from zoo.experiments.run import find

    return find(run.recipe["recipe"]) if run.recipe else None


def _draw(run, found, picture) -> None:
    recipe = _recipe_of(run)
    if not hasattr(recipe, "draw_predictions"):
        raise ValueError("Nothing can be drawn of this model's answers: leave --picture out.")
    recipe.draw_predictions(found, picture)


def _shown(run, text, prediction) -> str:
    """One prediction for a person; a recipe may have a better way to show its own."""
    from zoo.data.vocabularies.words import split_graphemes

    recipe = _recipe_of(run)
    if hasattr(recipe, "show"):
        return recipe.show(prediction)
    if isinstance(prediction.input, list):
        return " ".join(f"{token}/{tag}" for token, tag in zip(prediction.input, prediction.output, strict=True))
    figure = f" {prediction.probability:.3f}" if isinstance(prediction.probability, float) else ""
    return f"{prediction.output}{figure}\t{''.join(split_graphemes(text)[:100])}"


for function in (generate, score, export, chat):
    app.command(function)


def main() -> None:
    """Runs the command; errors of use and of data are told in one line, without a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # one character that the terminal lacks must not end the output
        sys.stdout.reconfigure(errors="backslashreplace")
    with errors_in_one_line():
        app(sys.argv[1:], exit_on_error=False, print_error=False)


if __name__ == "__main__":
    main()
