"""Sentences with a tag a word: parts of speech, and names of people, places and organisations."""

import numpy as np

from zoo.data.synthetic.grammar import Grammar

# Words that are a noun here and a verb there: (noun, base form), (plural, third person).
BOTH = "watch | plan | book | paint | guide | judge | record | visit | answer | call | cook | train | light | water"
BOTH_S = (
    "watches | plans | books | paints | guides | judges | records | visits | answers | calls | cooks | trains | lights "
    "| waters"
)
# A symbol with a rule of words is named by their tag, and what follows the "_" distinguishes its rules.
SPEECH = Grammar(
    {
        "SENTENCE": "6 * CLAUSE PUNCT | CLAUSE PUNCT_comma CCONJ CLAUSE PUNCT | "
        "SCONJ_when CLAUSE PUNCT_comma CLAUSE PUNCT | "
        "ADV_now PUNCT_comma CLAUSE PUNCT | CLAUSE SCONJ_when CLAUSE PUNCT | ADP PLACE PUNCT_comma CLAUSE PUNCT",
        "CLAUSE": "4 * ONE DOES | 4 * MANY DO | 2 * ONE AUX_modal DO | 2 * MANY AUX_modal DO | "
        "ONE VERB_says SCONJ_that CLAUSE | "
        "ONE AUX_is STATE | MANY AUX_are STATE | ONE VERB_wants PART_to DO | ONE VERB_left PLACE ADV",
        "ONE": "4 * DET NOUN_person | 3 * DET ADJ NOUN_person | DET_that NOUN_person | PRON_one | 2 * PROPN | "
        "PROPN PROPN_last | PRON_her NOUN_person | DET NOUN_person ADP PLACE | DET NOUN_person PRON_that DOES",
        "MANY": "3 * DET_many NOUN_people | 2 * DET_many ADJ NOUN_people | 2 * NUM NOUN_people | NOUN_people | "
        "PRON_many | "
        "ADJ NOUN_people | DET_many NOUN_people PRON_that DO | PROPN CCONJ_and PROPN",
        "DOES": "5 * VERB_s OBJECT | VERB_s OBJECT ADV | VERB_sleeps ADV | VERB_sleeps ADP PLACE | "
        "VERB_s OBJECT ADP PLACE | "
        "VERB_looks ADP_like ONE",
        "DO": "5 * VERB OBJECT | VERB OBJECT ADV | VERB_sleep ADV | VERB_sleep ADP PLACE | VERB OBJECT ADP PLACE | "
        "VERB_look ADP_like ONE | VERB_like OBJECT",
        "OBJECT": "3 * DET NOUN | 2 * DET ADJ NOUN | 2 * NUM NOUN_many | DET_many NOUN_many | DET_many ADJ NOUN_many | "
        "PRON_her | PRON_him | PRON_her NOUN | DET NOUN_can | DET_that NOUN | ONE",
        "PLACE": "DET NOUN_place | DET ADJ NOUN_place | PROPN_place",
        "STATE": "ADJ | ADV_degree ADJ | ADJ PART_to VERB | ADP PLACE | DET_that ADJ",
        "DET": "3 * the | a | every | this | no",
        "DET_many": "3 * the | some | these | all",
        "DET_that": "that",
        "PRON_that": "that",
        "SCONJ_that": "that",
        "SCONJ_when": "when | because | while | before | after | since",
        "PRON_one": "he | she | it | nobody | somebody",
        "PRON_many": "they | we | you",
        "PRON_her": "her",
        "PRON_him": "him | them | us | it",
        "AUX_modal": "can | will | may | must | should",
        "AUX_is": "is | was",
        "AUX_are": "are | were",
        "PART_to": "to",
        "ADP": "in | near | to | behind | before | after | past",
        "ADP_like": "like",
        "CCONJ_and": "and",
        "CCONJ": "and | but | or",
        "NUM": "two | three | four | ten | 20 | 45",
        "PROPN": "Anna | Bruno | Clara | Mark | Will | Rose | Grace | Hugo",
        "PROPN_last": "Baker | Cook | Hunter | Keller | Novak | Price | Young",
        "PROPN_place": "Paris | Lisbon | Cairo | Rose | Reading",
        "NOUN": f"{BOTH} | letter | machine | dinner | will | light | right | drink | work",
        "NOUN_can": "can | saw | like",
        "NOUN_many": f"{BOTH_S} | letters | machines | dinners | cans | saws | rights | drinks | works",
        "NOUN_person": "guide | judge | cook | dog | teacher | doctor | farmer | child",
        "NOUN_people": "guides | judges | cooks | dogs | teachers | doctors | farmers | children",
        "NOUN_place": "garden | station | river | house | school | market | back | train | light",
        "VERB": f"{BOTH} | find | follow | need | hear | like | back | open | clean | see | light",
        "VERB_s": f"{BOTH_S} | finds | follows | needs | hears | likes | backs | opens | cleans | sees | saw",
        "VERB_sleep": "sleep | work | wait | run | walk",
        "VERB_sleeps": "sleeps | works | waits | runs | walks",
        "VERB_look": "look | sound",
        "VERB_looks": "looks | sounds",
        "VERB_like": "like",
        "VERB_says": "says | thinks | hopes | knows",
        "VERB_wants": "wants | hopes | needs | likes",
        "VERB_left": "left",
        "ADJ": "old | young | light | fast | hard | early | late | right | left | open | clean | small | red | past",
        "ADV": "fast | hard | early | late | well | today | back | right | again",
        "ADV_now": "now | today | then | early",
        "ADV_degree": "very | quite | too | right",
        "PUNCT": "4 * . | !",
        "PUNCT_comma": ",",
    }
)
# PER, LOC and ORG are filled by NAMES.
NEWS = Grammar(
    {
        "SENTENCE": "TOLD . | TOLD , and TOLD . | TOLD , SAID PER . | in LOC , TOLD . | TOLD DAY . | "
        "TOLD after TOLD . | "
        "shares of ORG ROSE DAY . | ROLE PER of ORG flew to LOC . | TOLD , SAID a ROLE at ORG .",
        "TOLD": "PER ACTED in LOC | PER left ORG DAY | ORG SOLD its office in LOC | ORG hired PER | PER flew to LOC | "
        "the ROLE of ORG met PER | it rained in LOC | PER and PER ACTED | LOC lies north of LOC | "
        "the road to LOC is closed | "
        "ROLE PER MET the mayor of LOC | ROLE PER MET the products of ORG | ROLE PER MET the songs of PER | "
        "nobody in LOC knew PER | PER 's sister ACTED | ORG 's profit ROSE | LOC 's streets were empty | "
        "ORG and ORG merged | a train from LOC stopped in LOC",
        "ACTED": "sang | won the race | was born | spoke | lost the match | bought a house | wrote a book | married",
        "SOLD": "sold | closed | opened | rented out",
        "ROSE": "rose | fell | were sold | lost value",
        "MET": "spoke about | praised | criticised | wrote about | admired",
        "SAID": "said | wrote | admitted | claimed",
        "ROLE": "president | chairman | singer | minister | doctor | director | player | spokesman",
        "DAY": "on Monday | on Friday | last May | in June | in March | yesterday | this week",
    }
)
NAMES = Grammar(
    {
        "PER": "FIRST | SURNAME | 3 * FIRST SURNAME | FIRST INITIAL SURNAME",
        "LOC": "2 * TOWN | SURNAME | FIRST | North SURNAME | New TOWN | Lake SURNAME | SURNAME Valley | Port FIRST | "
        "East TOWN",
        "ORG": "2 * SURNAME | TOWN | FIRST | SURNAME Group | SURNAME and Sons | Bank of TOWN | University of TOWN | "
        "TOWN United | "
        "SURNAME SURNAME | SURNAME & SURNAME | New TOWN Times",
        "FIRST": "Austin | Victoria | Florence | Jordan | Carson | Chelsea | Sydney | Paris | Charlotte | Savannah | "
        "May | June",
        "SURNAME": "Jackson | Lincoln | Houston | Hamilton | Morgan | Ford | Carter | Chester | Norwood | Ashby | "
        "Barlow | "
        "Denver | Ellis | Garland | Hudson | Irving | Lawton | March | Newton | Preston | Stanley | Walton",
        "TOWN": "Boston | Lisbon | Vienna | Dublin | Oslo | Geneva | Madison | Hamilton | Lincoln | Preston | "
        "Houston | Sydney | "
        "Paris | Florence | Newton | Jackson",
        "INITIAL": " | ".join(f"{letter}." for letter in "ABCDEFGHJKLMPRSTW"),
    }
)


