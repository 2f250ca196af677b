"""The command `zoo list`: models, presets and recipes."""

from zoo.cli.catalog import list_families, list_models, list_recipe_lines
from zoo.lookup import lookup


def list_(family: str | None = None) -> None:
    """List models, papers' presets and recipes, each with one line.

    Args:
        family: only models of one family (many_to_one, many_to_many, language_model, one_to_many, encoder_decoder,
            pointer_network, memory, recursive_tree, pixels, captioner).
    """
    models = None if family is None else lookup("family", family, list_families())
    print_table("Models and presets: zoo.build(NAME, ...), zoo show NAME", list_models(models))
    if family is None:
        print_table("Recipes: zoo train NAME, zoo train NAME --help", list_recipe_lines())


def print_table(title: str, rows: dict[str, str]) -> None:
    """Print names with a line each."""
    from rich.console import Console
    from rich.table import Table

    table = Table("name", "what it is", title=title, title_justify="left", box=None, pad_edge=False)
    for name, line in rows.items():
        table.add_row(name, line)
    Console().print(table)
