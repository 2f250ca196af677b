import numpy as np
import pytest

from zoo.data.synthetic.grammar import Grammar

TREE = Grammar({"S": "the NOUN sleeps . | a NOUN 's owl sleeps .", "NOUN": "owl | cat"})


def test_sample_says_which_rule_wrote_each_word():
    rng = np.random.default_rng(0)
    pairs = {pair for _ in range(50) for pair in TREE.sample("S", rng)}
    assert {symbol for word, symbol in pairs if word == "cat"} == {"NOUN"}
    assert {symbol for word, symbol in pairs if word == "owl"} == {"NOUN", "S"}
    assert {word for word, symbol in pairs if symbol == "S"} == {"the", "a", "an", "'s", "owl", "sleeps", "."}


def test_text_is_what_a_person_would_write():
    rng = np.random.default_rng(0)
    assert {TREE.text("S", rng) for _ in range(100)} == {
        "The owl sleeps.",
        "The cat sleeps.",
        "An owl's owl sleeps.",
        "A cat's owl sleeps.",
    }


def test_weights_are_proportions():
    coin = Grammar({"S": "3 * heads | tails"})
    rng = np.random.default_rng(0)
    heads = np.mean([coin.sample("S", rng)[0][0] == "heads" for _ in range(4000)])
    assert heads == pytest.approx(0.75, abs=0.03)


def test_an_empty_alternative_is_an_error():
    with pytest.raises(ValueError, match="S = 'a | '"):
        Grammar({"S": "a | "})
