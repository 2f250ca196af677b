import re

import pytest

from zoo.data.synthetic.pronunciations import generate, pronounce


@pytest.mark.parametrize(
    ("word", "phonemes"),
    [
        ("knate", "N EY T"),
        ("nat", "N AE T"),
        ("wreeck", "R IY K"),
        ("cece", "S IY S"),
        ("gogi", "G AA JH IH"),
        ("phasa", "F AE Z AE"),
        ("botted", "B AA T AH D"),
        ("shoaked", "SH OW K T"),
        ("hulled", "HH AH L D"),
        ("trouthtion", "T R AW TH SH AH N"),
        ("clainging", "K L EY NG IH NG"),
        ("bossy", "B AA S IY"),
    ],
)
def test_words_by_hand(word, phonemes):
    assert pronounce(word) == phonemes


def test_one_spelling_has_one_sound_and_letters_have_several():
    examples = generate(3000)
    assert all(re.fullmatch(r"[A-Z]+( [A-Z]+)*", example["target"]) for example in examples)
    assert all(example["target"] == pronounce(example["source"]) for example in examples)
    # The letter c alone, at the beginning: K, S, CH.
    firsts = {example["target"].split()[0] for example in examples if example["source"][0] == "c"}
    assert firsts == {"K", "S", "CH"}
    # Silent letters: far fewer sounds than letters.
    letters = sum(len(example["source"]) for example in examples)
    assert sum(len(example["target"].split()) for example in examples) < 0.9 * letters


def test_a_letter_without_a_rule():
    with pytest.raises(ValueError, match="but j, q and x. Received: 'jam'"):
        pronounce("jam")
