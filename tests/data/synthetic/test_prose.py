import re
from collections import Counter

import numpy as np
import pytest

from zoo.data.synthetic.prose import PEOPLE, generate

TEXT = generate(200_000)


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_as_many_characters_as_asked_for(count):
    assert len(generate(count)) == count
    assert generate(1000).startswith(generate(count))
    assert len(TEXT) == 200_000


def test_seeds_give_other_texts():
    assert generate(500, seed=1) != generate(500, seed=2)
    stories = [set(generate(100_000, seed=seed).split("\n\n")) for seed in (1, 2)]
    assert len(stories[0] & stories[1]) < 0.02 * len(stories[0])


def test_marks_are_closed_and_lines_are_short():
    assert max(map(len, TEXT.split("\n"))) <= 72
    for story in TEXT.split("\n\n")[:-1]:
        assert story.count("“") == story.count("”") and story.count("(") == story.count(")")
        assert re.match("[A-Z]", story) and story.endswith(".")
        assert not re.search(r"\s[,.!?:]|  ", story)


def test_a_story_has_one_hero_and_one_pronoun():
    for story in TEXT.split("\n\n")[:-1]:
        named = [word for word in re.findall("[A-Z][a-z]+", story) if word in PEOPLE]
        assert len(set(named)) <= 2
        pronouns = {word.lower() for word in re.findall(r"\b[Ss]?[Hh]e\b", story)}
        assert pronouns <= {PEOPLE[named[0]]}


def test_characters_tell_the_next():
    """Nats a character by the n characters before, as the documentation says."""
    test = generate(20_000, seed=2)
    for before, (low, high) in enumerate([(2.9, 3.2), (2.0, 2.3), (1.0, 1.3)]):
        counts, contexts = Counter(), Counter()
        for place in range(before, len(TEXT)):
            counts[TEXT[place - before : place + 1]] += 1
            contexts[TEXT[place - before : place]] += 1
        chances = [
            (counts[test[place - before : place + 1]] + 0.01) / (contexts[test[place - before : place]] + 0.6)
            for place in range(before, len(test))
        ]
        assert low < -np.mean(np.log(chances)) < high
