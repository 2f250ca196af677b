"""Sentences of a small English and their translation into an invented language with other order and endings."""

import itertools

import numpy as np

from zoo.data.synthetic.grammar import Grammar

NOUNS = (
    "dog cat horse bird farmer teacher doctor singer sailor baker garden house river market school tower bridge "
    "boat table chair lamp door window letter book picture song apple carrot flower tree stone mountain island road "
    "cloud star king queen sister brother friend stranger guest driver painter"
).split()
ADJECTIVES = (
    "old young small large red green blue yellow quiet loud clever tired hungry happy sad strange new cold warm dark"
).split()
VERBS = (
    "see hear follow like need find paint sell want help meet love greet visit remember forget admire draw clean open"
).split()
PREPOSITIONS = ("near", "behind", "under", "above", "beside", "without")
TIMES = ("today", "tomorrow", "always", "often", "never", "again")
DETERMINERS = {"the": 1, "a": 1, "every": 1, "that": 1, "these": 2, "some": 2, "two": 2, "many": 2}  # how many
ENGLISH = Grammar(
    {
        "SENTENCE": "3 * CLAUSE . | 2 * CLAUSE TIME .",
        "CLAUSE": "2 * THING DOES | 2 * THINGS DO | THING PLACE DOES | THINGS PLACE DO | "
        "THING who DOES will VERB OBJECT | THINGS who DO will VERB OBJECT",
        "DOES": "3 * VERB_S OBJECT | does not VERB OBJECT | will VERB OBJECT | will not VERB OBJECT",
        "DO": "3 * VERB OBJECT | do not VERB OBJECT | will VERB OBJECT | will not VERB OBJECT",
        "OBJECT": "2 * THING | 2 * THINGS | THING PLACE | THINGS PLACE",
        "PLACE": "IN THING",
        "THING": "ONE NOUN | 2 * ONE ADJECTIVE NOUN | ONE ADJECTIVE ADJECTIVE NOUN",
        "THINGS": "SOME NOUN_S | 2 * SOME ADJECTIVE NOUN_S | SOME ADJECTIVE ADJECTIVE NOUN_S",
        "ONE": "3 * the | 3 * a | every | that",
        "SOME": "these | some | two | many",
        "NOUN": " | ".join(NOUNS),
        "NOUN_S": " | ".join(noun + "s" for noun in NOUNS),
        "ADJECTIVE": " | ".join(ADJECTIVES),
        "VERB": " | ".join(VERBS),
        "VERB_S": " | ".join(verb + "s" for verb in VERBS),
        "IN": " | ".join(PREPOSITIONS),
        "TIME": " | ".join(TIMES),
    }
)
GENDERS = {noun: number % 3 for number, noun in enumerate(NOUNS)}
# Endings of what agrees with a noun, by its gender and number.
ENDINGS = {(0, 1): "a", (1, 1): "o", (2, 1): "u", (0, 2): "ari", (1, 2): "ori", (2, 2): "uri"}
PLURAL = "ni"
NOT, WHO = "ke", "jo"
SYLLABLES = [onset + vowel for onset in "bdfgklmnprstvz" for vowel in "aeiou"]
_WORDS = [*NOUNS, *ADJECTIVES, *VERBS, *PREPOSITIONS, *TIMES, *DETERMINERS]
_PAIRS = ["".join(pair) for pair in itertools.product(SYLLABLES, SYLLABLES)]
# The stem of every word: two syllables and a consonant, none like the word it stands for.
STEMS = {word: _PAIRS[(997 * number + 311) % len(_PAIRS)] + "lmnrst"[number % 6] for number, word in enumerate(_WORDS)}


def generate(count: int, *, seed: int = 0) -> list[dict[str, str]]:
    """Draw sentences and their translations by `translate`.

    About 180 words are read and 330 written. The order of the two differs over the whole sentence, and articles and
    adjectives end by the gender of a noun that stands somewhere else: nothing is translated word by word.
    Baseline: every word in its commonest form, in the order of the source, is never right and has a BLEU below 1.

    Args:
        count: examples.
        seed: of the draws.
    Shapes:
        {"source": English, "target": translation}, words and the full stop separated by blanks.
    """
    rng = np.random.default_rng(seed)
    # Among tokens, not letters: "a" stays "a" before a vowel.
    pairs = [ENGLISH.sample("SENTENCE", rng) for _ in range(count)]
    sources = [" ".join("a" if symbol == "ONE" and word == "an" else word for word, symbol in pair) for pair in pairs]
    return [{"source": source, "target": translate(source)} for source in sources]


def translate(sentence: str) -> str:
    """Translates an English sentence of the grammar:

    - time, subject, object, verb; the verb last, a place before what it is the place of, "near" after its noun;
    - of a noun come first the noun, then its adjectives, the nearest first, then the article; the latter two end as the
      noun's gender (`GENDERS`) and number; a noun of several ends in "ni";
    - the verb ends in "m" now or "v" in future, and in "ni" when its subject is of several; "ke" before it is not;
    - what someone does ("who ...") stands before the noun, and ends in "jo".

    Raises:
        ValueError: the sentence is not of the grammar.
    """
    words = sentence.split()
    try:
        if words.pop() != ".":
            raise KeyError("no full stop")
        time = [STEMS[words.pop()]] if words[-1] in TIMES else []
        subject, number = _thing(words)
        words_out = []
        if words[0] == "who":
            words.pop(0)
            words_out = [*_deed(words, number), WHO]
        deed = _deed(words, number)
        if words:
            raise KeyError(words[0])
    except (KeyError, IndexError) as error:
        raise ValueError(f"A sentence must be one of the grammar. Received: {sentence!r}, at {error}.") from error
    return " ".join([*time, *words_out, *subject, *deed, "."])


def _deed(words: list[str], number: int) -> list[str]:
    """Takes a verb and its object off the front and returns their translation."""
    future = words[0] == "will"
    if words[0] in ("will", "do", "does"):
        words.pop(0)
    negated = words[0] == "not"
    if negated:
        words.pop(0)
    verb = words.pop(0)
    stem = STEMS[verb if verb in VERBS else verb.removesuffix("s")]
    thing, _ = _thing(words)
    return [*thing, *[NOT] * negated, stem + ("v" if future else "m") + (PLURAL if number == 2 else "")]


def _thing(words: list[str]) -> tuple[list[str], int]:
    """Takes a noun with what belongs to it off the front; returns its translation, and 1 or 2 for one or several."""
    article = words.pop(0)
    number = DETERMINERS[article]
    adjectives = []
    while words[0] in ADJECTIVES:
        adjectives.append(words.pop(0))
    noun = words.pop(0).removesuffix("s") if number == 2 else words.pop(0)
    ending = ENDINGS[GENDERS[noun], number]
    words_out = [STEMS[noun] + (PLURAL if number == 2 else "")]
    words_out += [STEMS[word] + ending for word in [*adjectives[::-1], article]]
    if words and words[0] in PREPOSITIONS:
        preposition = STEMS[words.pop(0)]
        there, _ = _thing(words)
        words_out = [*there, preposition, *words_out]
    return words_out, number
