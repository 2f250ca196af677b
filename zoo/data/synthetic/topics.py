"""Dialogues over a counter, in which the right answer occurs several turns earlier."""

import numpy as np

NAMES = ["ada", "bela", "cora", "dirk", "elsa", "finn", "greta", "hugo", "ines", "jonas", "klara", "leon"]
THINGS = ["tea", "coffee", "soup", "bread", "cake", "juice", "rice", "salad"]
SIZES = ["small", "large", "hot", "cold", "fresh"]
LOCATIONS = ["window", "garden", "bar", "terrace", "corner", "door"]
TALK = [
    ("is it warm outside ?", "it is warm ."),
    ("are you open late ?", "until nine ."),
    ("is there music tonight ?", "there is , at eight ."),
    ("can i pay by card ?", "of course ."),
    ("do you have a newspaper ?", "over there ."),
    ("is the kitchen busy ?", "not at all ."),
]


def generate(count: int, seed: int = 0) -> list[list[str]]:
    """Dialogues of two: a guest gives name, order and place, talks of other things, and asks for one of them.

    Args:
        count: how many.
        seed: of names, orders and talk.
    Returns:
        For each dialogue its turns; the guest begins, and the house answers. Every answer follows from the turns
        before it.
    """
    random = np.random.default_rng(seed)
    return [_dialogue(random) for _ in range(count)]


def _dialogue(random) -> list[str]:
    name, thing, size, location = (str(random.choice(words)) for words in (NAMES, THINGS, SIZES, LOCATIONS))
    statements = [
        (f"hello , i am {name} .", f"welcome {name} , what would you like ?"),
        (f"a {size} {thing} , please .", f"a {size} {thing} . where do you sit ?"),
        (f"at the {location} .", f"at the {location} , fine ."),
    ]
    questions = [
        ("what did i order ?", f"a {size} {thing} ."),
        ("who am i ?", f"you are {name} ."),
        ("where do i sit ?", f"at the {location} ."),
        ("can you repeat all of it ?", f"a {size} {thing} for {name} , at the {location} ."),
    ]
    talk = [TALK[number] for number in random.permutation(len(TALK))[: random.integers(1, 4)]]
    chosen = [questions[number] for number in random.permutation(len(questions))[: random.integers(1, 4)]]
    later = [*talk, *chosen]
    return [turn for pair in [*statements, *(later[n] for n in random.permutation(len(later)))] for turn in pair]
