"""Short notes of a trade in invented goods, and what matters in them: who ordered what from whom, and when it comes."""

from collections.abc import Mapping

import numpy as np

from zoo.data.synthetic.grammar import Grammar
from zoo.data.synthetic.rules import invent

# Words in capitals that are no symbols are names, lists and days, which a note fills in.
SENTENCES = {
    # What matters.
    "ORDER": "3 * BUYER has ordered ITEMS from SELLER . | 2 * PAST BUYER ordered ITEMS from SELLER . | "
    "2 * SELLER has received an order from BUYER for ITEMS . | an order from BUYER reached SELLER PAST : ITEMS . | "
    "PERSON took down an order for SELLER : BUYER needs ITEMS . | ITEMS are to go from SELLER to BUYER . | "
    "BUYER asked SELLER for ITEMS , and SELLER agreed .",
    "MORE": "later BUYER added ITEMS to the order . | BUYER called again and also ordered ITEMS . | "
    "the order of BUYER was then made larger by ITEMS . | ITEMS were added to the order of BUYER . | "
    "in a second letter BUYER asked for ITEMS as well .",
    "COMING": "2 * the goods for BUYER will arrive WHEN . | the delivery to BUYER should arrive WHEN . | "
    "SELLER has promised BUYER that everything will be there WHEN . | PERSON will bring BUYER the goods WHEN .",
    "LATE": "the goods for BUYER were to come PLANNED , but they will only arrive WHEN . | "
    "since PERSON is ill , BUYER will get the goods WHEN and not PLANNED . | "
    "BUYER will not get the goods PLANNED : TROUBLE , and they will arrive WHEN .",
    "TROUBLE": "a truck broke down | the harbour is closed | a bridge is under repair | the papers were lost",
    # What does not.
    "ASIDE": "VISIT | PRICE | OTHERS | HOUSE",
    "VISIT": "PERSON visited SELLER PAST and saw the new ROOM . | "
    "PERSON of OTHER came to see the ROOM of SELLER . | "
    "PERSON will visit BUYER next month to talk about prices . | PERSON showed SELLER a sample of GOOD . | "
    "PAST PERSON had lunch with PERSON of OTHER . | PERSON called to ask about the price of GOOD .",
    "PRICE": "the price of GOOD has risen by NUMBER percent since MONTH . | GOOD is cheaper than in MONTH . | "
    "OTHER now sells GOOD for NUMBER euros a kilo . | SELLER will not change the price of GOOD before MONTH . | "
    "a kilo of GOOD costs NUMBER euros at present .",
    "OTHERS": "OTHER wanted AMOUNT of GOOD , but SELLER had none left . | a delivery of GOOD to OTHER was lost . | "
    "OTHER sent back AMOUNT of GOOD because they were damaged . | OTHER has not paid the bill of MONTH yet . | "
    "OTHER does not buy GOOD any more . | the AMOUNT of GOOD for OTHER came NUMBER days late .",
    "HOUSE": "there are still AMOUNT of GOOD in the ROOM . | the ROOM must be cleaned before MONTH . | "
    "BUYER has been a customer of SELLER for NUMBER years . | PERSON is looking for the bills of MONTH . | "
    "it rained through the roof of the ROOM PAST . | PERSON has found a mouse in the ROOM .",
    "ROOM": "warehouse | office | cellar | storehouse | shop",
    "MONTH": "January | February | March | April | May | June | July | August | September",
    "PAST": "yesterday | last week | last Friday | this morning | three days ago",
    # The summary.
    "SAID": "BUYER ordered ITEMS from SELLER .",
    "SAID_WHEN": "they come WHEN .",
}
# Names and amounts; `invented`, `Invented` and `number` are drawn for each note.
NAMES = {
    "FIRM": "2 * Invented | Invented TRADE",
    "OTHER": "FIRM",
    "TRADE": "Brothers | Trading | Foods | and Sons | Stores | Imports",
    "PERSON": "FORENAME Invented",
    "FORENAME": "Anna | Boris | Clara | David | Edith | Frank | Greta | Henry | Ida | Karl | Laura | Martin | "
    "Nina | Oscar | Paula | Rosa | Simon | Tom | Vera | Walter",
    "ITEM": "AMOUNT of GOOD",
    "AMOUNT": "NUMBER VESSELS",
    "VESSELS": "crates | bags | boxes | barrels | bottles | sacks | tins | jars | baskets | chests",
    "GOOD": "invented",
    "NUMBER": "number",
}
SENTENCE_GRAMMAR, NAME_GRAMMAR = Grammar(SENTENCES), Grammar(NAMES)
# No invented word is one of these.
WORDS = frozenset(word.lower() for rules in (SENTENCES, NAMES) for rule in rules.values() for word in rule.split())
ASIDES = ("VISIT", "PRICE", "OTHERS", "HOUSE")
FRESH = ("PERSON", "OTHER", "AMOUNT", "GOOD", "NUMBER")  # another one wherever they stand
WEEKDAYS = ("on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday")
TIMES = (*WEEKDAYS, "next week", "in two weeks", "at the end of the month")  # from the first to the last
PERSON_SHARE, MORE_SHARE, UNDATED_SHARE, LATE_SHARE = 0.3, 0.4, 0.2, 0.3
MOST_GOODS = 4  # in one sentence


