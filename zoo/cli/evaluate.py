"""The command `zoo evaluate`: a trained model measured again."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from zoo.cli.terminal import import_library, write_json_line

Json = Annotated[bool, Parameter(name="--json", negative=())]


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
    import_library()
    from zoo.data.reading_limit import limited_reading
    from zoo.experiments.assembly import load_splits
    from zoo.experiments.recipe import load_recipe
    from zoo.experiments.reporting import format_metrics
    from zoo.inference.run import load

    run = load(folder)
    if not run.recipe:
        raise ValueError(f"{folder} was not made by a recipe: evaluate its model in Python.")
    recipe = load_recipe(run.recipe["recipe"])
    arguments = run.recipe["arguments"] | ({} if data is None else {"data": data})
    # What a quick training has not read of its data belongs to none of its splits.
    with limited_reading(arguments, quick=data is None and bool(run.recipe.get("quick"))):
        splits = load_splits(recipe, arguments, seed=run.recipe["seed"], vocabularies=run.vocabularies)
    if split == "all":
        metrics = recipe.evaluate(run.model, splits.merged(), "test")
    else:
        metrics = recipe.evaluate(run.model, splits, split)
    if as_json:
        write_json_line(metrics)
    else:
        print(f"{split}: {format_metrics(metrics)}")
