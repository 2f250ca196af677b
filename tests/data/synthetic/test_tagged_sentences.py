from collections import Counter, defaultdict

import numpy as np
import pytest

from zoo.data.synthetic import tagged_sentences

UPOS = {*"ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X".split()}
GENERATORS = [tagged_sentences.generate, tagged_sentences.generate_entities]


def accuracy(generate, width):
    """The commonest tag of a word (width 1), or of a word and its left neighbour (width 2)."""
    counts = defaultdict(Counter)
    for tokens, tags in generate(3000, seed=1):
        for place, tag in enumerate(tags):
            counts[tuple(tokens[max(0, place + 1 - width) : place + 1])][tag] += 1
    commonest = {seen: found.most_common(1)[0][0] for seen, found in counts.items()}
    return np.mean(
        [
            commonest.get(tuple(tokens[max(0, place + 1 - width) : place + 1])) == tag
            for tokens, tags in generate(500, seed=2)
            for place, tag in enumerate(tags)
        ]
    )


@pytest.mark.parametrize("generate", GENERATORS)
def test_every_token_has_a_tag(generate):
    examples = generate(500)
    assert all(len(tokens) == len(tags) for tokens, tags in examples)
    assert all(tokens[0][0] == tokens[0][0].upper() and tokens[-1] in ".!" for tokens, _ in examples)
    assert not any("_" in word for tokens, tags in examples for word in tokens + tags)


@pytest.mark.parametrize("generate", GENERATORS)
def test_context_tells_what_words_do_not(generate):
    assert accuracy(generate, width=1) + 0.03 < accuracy(generate, width=2)
    assert accuracy(generate, width=1) < 0.9


def test_tags_are_universal():
    assert {tag for _, tags in tagged_sentences.generate(500) for tag in tags} <= UPOS


def test_known_ambiguities_occur():
    found = defaultdict(set)
    for tokens, tags in tagged_sentences.generate(3000):
        for token, tag in zip(tokens, tags, strict=True):
            found[token].add(tag)
    assert found["that"] >= {"DET", "PRON", "SCONJ"} and found["to"] >= {"PART", "ADP"}
    assert found["can"] >= {"AUX", "NOUN"} and found["light"] >= {"ADJ", "NOUN", "VERB"}
    assert found["watch"] >= {"NOUN", "VERB"} and found["like"] >= {"ADP", "NOUN", "VERB"}


def test_entity_tags_are_legal():
    for _, tags in tagged_sentences.generate_entities(500):
        for before, tag in zip(["O", *tags], tags, strict=False):
            assert tag == "O" or tag[2:] in ("PER", "LOC", "ORG")
            if tag.startswith("I-"):
                assert before[2:] == tag[2:]


def test_one_name_is_a_person_a_place_and_a_firm():
    found = defaultdict(set)
    for tokens, tags in tagged_sentences.generate_entities(2000):
        for token, tag in zip(tokens, tags, strict=True):
            found[token].add(tag)
    assert sum({"B-PER", "B-LOC", "B-ORG"} <= tags for tags in found.values()) > 10
