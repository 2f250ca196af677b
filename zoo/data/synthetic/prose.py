"""A long text of little stories for models of characters: spelling, grammar, and who the story is about."""

import textwrap

import numpy as np

from zoo.data.synthetic.grammar import Grammar

PEOPLE = {
    "Ada": "she", "Bela": "he", "Cora": "she", "Dirk": "he", "Elsa": "she", "Finn": "he", "Greta": "she", "Hugo": "he",
    "Ines": "she", "Jonas": "he", "Klara": "she", "Leon": "he",
}  # fmt: skip
STORIES = Grammar(
    {
        "OPENING": "3 * DAY HERO went to PLACE . | HERO was a ADJECTIVE WORK , and HIS WORK was ADJECTIVE too . | "
        "DAY HERO found a ADJECTIVE THING behind PLACE .",
        "SENTENCE": "4 * DEED . | 2 * DEED , and DEED . | DEED because DEED . | when DEED , DEED . | 3 * SPEECH",
        "SPEECH": "HERO said : “ WORDS ” | “ WORDS ” said OTHER , and HE SAW . | OTHER asked : “ QUESTION ”",
        "WORDS": "I will TAKE the THING . | the THING is in PLACE . | where is MY THING ? | nobody knows PLACE . | "
        "give me NUMBER THINGS !",
        "QUESTION": "have you seen MY ADJECTIVE THING ? | will you TAKE it to PLACE ? | how many THINGS are there ?",
        "DEED": "2 * HE TOOK the THING | HE SAW | OTHER TOOK HIS ADJECTIVE THING | HE had NUMBER THINGS | "
        "the ADJECTIVE THING was in PLACE | HE TOOK NUMBER THINGS to PLACE | OTHER SAW",
        "SAW": "laughed | waited | slept until morning | looked at the THING | ran to PLACE | "
        "sang ( SUNG ) | was silent",
        "SUNG": "a song about THINGS | quietly | as ADJECTIVE as ever",
        "ENDING": "so HE gave the THING to OTHER , and that was the end of it . | "
        "and HERO never went to PLACE again . | "
        "from that day on , HE had NUMBER THINGS .",
        "DAY": "one morning | in the evening | on the first day of spring | long ago | every winter",
        "PLACE": "the mill | the old harbour | the bakery | the forest | the bridge | a distant town | the market | "
        "the lighthouse",
        "WORK": "carpenter | weaver | ferryman | gardener | clockmaker | beekeeper",
        "THING": "lantern | basket | copper kettle | violin | silver key | umbrella | letter | loaf of bread | ladder",
        "THINGS": "lanterns | baskets | kettles | violins | keys | umbrellas | letters | ladders | apples",
        "ADJECTIVE": "old | small | patient | clumsy | honest | wonderful | forgotten | heavy | empty | bright",
        "TOOK": "took | carried | mended | sold | lost | hid | painted | bought",
        "TAKE": "take | carry | mend | sell | bring | paint",
        "MY": "my | your | our",
        "NUMBER": "two | three | seven | twelve | a hundred",
    }
)


def generate(count: int, *, seed: int = 0) -> str:
    """Write `count` characters of stories, a paragraph each, in lines of at most 72.

    A story is about one person: who was named first is "he" or "she" all through it, and the other person stays the
    same. Quotation marks and brackets are closed again. Baselines, in nats a character: as often as each occurs 3.06;
    by the character before it 2.14, by the two before 1.15, by the three before 0.69, by the five before 0.47.

    Args:
        count: characters.
        seed: of the draws.
    Returns:
        The text.
    """
    rng = np.random.default_rng(seed)
    paragraphs: list[str] = []
    length = 0
    while length < count:
        paragraphs.append(textwrap.fill(_story(rng), 72) + "\n\n")
        length += len(paragraphs[-1])
    return "".join(paragraphs)[:count]


def _story(rng: np.random.Generator) -> str:
    hero, other = (list(PEOPLE)[index] for index in rng.choice(len(PEOPLE), 2, replace=False))
    symbols = ["OPENING", *["SENTENCE"] * int(rng.integers(2, 8)), "ENDING"]
    sentences = [STORIES.sample(symbol, rng) for symbol in symbols]
    people = {"HERO": hero, "OTHER": other, "HE": PEOPLE[hero], "HIS": {"he": "his", "she": "her"}[PEOPLE[hero]]}
    return " ".join(_written([people.get(word, word) for word, _ in sentence]) for sentence in sentences)


def _written(words: list[str]) -> str:
    """Joins words as a person writes them: a capital first, also in speech, and no blank before a mark."""
    text, capital, tight = "", True, True
    for word in words:
        closing = word in ".,:?!)”"
        text += ("" if tight or closing else " ") + (word[0].upper() + word[1:] if capital else word)
        tight, capital = word in "(“", (capital and word == "“") or word == "“"
    return text
