"""Film reviews of a sentence, whose verdict hangs on the order of their words."""

import re

import numpy as np

from zoo.data.synthetic.grammar import Grammar

LABELS = ("neg", "pos")
ADJECTIVES = {
    "pos": "brilliant | clever | charming | funny | touching | gripping | elegant | fresh | honest | inventive | "
    "lively | moving | original | rich | sharp | smart | stunning | subtle | superb | tender | thrilling | witty",
    "neg": "awful | bland | boring | clumsy | confused | dreadful | dull | empty | flat | forced | hollow | lazy | "
    "lifeless | messy | pointless | predictable | shallow | silly | stale | tedious | tiresome | wooden",
}
WORDS = {
    "ADJECTIVE": ADJECTIVES,
    "MANNER": {"pos": "brightly | well | strongly | beautifully", "neg": "badly | poorly | feebly | miserably"},
    "LIKED": {"pos": "loved | enjoyed | admired | liked", "neg": "hated | disliked | regretted | despised"},
}
# The rules of a verdict: ~SYMBOL is the symbol of the opposite verdict.
VERDICT = {
    "REVIEW": "10 * CLAUSE . | 5 * CLAUSE and CLAUSE . | 3 * ~CLAUSE , but CLAUSE . | "
    "2 * although ~CLAUSE , CLAUSE . | "
    "2 * CLAUSE , even though ~CLAUSE . | 3 * OPENING , but CLAUSE . | 3 * OPENING , and CLAUSE . | "
    "2 * FILM starts ~MANNER but ends MANNER . | 2 * a ADJECTIVE WORK . | not a ~ADJECTIVE WORK , for CLAUSE .",
    "CLAUSE": "8 * the PART is STATE | 8 * the PARTS are STATE | 6 * FILM is a ADJECTIVE WORK | "
    "3 * FILM is not a ~ADJECTIVE WORK | 5 * PERSON gives a ADJECTIVE performance | "
    "2 * PERSON never gives a ~ADJECTIVE performance | 6 * I LIKED the PART of FILM | 2 * I never ~LIKED the PARTS | "
    "2 * nobody could call the PART ~ADJECTIVE | 2 * FILM manages to be ADJECTIVE | 2 * FILM fails to be ~ADJECTIVE",
    "STATE": "8 * ADJECTIVE | 5 * DEGREE ADJECTIVE | 3 * ADJECTIVE and ADJECTIVE | 2 * not ~ADJECTIVE | "
    "2 * not DEGREE ~ADJECTIVE | far from ~ADJECTIVE | anything but ~ADJECTIVE | never ~ADJECTIVE | "
    "hardly ~ADJECTIVE | by no means ~ADJECTIVE | never less than ADJECTIVE | nothing if not ADJECTIVE",
}
NEUTRAL = {
    "OPENING": "I saw FILM in TOWN | PERSON made FILM in TOWN | FILM runs for NUMBER hours | FILM is set in TOWN",
    "FILM": "the GENRE | this GENRE | PERSON 's GENRE | the GENRE by PERSON | the GENRE about TOWN",
    "GENRE": "comedy | drama | thriller | western | romance | sequel | remake | musical | cartoon",
    "WORK": "film | movie | story | picture | piece of work",
    "PART": "acting | plot | script | music | camera work | dialogue | pace | ending | first half | humour | editing",
    "PARTS": "jokes | characters | songs | costumes | chases | supporting actors | last scenes | effects",
    "DEGREE": "really | very | quite | so | truly | often | utterly | always | terribly | rather",
    "PERSON": "FIRST LAST",
    "FIRST": "Anna | Bruno | Carla | David | Elena | Felix | Greta | Hugo | Irene | Jonas | Karin | Louis | Maria | "
    "Nora",
    "LAST": "Arnold | Becker | Castle | Dahl | Ellery | Fontane | Garner | Holm | Ives | Keller | Lindt | Moreau | "
    "Novak",
    "TOWN": "Paris | Lisbon | Oslo | Vienna | Boston | Naples | Dublin | Prague | Cairo | Lima",
    "NUMBER": "two | three | four",
}


def _rules() -> dict[str, str]:
    """Every rule of a verdict twice, as X_pos and X_neg, beside the neutral ones."""
    own = "|".join([*VERDICT, *WORDS])
    rules = dict(NEUTRAL)
    for label, other in (LABELS, LABELS[::-1]):
        rules |= {f"{symbol}_{label}": words[label] for symbol, words in WORDS.items()}
        for symbol, alternatives in VERDICT.items():
            opposed = re.sub(rf"~({own})\b", rf"\1_{other}", alternatives)
            rules[f"{symbol}_{label}"] = re.sub(rf"\b({own})\b", rf"\1_{label}", opposed)
    return rules


GRAMMAR = Grammar(_rules())


def generate(count: int, *, seed: int = 0) -> list[tuple[str, str]]:
    """Draw reviews and their verdicts.

    Words of praise stand in bad reviews and the other way round: negated ("far from boring", "fails to be witty"),
    doubly negated ("never less than superb"), or outweighed ("starts well but ends badly", "although ..., ..."): the
    main clause, or what follows "but", has the last word. Baselines: chance 0.50; naive Bayes on words about 0.62; on
    words and pairs of neighbours about 0.68; who reads clauses and negations is always right.

    Args:
        count: examples, both verdicts in equal chances.
        seed: of the draws.
    Shapes:
        (text, one of `LABELS`).
    """
    rng = np.random.default_rng(seed)
    labels = [LABELS[index] for index in rng.integers(0, 2, count)]
    return [(GRAMMAR.text(f"REVIEW_{label}", rng), label) for label in labels]
