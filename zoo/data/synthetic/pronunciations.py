"""Words of an invented orthography, in which a letter's sound depends on its neighbours."""

import re
from collections.abc import Sequence

import numpy as np

ONSETS = "b c d f g h k l m n p r s t v w z bl br ch cl cr dr fl fr gl gr kn ph pl pr sh sl st th tr wr".split()
VOWELS = "a e i o u a e i o u ai ea ee oa oo ou".split()
CODAS = ["", "", *"b d g k l m n p r s t ck ll ng nt ss st th".split()]
ENDINGS = ["", "", "", "e", "ed", "ing", "tion", "y"]
SHORT = {"a": "AE", "e": "EH", "i": "IH", "o": "AA", "u": "AH"}
LONG = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW"}
# The first that matches is spoken; `^` is the beginning of the word and `$` its end.
RULES: Sequence[tuple[str, str]] = (
    (r"tion$", "SH AH N"),
    (r"(?<=[td])ed$", "AH D"),
    (r"(?<=[ckpsfhx])ed$", "T"),
    (r"(?<=.)ed$", "D"),
    (r"(?<=.)e$", ""),
    (r"(?<=.)y$", "IY"),
    (r"^kn", "N"),
    (r"^wr", "R"),
    (r"([bcdfgklmnprstz])(?=\1)", ""),
    (r"ck", "K"),
    (r"ch", "CH"),
    (r"sh", "SH"),
    (r"th", "TH"),
    (r"ph", "F"),
    (r"ng", "NG"),
    (r"c(?=[eiy])", "S"),
    (r"g(?=[eiy])", "JH"),
    (r"(?<=[aeiou])s(?=[aeiou])", "Z"),
    (r"ai", "EY"),
    (r"ea|ee", "IY"),
    (r"oa", "OW"),
    (r"oo", "UW"),
    (r"ou", "AW"),
    *((rf"{letter}(?=[bcdfgklmnprstvz]e$)", phoneme) for letter, phoneme in LONG.items()),
    *((letter, phoneme) for letter, phoneme in SHORT.items()),
    *((letter, letter.upper()) for letter in "bdfgklmnprstvwz"),
    (r"c", "K"),
    (r"h", "HH"),
    (r"y", "IY"),
)
_RULES = [(re.compile(pattern), spoken.split()) for pattern, spoken in RULES]


def generate(count: int, *, seed: int = 0) -> list[dict[str, str]]:
    """Draw words of one to three syllables and their phonemes by `pronounce`.

    Letters are silent ("kn", the last e), long before a consonant and a last e, soft before e, i and y, voiced between
    vowels, and pairs have sounds of their own. Baselines: every letter as it is spoken most often gets about 0.03 of
    the words right; as it is spoken most often between its two neighbours, about 0.73.

    Args:
        count: examples.
        seed: of the draws.
    Shapes:
        {"source": word, "target": "N AY T"}, phonemes separated by blanks.
    """
    rng = np.random.default_rng(seed)
    words = [_word(rng) for _ in range(count)]
    return [{"source": word, "target": pronounce(word)} for word in words]


def pronounce(word: str) -> str:
    """Returns the phonemes of a word: at every position by the first of `RULES` that matches.

    Raises:
        ValueError: a letter without a rule.
    """
    phonemes: list[str] = []
    position = 0
    while position < len(word):
        matches = ((pattern.match(word, position), sounds) for pattern, sounds in _RULES)
        match, sounds = next((pair for pair in matches if pair[0]), (None, []))
        if match is None:
            raise ValueError(f"A word is of the letters a to z but j, q and x. Received: {word!r}.")
        phonemes += sounds
        position = match.end()
    return " ".join(phonemes)


def _word(rng: np.random.Generator) -> str:
    syllables = [_pick(rng, ONSETS) + _pick(rng, VOWELS) + _pick(rng, CODAS) for _ in range(rng.integers(1, 4))]
    stem, ending = "".join(syllables), _pick(rng, ENDINGS)
    # A vowel in front of an ending would run into it.
    return stem + (ending if stem[-1] not in "aeiou" or not ending else "t" + ending.removeprefix("t"))


def _pick(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]
