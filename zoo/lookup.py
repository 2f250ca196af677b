"""Names in tables: an unknown one is answered with the closest. Used wherever a string chooses something."""

import difflib
from collections.abc import Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")


class UnknownNameError(ValueError):
    """A name that no table holds."""


def lookup(kind: str, name: str, table: Mapping[str, T]) -> T:
    """Return the entry of a literal dict by its key.

    Raises:
        UnknownNameError: no such key; the message names the closest keys, or all of them.
    """
    if name in table:
        return table[name]
    raise UnknownNameError(f"Unknown {kind}: {name!r}. {suggest(name, table)}")


def suggest(name: str, known: Iterable[str]) -> str:
    """Return a sentence with the names that may have been meant, or with all of them."""
    known = list(known)
    close = difflib.get_close_matches(str(name), known, n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(map(repr, close))}?" if close else f"Known: {', '.join(known)}."