def generate(count: int, *, seed: int = 0) -> list[tuple[list[str], list[str]]]:
    """Draw sentences and the universal part of speech (UPOS) of every token.

    About half of the tokens have more than one tag in the language ("the judges watch that train", "they said that the
    can is light"), and their neighbours tell which. Baselines: the commonest tag of each word is right for
    about 0.87, that of the word and its left neighbour for about 0.95.

    Args:
        count: examples.
        seed: of the draws.
    Shapes:
        (tokens, tags), both of S strings.
    """
    rng = np.random.default_rng(seed)
    return [_split(SPEECH.sample("SENTENCE", rng)) for _ in range(count)]


def generate_entities(count: int, *, seed: int = 0) -> list[tuple[list[str], list[str]]]:
    """Draw sentences of news and the BIO tags of their names: PER, LOC, ORG, outside O.

    Most names serve for people, towns and firms alike ("Jordan flew to Lincoln", "shares of Lincoln fell"), and months
    for people, so that the words around decide. Baselines: O everywhere is right for about 0.6 of the tokens and finds
    nothing; the commonest tag of each word is right for about 0.81, of the word and its left neighbour for about
    0.95.

    Args:
        count: examples.
        seed: of the draws.
    Shapes:
        (tokens, tags), both of S strings; a name is tagged B-KIND I-KIND ...
    """
    rng = np.random.default_rng(seed)
    examples = []
    for _ in range(count):
        pairs = []
        for word, _ in NEWS.sample("SENTENCE", rng):
            if word in ("PER", "LOC", "ORG"):
                name = [part for part, _ in NAMES.sample(word, rng)]
                pairs += [(part, f"I-{word}" if index else f"B-{word}") for index, part in enumerate(name)]
            else:
                pairs.append((word, "O"))
        examples.append(_split(pairs))
    return examples


def _split(pairs: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """(word, symbol) pairs as tokens, the first with a capital, and tags: the symbol up to "_"."""
    tokens = [word for word, _ in pairs]
    tokens[0] = tokens[0][0].upper() + tokens[0][1:]
    return tokens, [symbol.split("_")[0] for _, symbol in pairs]
