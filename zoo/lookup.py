"""How a wrong name is answered: with the names that were perhaps meant. Used wherever a string chooses something."""

import difflib
from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


class UnknownNameError(ValueError):
    """A name that no table holds."""


def lookup(kind: str, name: str, table: Mapping[str, T]) -> T:
    """The entry of a literal dict by its key.

    Raises:
        ValueError: no such key; the message names the closest keys, or all of them.
    """
    if name in table:
        return table[name]
    close = difflib.get_close_matches(str(name), table, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(map(repr, close))}?" if close else f"Known: {', '.join(table)}."
    raise UnknownNameError(f"Unknown {kind}: {name!r}. {hint}")
