"""Tokens as a picture can show them: blanks made visible, long words shortened, letters of any script."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

BLANKS = str.maketrans({" ": "␣", "\n": "↵", "\r": "↵", "\t": "⇥"})


def label(token: str, longest: int = 18) -> str:
    """The token as one visible line of at most `longest` characters; the middle of a longer one is left out."""
    shown = str(token).translate(BLANKS)
    if len(shown) > longest:
        shown = shown[: longest - longest // 2 - 1] + "…" + shown[len(shown) - longest // 2 :]
    return shown or "∅"


def disable_math(*texts: Any) -> None:
    """Show matplotlib's texts as they are written: `$` is a dollar, and no mathematics lies between two of them."""
    for text in texts:
        text.set_parse_math(False)


@lru_cache
def _covered(path: str) -> frozenset[int]:
    from matplotlib.font_manager import get_font

    return frozenset(get_font(path).get_charmap())


def families(texts: Iterable[str]) -> list[str]:
    """Names of fonts that together have every character, as far as installed fonts do; the first is matplotlib's own.

    Without a font for a script matplotlib draws a box for each of its characters, and warns.
    """
    from matplotlib.font_manager import findfont, fontManager

    available = ["DejaVu Sans"]
    missing = {ord(character) for text in texts for character in text} - _covered(findfont(available[0]))
    for entry in fontManager.ttflist:
        if not missing:
            break
        # The font of last resort has every character, as a box.
        plain = entry.style == "normal" and entry.weight in (400, "normal", "regular")
        if plain and entry.name not in available and not entry.name.startswith("Last Resort"):
            added = missing & _covered(entry.fname)
            if added:
                missing -= added
                available.append(entry.name)
    return available
