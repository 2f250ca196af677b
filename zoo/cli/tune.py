"""The command `zoo tune`: a search over a recipe's arguments."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zoo.cli.catalog import list_recipe_lines
from zoo.cli.list_command import print_table
from zoo.cli.terminal import import_library, interruptible
from zoo.cli.train import RecipeName, Token, arguments_of, call_with_recipe, how_to_continue
from zoo.experiments.arguments import Argument, keyword_arguments, signature_arguments


def tune(recipe: RecipeName = None, *tokens: Token) -> None:
    """Search a recipe's arguments: zoo tune RECIPE [--trials N] [--workers N] [--out DIR] ...; zoo tune RECIPE --help.

    Args:
        recipe: a name that `zoo list` gives, the path of a Python file, or the name of a module.
    """
    if recipe is None or recipe in ("--help", "-h"):
        print("Usage: zoo tune RECIPE [ARGUMENTS], zoo tune RECIPE --help\n")
        print_table("Recipes:", list_recipe_lines())
    else:
        tune_recipe(recipe, tokens)


def search_command(recipe: Any, **arguments: Any) -> None:
    """Search a recipe's arguments."""
    from zoo.tuning.tune import tune as search

    search(recipe, **arguments)


def tune_recipe(name: str, tokens: Sequence[str]) -> None:
    """Search a recipe's arguments by the options of a command line; arguments of the recipe that are given are not
    searched.
    """
    import_library()
    from zoo.experiments.recipe import load_recipe
    from zoo.experiments.settings import RUN_ONLY, Settings
    from zoo.tuning.tune import tune as search

    recipe = load_recipe(name)
    own = arguments_of(recipe, tokens)
    settings = [one for one in signature_arguments(Settings) if one.name not in RUN_ONLY]
    searching = [one for key, one in keyword_arguments(search).items() if key not in ("space", "out")]
    out = Path("runs") / f"{Path(name).stem}_search"

    def command(*, out: Path = out, **values: Any) -> None:
        with interruptible(lambda: how_to_continue("tune", name, tokens, out)):
            search_command(recipe, out=out, **values)

    arguments = [*own, *settings, Argument("out", Path, out, "the folder of the search."), *searching]
    call_with_recipe(f"zoo tune {name}", recipe, command, arguments, tokens)
