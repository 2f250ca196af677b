"""Words and characters of a text, in any script, by the rules of Unicode.

A text is brought to its composed form first (NFC, UAX 15), so that one word has one spelling. A word is letters and
digits with the marks and joiners that belong to them (UAX 29): vowel signs and viramas of Hindi and Tamil, tone marks
of Thai, vowel points of Arabic and Hebrew, accents that have no composed form, ZWJ and ZWNJ. Anything else is a token
by itself, as readers see it: a punctuation mark, a flag, a family joined of several emoji.

Scripts without blanks (Chinese, Japanese, Thai, Lao, Khmer, Burmese) are not cut into words, which takes a dictionary:
a run of letters is one token. Choose the level "subword" or "character" there.
"""

import unicodedata

import regex

# What `\w` of the module re matches, and the signs of stress, exclamation and question that Armenian writes in words.
LETTER = r"[\p{L}\p{N}_\u055b\u055c\u055e]"
# What stays with the letter before it, also where the word ends: marks and the two joiners.
MARK = r"[\p{M}\u200c\u200d]"
# Invisible signs (soft hyphen, direction marks) part no word; before or behind one they are no part of it.
FORMAT = rf"\p{{WB=Format}}++(?={LETTER})"
RUN = rf"{LETTER}(?:{LETTER}|{MARK}|{FORMAT})*+"
# Between letters: apostrophes and hyphens; the dot of Catalan l·l; geresh and gershayim, typed as a quote, too.
CONNECTOR = r"(?:['’\u05f3\u05f4-]|(?<=[Ll])·(?=[Ll])|(?<=\p{Hebrew})\"(?=\p{Hebrew}))"
WORD = rf"{RUN}(?:{CONNECTOR}{RUN})*+\u05f3?"
# \x1c to \x1f are blanks for the module re alone.
TOKEN = regex.compile(rf"{WORD}|\p{{Cf}}|(?![\s\x1c-\x1f])\X")
GRAPHEME = regex.compile(r"\X")


def normalize(text: str) -> str:
    """Return the text in its composed form (NFC): "e" and a combining accent become one character."""
    return unicodedata.normalize("NFC", text)


def lowercase(text: str) -> str:
    """Return the text in lower case and composed form. The dotted capital I of Turkish becomes "i", without a mark."""
    return normalize(normalize(text).replace("İ", "i").lower())


def split_words(text: str) -> list[str]:
    """Return the words of a text in composed form, and what stands between them, each grapheme cluster by itself.

    A word keeps its inner apostrophes and hyphens: "It isn't state-of-the-art." -> It isn't state-of-the-art .
    """
    return TOKEN.findall(normalize(text))


def split_graphemes(text: str) -> list[str]:
    """Return the characters of a text as readers count them, in composed form: grapheme clusters of UAX 29."""
    return GRAPHEME.findall(normalize(text))