def generate(count: int, *, seed: int = 0) -> list[dict[str, str]]:
    """Draw notes of three to six sentences, and summaries of one or two.

    One sentence gives the order, in some notes a second one adds to it, and one gives the day of delivery, which may
    be later than was planned; all others are about other things, people and amounts. The summary lists all that was
    ordered, one
    to eight goods: a model without coverage names some twice and omits others. The names of
    people, firms and goods are invented for every note, so they can only be copied. Baselines: no summary can be
    written with the words that occur five times or more in training, 0.20 of its words and marks are others; the first
    sentence of the note, repeated, has all of the goods in 0.25 of the notes and is never the summary.

    Args:
        count: examples.
        seed: of the draws.
    Shapes:
        {"source": note, "target": summary}, words and marks separated by blanks.
    """
    rng = np.random.default_rng(seed)
    taken = set(WORDS)
    return [_example(rng, taken) for _ in range(count)]


def _example(rng: np.random.Generator, taken: set[str]) -> dict[str, str]:
    planned, when = np.sort(rng.choice(len(TIMES), 2, replace=False))
    late = rng.random() < LATE_SHARE
    known = {
        "BUYER": _name("PERSON" if rng.random() < PERSON_SHARE else "FIRM", rng, taken),
        "SELLER": _name("FIRM", rng, taken),
        "PLANNED": TIMES[planned],
        "WHEN": TIMES[when if late else rng.integers(len(TIMES))],
    }
    orders = [
        [_name("ITEM", rng, taken) for _ in range(rng.integers(1, MOST_GOODS + 1))]
        for _ in range(2 if rng.random() < MORE_SHARE else 1)
    ]
    matter = [
        _sentence(symbol, known | {"ITEMS": _listed(items)}, rng, taken)
        for symbol, items in zip(("ORDER", "MORE"), orders, strict=False)
    ]
    everything = _listed([item for items in orders for item in items])
    summary = [_sentence("SAID", known | {"ITEMS": everything}, rng, taken)]
    if rng.random() >= UNDATED_SHARE:
        matter.append(_sentence("LATE" if late else "COMING", known, rng, taken))
        summary.append(_sentence("SAID_WHEN", known, rng, taken))
    count = max(int(rng.integers(3, 7)), len(matter) + 1)
    asides = _asides(count - len(matter), known, rng, taken)
    positions = set(rng.choice(count, len(matter), replace=False).tolist())
    note = [(matter if position in positions else asides).pop(0) for position in range(count)]
    return {"source": " ".join(note), "target": " ".join(summary)}


def _name(symbol: str, rng: np.random.Generator, taken: set[str]) -> str:
    """A name or an amount; an invented one occurs once."""
    words = [word for word, _ in NAME_GRAMMAR.sample(symbol, rng)]
    for position, word in enumerate(words):
        if word == "number":
            words[position] = str(rng.integers(2, 100))
        elif word.lower() == "invented":
            drawn = invent(rng, taken, shortest=2, longest=3)
            words[position] = drawn.capitalize() if word[0] == "I" else drawn
    return " ".join(words)


def _sentence(symbol: str, known: Mapping[str, str], rng: np.random.Generator, taken: set[str]) -> str:
    """One sentence with its names filled in, the first letter a capital."""
    return _filled([word for word, _ in SENTENCE_GRAMMAR.sample(symbol, rng)], known, rng, taken)


def _filled(words: list[str], known: Mapping[str, str], rng: np.random.Generator, taken: set[str]) -> str:
    text = " ".join(_name(word, rng, taken) if word in FRESH else known.get(word, word) for word in words)
    return text[0].upper() + text[1:]


def _asides(count: int, known: Mapping[str, str], rng: np.random.Generator, taken: set[str]) -> list[str]:
    """Sentences about other things, no two made alike."""
    made: dict[tuple[str, ...], str] = {}
    while len(made) < count:
        pairs = SENTENCE_GRAMMAR.sample("ASIDE", rng)
        pattern = tuple(word for word, symbol in pairs if symbol in ASIDES)
        if pattern not in made:
            made[pattern] = _filled([word for word, _ in pairs], known, rng, taken)
    return list(made.values())


def _listed(items: list[str]) -> str:
    """12 crates of this , 3 bags of that and 40 tins of the other"""
    *others, last = items
    return f"{' , '.join(others)} and {last}" if others else last
