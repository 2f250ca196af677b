"""Texts that may come from anywhere, for a terminal."""

import re

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    r"""Escape control characters (\x1b for ESC), by which a text from a file would move the cursor or worse."""
    return CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
