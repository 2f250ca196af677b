"""Strings of digits to be spoken: any, or those of counting."""

from collections.abc import Sequence

import numpy as np

GRAMMARS = {
    "any": "all digits are alike, whatever stands before them",
    "counting": "behind a digit stand the next one, the one before it, or its double",
}
WORDS = "zero one two three four five six seven eight nine".split()


def generate(count: int, *, grammar: str = "any", maximum_digits: int = 5, seed: int = 0) -> list[str]:
    """Draws strings of 1 to `maximum_digits` digits, "475".

    Args:
        count: strings.
        grammar: "any", or "counting", in which a digit is followed by d + 1, d - 1 or 2 d (mod 10), each as often as
            the others: log 3 nats a digit, or less, for who knows it, and log 10 for who does not.
        maximum_digits: digits in a string, at most.
        seed: of the draws.
    Raises:
        ValueError: an unknown grammar; maximum_digits < 1.
    """
    if grammar not in GRAMMARS:
        raise ValueError(f"grammar must be one of {', '.join(GRAMMARS)}. Received: {grammar!r}")
    if maximum_digits < 1:
        raise ValueError(f"A string has at least one digit. Received: maximum_digits={maximum_digits}")
    random = np.random.default_rng(seed)
    strings = []
    for _ in range(count):
        digits = [int(random.integers(10))]
        for _ in range(int(random.integers(maximum_digits))):
            following = followers(digits[-1]) if grammar == "counting" else range(10)
            digits.append(int(random.choice(following)))
        strings.append("".join(map(str, digits)))
    return strings


def followers(digit: int) -> Sequence[int]:
    """Return the digits that may follow a digit in counting."""
    return (digit + 1) % 10, (digit - 1) % 10, 2 * digit % 10


def in_words(digits: str) -> str:
    """ "47" -> "four seven"."""
    return " ".join(WORDS[int(digit)] for digit in digits)
