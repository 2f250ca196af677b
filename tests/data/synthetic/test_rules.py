import re
from collections import Counter

import numpy as np
import pytest

from zoo.data.splits import split_by_index
from zoo.data.synthetic.rules import CODAS, KINDS, KNOWN, ONSETS, VOWELS, X, Y, draw_rules, generate, invent

# Which slots each kind reads and says, sorted.
SLOTS = {
    "x->nothing": ("x", ""),
    "x->x": ("x", "x"),
    "x->xx": ("x", "xx"),
    "xy->x": ("xy", "x"),
    "xy->xy": ("xy", "xy"),
}


def expression(rule):
    """A rule's source as an expression that finds it, and its target as one that writes it."""
    source = " ".join(rf"(?P<{word[1]}>\w+(?: \w+)*)" if word in (X, Y) else word for word in rule.source)
    target = " ".join(rf"\g<{word[1]}>" if word in (X, Y) else word for word in rule.target)
    return re.compile(source), target


@pytest.fixture(scope="module")
def examples():
    return generate(5000)


def test_every_kind_reads_and_says_its_slots():
    rules = draw_rules(100)
    assert Counter(rule.kind for rule in rules) == dict.fromkeys(KINDS, 20)
    for rule in rules:
        slots = ["".join(sorted(word[1] for word in part if word in (X, Y))) for part in (rule.source, rule.target)]
        assert tuple(slots) == SLOTS[rule.kind]
        known = [[word for word in part if word not in (X, Y)] for part in (rule.source, rule.target)]
        assert 3 <= len(known[0]) <= 6 and 1 <= len(known[1]) <= 4
        assert not re.search("> <", " ".join(rule.source))
    # "xy" is said in both orders, and "y" is read first at times.
    orders = {(part.index(X) < part.index(Y)) for rule in rules[4::5] for part in (rule.source, rule.target)}
    assert orders == {True, False}
    assert draw_rules(100) == rules != draw_rules(100, seed=1)


def test_one_rule_fits_and_says_the_target(examples):
    expressions = [(rule.kind, *expression(rule)) for rule in draw_rules(50)]
    for example in examples:
        fitting = [
            (kind, match.expand(target))
            for kind, source, target in expressions
            if (match := source.fullmatch(example["source"]))
        ]
        assert fitting == [(example["kind"], example["target"])]


def test_slots_hold_one_to_four_words_of_no_other_example(examples):
    known = set(KNOWN)
    owners = Counter(word for example in examples for word in set(example["source"].split()) - known)
    assert set(owners.values()) == {1}
    by_expression = {expression(rule)[0]: rule for rule in draw_rules(50)}
    counts, repeating = Counter(), 0
    for example in examples:
        match = next(found for source in by_expression if (found := source.fullmatch(example["source"])))
        for words in map(str.split, match.groupdict().values()):
            assert not set(words) & known
            counts[len(words)] += 1
            repeating += len(set(words)) < len(words)
    assert set(counts) == {1, 2, 3, 4}
    assert repeating / (counts.total() - counts[1]) == pytest.approx(0.2, abs=0.03)


def test_baselines(examples):
    """What the docstring claims of words that were seen often, and of copies."""
    parts = split_by_index(examples)
    training, test = parts["train"], parts["test"]
    seen = Counter(word for example in training for word in (example["source"] + " " + example["target"]).split())
    often = {word for word, count in seen.items() if count >= 5}
    sayable = [set(example["target"].split()) <= often for example in test]
    assert np.mean(sayable) == pytest.approx(0.20, abs=0.04)
    assert all(can == (example["kind"] == "x->nothing") for can, example in zip(sayable, test, strict=True))
    said = {word for example in test for word in example["target"].split()} - set(KNOWN)
    assert len(said) > 500 and not said & set(seen)
    assert not any(example["source"] == example["target"] for example in examples)


def test_the_rules_do_not_change_with_the_seed_of_the_examples():
    expressions = [expression(rule)[0] for rule in draw_rules(50)]
    assert all(any(source.fullmatch(e["source"]) for source in expressions) for e in generate(300, seed=5))
    other = generate(300, seed=5, rules_seed=1)
    assert not any(any(source.fullmatch(e["source"]) for source in expressions) for e in other)


def test_repetition_as_asked():
    for repeated in (0.0, 1.0):
        sources = [example["source"].split() for example in generate(200, repeated=repeated)]
        assert any(len(set(words)) < len(words) for words in sources) == (repeated > 0)


def test_words_that_are_used_are_not_invented_again(random):
    used = {onset + vowel + coda for onset in ONSETS for vowel in VOWELS for coda in CODAS} - {"tai"}
    assert len(used) == 30 * 7 * 6 - 1
    assert invent(random, used, shortest=1, longest=1) == "tai"
    assert "tai" in used


@pytest.mark.parametrize(
    ("arguments", "message"), [({"rules": 4}, "Received: rules=4"), ({"repeated": 1.5}, "Received: repeated=1.5")]
)
def test_arguments_out_of_range(arguments, message):
    with pytest.raises(ValueError, match=message):
        generate(1, **arguments)
