"""The command `zoo train`: a recipe trained with arguments of its data, its model and its training."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter, UnknownOptionError

from zoo.cli.arguments import call, option_value
from zoo.cli.catalog import list_recipe_lines
from zoo.cli.list_command import print_table
from zoo.cli.terminal import import_library, interruptible
from zoo.experiments.arguments import Argument, signature_arguments

RecipeName = Annotated[str | None, Parameter(allow_leading_hyphen=True)]
Token = Annotated[str, Parameter(show=False, allow_leading_hyphen=True)]


def train(recipe: RecipeName = None, *tokens: Token) -> None:
    """Train a recipe: zoo train RECIPE [--data synthetic|PATH|tfds:NAME] [--out DIR] ...; zoo train RECIPE --help.

    Args:
        recipe: a name that `zoo list` gives, the path of a Python file, or the name of a module.
    """
    if recipe is None or recipe in ("--help", "-h"):
        print("Usage: zoo train RECIPE [ARGUMENTS], zoo train RECIPE --help\n")
        print_table("Recipes:", list_recipe_lines())
    else:
        train_recipe(recipe, tokens)


def train_recipe(name: str, tokens: Sequence[str]) -> None:
    """Train a recipe with the arguments of a command line."""
    import_library()
    from zoo.experiments import run
    from zoo.experiments.recipe import load_recipe
    from zoo.experiments.settings import Settings

    recipe = load_recipe(name)
    settings = {one.name: one for one in signature_arguments(Settings) if one.name != "explicit"}
    settings |= {key: replace(settings[key], default=recipe.FIT[key]) for key in ("epochs", "patience")}
    out = Path("runs") / Path(name).stem

    def command(*, out: Path = out, **values: Any) -> None:
        chosen = {key: values.pop(key) for key in list(values) if key in settings}
        with interruptible(lambda: how_to_continue("train", name, tokens, out)):
            run.train(recipe, out=out, settings=Settings(**chosen, explicit=frozenset(chosen)), **values)

    arguments = [*arguments_of(recipe, tokens), Argument("out", Path, out, "the run's folder."), *settings.values()]
    call_with_recipe(f"zoo train {name}", recipe, command, arguments, tokens)


def arguments_of(recipe: Any, tokens: Sequence[str]) -> list[Argument]:
    """Return the arguments of a recipe with the model that a command line chooses."""
    from zoo.experiments.assembly import chosen_model, recipe_arguments

    choice = option_value(tokens, recipe.CHOICE)
    return list(recipe_arguments(recipe, choice or chosen_model(recipe, {})).values())


def call_with_recipe(title: str, recipe: Any, command: Any, arguments: list[Argument], tokens, **options: Any) -> None:
    """Call a command with arguments of a recipe; an option of another of its models is named as such."""
    from zoo.experiments.assembly import check_arguments, chosen_model

    try:
        call(title, recipe.description, command, arguments, tokens, **options)
    except UnknownOptionError as error:
        option = (error.token.keyword or error.token.value).removeprefix("--").replace("-", "_")
        choice = option_value(tokens, recipe.CHOICE) or chosen_model(recipe, {})
        if option not in {argument.name for argument in arguments}:
            check_arguments(recipe, choice, {option: None})
        raise


def how_to_continue(command: str, name: str, tokens: Sequence[str], out: Path) -> str:
    """Return how a training or search that was interrupted continues."""
    from zoo.inference.run import run_folder
    from zoo.tuning.folder import search_folder

    folder = run_folder(out) if command == "train" else search_folder(out)
    if folder.current.state != "started":  # what has finished was there before
        return "Nothing was saved yet: give the same command again."
    again = [token for token in tokens if token.split("=")[0] not in ("--force", "--resume")]
    return f"Continue with: {shlex.join(['zoo', command, name, *again, '--resume'])}"
