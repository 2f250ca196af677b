"""Sentences to rewrite by rules that copy words which training has not: only copying can do it."""

from dataclasses import dataclass

import numpy as np

KINDS = ("x->nothing", "x->x", "x->xx", "xy->x", "xy->xy")
ONSETS = "b c d f g h j k l m n p r s t v w z br ch dr fl gr kl pl pr sh st th tr".split()
VOWELS = "a e i o u a e i o u ai au".split()
CODAS = ["", *"l m n r s".split()]
# The words of the rules: one syllable that ends in a consonant.
KNOWN = [onset + vowel + coda for onset in ONSETS[:18] for vowel in "aeiou" for coda in "dgklmnprst"]
KNOWN_WORDS = 200  # of them are in use
X, Y = "<x>", "<y>"


@dataclass(frozen=True)
class Rule:
    """A pattern that is read and one that is written, of known words and the slots `<x>` and `<y>`.

    Args:
        kind: one of `KINDS`: which slots are read, and which are written. `xy->xy` writes the two in either order.
        source, target: the patterns.
    """

    kind: str
    source: tuple[str, ...]
    target: tuple[str, ...]

    def fill(self, slots: dict[str, list[str]]) -> tuple[str, str]:
        """Returns what is read and what is written when the slots hold these words."""
        filled = ([" ".join(slots.get(word, [word])) for word in pattern] for pattern in (self.source, self.target))
        source, target = map(" ".join, filled)
        return source, target


def draw_rules(count: int, *, seed: int = 0) -> list[Rule]:
    """Draw rules, of every kind as many; no two read the same pattern.

    Three to six known words are read and one to four are written. Rules share words, so no single one identifies the
    rule it is; two slots never touch, so it is always clear where one ends.

    Args:
        count: rules.
        seed: of the draws.
    Raises:
        ValueError: fewer rules than kinds.
    """
    if count < len(KINDS):
        raise ValueError(f"There is a rule of every kind: rules >= {len(KINDS)}. Received: rules={count}.")
    rng = np.random.default_rng(seed)
    pool = [KNOWN[index] for index in rng.choice(len(KNOWN), KNOWN_WORDS, replace=False)]
    rules: dict[tuple[str, ...], Rule] = {}
    while len(rules) < count:
        kind = KINDS[len(rules) % len(KINDS)]
        read, write = kind.split("->")
        slots = [X, Y][: len(read)]
        write_slots = [] if write == "nothing" else [X if slot == "x" else Y for slot in write]
        if kind == "xy->xy" and rng.random() < 0.5:
            write_slots.reverse()
        if rng.random() < 0.5:
            slots.reverse()  # <y> may be read first
        source = _pattern(rng, pool, slots, int(rng.integers(3, 7)), apart=True)
        target = _pattern(rng, pool, write_slots, int(rng.integers(1, 5)), apart=False)
        rules.setdefault(source, Rule(kind, source, target))
    return list(rules.values())


def _pattern(rng: np.random.Generator, pool: list[str], slots: list[str], size: int, *, apart: bool) -> tuple[str, ...]:
    """Known words with the slots among them, in the order given; `apart`: never two in one gap."""
    words = [pool[index] for index in rng.choice(len(pool), size, replace=False)]
    gaps = np.sort(rng.choice(size + 1, len(slots), replace=not apart))
    for moved, (gap, slot) in enumerate(zip(gaps, slots, strict=True)):
        words.insert(int(gap) + moved, slot)
    return tuple(words)


def generate(
    count: int, *, rules: int = 50, repeated: float = 0.2, seed: int = 0, rules_seed: int = 0
) -> list[dict[str, str]]:
    """Draw rules that apply, and the words in their slots.

        mak <x> dor <y> fel -> sul <x> ves <x>        (of the kind xy->x)

    A slot holds one to four invented words of three or four syllables that no other example has: no word in a slot of
    a test set was seen in training. Baselines: with the words that were seen five times or more in training 0.20 of
    the targets can be outputs, those of x->nothing; all others hold words that no such vocabulary has. A copy of the
    source is never right. The rules with copying are always right.

    Args:
        count: examples; every rule applies equally often, but for chance.
        rules: how many there are, of each of the five kinds as many.
        repeated: share of the slots of two and more words in which one word occurs twice.
        seed: of the examples.
        rules_seed: of the rules. Examples of other seeds follow the same rules.
    Shapes:
        {"source": words, "target": words, "kind": one of `KINDS`}, words separated by blanks.
    Raises:
        ValueError: fewer than five rules, or `repeated` is no share.
    Reference: in the manner of the synthetic data of Gu et al. 2016 (arXiv:1603.06393), section 5.1. Differs: there the
        slots hold up to 15 of the words that the rules are made of.
    """
    if not 0 <= repeated <= 1:
        raise ValueError(f"A share is 0 <= repeated <= 1. Received: repeated={repeated}.")
    drawn_rules = draw_rules(rules, seed=rules_seed)
    rng = np.random.default_rng(seed)
    used: set[str] = set()
    examples = []
    for index in rng.integers(0, len(drawn_rules), count):
        rule = drawn_rules[index]
        slots = {slot: _words(rng, used, repeated) for slot in (X, Y) if slot in rule.source}
        source, target = rule.fill(slots)
        examples.append({"source": source, "target": target, "kind": rule.kind})
    return examples


def _words(rng: np.random.Generator, used: set[str], repeated: float) -> list[str]:
    """What stands in one slot."""
    words = [invent(rng, used) for _ in range(rng.integers(1, 5))]
    if len(words) > 1 and rng.random() < repeated:
        one, other = rng.choice(len(words), 2, replace=False)
        words[one] = words[other]
    return words


def invent(rng: np.random.Generator, used: set[str], *, shortest: int = 3, longest: int = 4) -> str:
    """Draw a word that can be spoken and is not among the used ones, and count it to them.

    Args:
        rng: of the draw.
        used: words that are taken.
        shortest, longest: syllables. Of three there are 55 million words, of one 1260.
    """
    while True:
        syllables = int(rng.integers(shortest, longest + 1))
        onsets, vowels = rng.integers(0, len(ONSETS), syllables), rng.integers(0, len(VOWELS), syllables)
        word = "".join(ONSETS[onset] + VOWELS[vowel] for onset, vowel in zip(onsets, vowels, strict=True))
        word += CODAS[int(rng.integers(len(CODAS)))]
        if word not in used:
            used.add(word)
            return word
