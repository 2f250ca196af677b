import hashlib
from itertools import pairwise

import pytest

from zoo.data.readers import pronunciations
from zoo.data.readers.formats import read_head
from zoo.storage.files import DataError

TEXT = ";;; an old heading\na AH0\na(2) EY1\naalborg AO1 L B AO0 R G # place, danish\nthe DH AH0\nthe(2) DH AH1\n"


def test_words_and_variants(write):
    path = write("dict.gz", TEXT)
    assert pronunciations.read(path) == [
        {"source": "a", "target": "AH0", "group": "a"},
        {"source": "a", "target": "EY1", "group": "a"},
        {"source": "aalborg", "target": "AO1 L B AO0 R G", "group": "aalborg"},
        {"source": "the", "target": "DH AH0", "group": "the"},
        {"source": "the", "target": "DH AH1", "group": "the"},
    ]
    without = pronunciations.read(path, stress=False)
    assert [example["target"] for example in without] == ["AH", "EY", "AO L B AO R G", "DH AH"]


@pytest.mark.parametrize(
    ("line", "found"),
    [("word", "'word'"), ("word # noun", "'word # noun'"), ("word W er0 D", "'er0'"), ("word W ER3 D", "'ER3'")],
)
def test_malformed(write, line, found):
    with pytest.raises(DataError, match=rf"dict:2: expected a word and its phonemes .*, found .*{found}"):
        pronunciations.read(write("dict", f"a AH0\n{line}\n"))


def test_words_and_phonemes_with_a_tab_between_them(write):
    """As WikiPron and SIGMORPHON have them."""
    text = "a\teɪ\na\tə\na\teɪ\n\nNew York\tn j uː  j ɔː k\n"
    assert pronunciations.read_tabs(write("eng.tsv", text)) == [
        {"source": "a", "target": "eɪ", "group": "a"},
        {"source": "a", "target": "ə", "group": "a"},
        {"source": "New York", "target": "n j uː j ɔː k", "group": "New York"},
    ]
    for line in ("a", "a\t", "\teɪ", "a\teɪ\tb"):
        with pytest.raises(DataError, match=r"eng\.tsv:2: expected a word, a tab and its phonemes"):
            pronunciations.read_tabs(write("eng.tsv", f"a\teɪ\n{line}\n"))


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        (";;; heading\na AH0\n", (False, True)),
        ("a\tAH0 T\n", (False, False)),  # the first format reads it
        ("NEW YORK\tN UW1 Y\n", (False, False)),
        ("a\teɪ\n", (True, False)),
        ("AA\tvowel\n", (True, False)),
        ("AA\n", (True, True)),
        ("source\ttarget\na\teɪ\n", (True, True)),
    ],
)
def test_formats_by_their_first_words(write, text, lacks):
    head = read_head(write("any", text))
    assert tuple(bool(format.mismatch(head)) for format in pronunciations.formats()) == lacks


def test_a_tab_ends_a_word_of_several(write):
    (example,) = pronunciations.read(write("dict", "NEW YORK\tN UW1 Y AO1 R K\n"))
    assert (example["source"], example["target"]) == ("NEW YORK", "N UW1 Y AO1 R K")


def test_a_words_hash_says_its_part():
    examples = [{"source": f"w{n}", "target": "W", "group": f"w{n}"} for n in range(300) for _ in range(2)]
    parts = pronunciations.split(examples)
    assert sum(map(len, parts.values())) == len(examples)
    for name, (low, high) in zip(("test", "validation", "train"), pairwise((0, 13, 26, 256)), strict=True):
        assert parts[name]
        assert all(low <= hashlib.sha1(e["source"].encode()).digest()[0] < high for e in parts[name])


@pytest.mark.real_data
def test_real_words(real_data):
    examples = pronunciations.read(real_data / "cmudict" / "cmudict.dict.gz", stress=False)
    assert len({example["source"] for example in examples}) > 125_000
    assert len({phoneme for example in examples for phoneme in example["target"].split()}) == 39
    parts = pronunciations.split(examples)
    words = {name: {example["group"] for example in part} for name, part in parts.items()}
    assert not words["train"] & words["test"] and not words["train"] & words["validation"]
    assert all(0.04 < len(words[name]) / 126_000 < 0.06 for name in ("validation", "test"))


@pytest.mark.parametrize("line", ["(2) AH0", " AH0 T", "\tAH0"])
def test_a_pronunciation_without_a_word(write, line):
    with pytest.raises(DataError, match=r"a\.dict:2: expected a word and its phonemes"):
        pronunciations.read(write("a.dict", f"a AH0\n{line}\n"))


def test_comments_alone(write):
    with pytest.raises(DataError, match=r"a\.dict: expected a word and its phonemes a line, found comments alone"):
        pronunciations.read(write("a.dict", ";;; none\n"))
