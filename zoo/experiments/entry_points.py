"""The recipes that installed packages declare, by name; none of them is imported, nor Keras."""

from importlib.metadata import entry_points

GROUP = "zoo.recipes"


def list_recipes() -> dict[str, str]:
    """Return the recipes that are entry points of the group `zoo.recipes`: name -> module."""
    return {entry.name: entry.value for entry in entry_points(group=GROUP)}
