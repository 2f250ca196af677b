import re
from collections import Counter

import numpy as np
import pytest

from zoo.data.splits import split_by_index
from zoo.data.synthetic.notes import generate

SUMMARY = re.compile(r"(?P<buyer>.+) ordered (?P<goods>.+) from (?P<seller>.+?) \.(?: They come (?P<when>.+) \.)?")
ITEM = re.compile(r"\d+ \w+ of \w+")
TIME = re.compile(r"(?:arrive|there|goods) ((?:on [A-Z]\w+day)|next week|in two weeks|at the end of the month)")


@pytest.fixture(scope="module")
def examples():
    return generate(3000)


def sentences(note):
    assert note.endswith(" .")
    return note.removesuffix(" .").split(" . ")


def test_the_summary_is_what_the_note_says(examples):
    """Whatever is told of the buyer with an amount was ordered; the last day that is told of the goods is theirs."""
    for example in examples:
        summary = SUMMARY.fullmatch(example["target"])
        about = [sentence for sentence in sentences(example["source"]) if summary["buyer"] in sentence]
        ordered = [item for sentence in about for item in ITEM.findall(sentence)]
        *others, last = ordered
        assert summary["goods"] == (" , ".join(others) + " and " + last if others else last)
        assert summary["seller"] in example["source"]
        days = [day for sentence in about for day in TIME.findall(sentence)]
        assert (days or [None])[-1] == summary["when"]


def test_three_to_six_sentences_no_two_of_them_alike(examples):
    counts = Counter(len(sentences(example["source"])) for example in examples)
    assert set(counts) == {3, 4, 5, 6} and min(counts.values()) > 200
    # Without names, goods and numbers.
    patterns = [
        [re.sub(r"\b[A-Z]\w+( and Sons)?|\w+ of \w+|\d+", "_", sentence) for sentence in sentences(example["source"])]
        for example in examples
    ]
    assert len({pattern for note in patterns for pattern in note}) > 100
    assert all(len(set(note)) == len(note) for note in patterns)


def test_every_kind_of_order(examples):
    summaries = [SUMMARY.fullmatch(example["target"]) for example in examples]
    goods = Counter(len(ITEM.findall(summary["goods"])) for summary in summaries)
    assert set(goods) == set(range(1, 9)) and min(goods.values()) > 40
    assert np.mean([summary["when"] is None for summary in summaries]) == pytest.approx(0.2, abs=0.03)
    days = Counter(summary["when"] for summary in summaries if summary["when"])
    assert len(days) == 9 and min(days.values()) > 120
    # Two days: the second is that of a delay, or the first and not the second.
    late = [e for e in examples if re.search("and not|will only|not get", e["source"])]
    assert len(late) / len(examples) == pytest.approx(0.8 * 0.3, abs=0.03)
    # Amounts of what nobody ordered.
    more = [len(ITEM.findall(e["source"])) > len(ITEM.findall(e["target"])) for e in examples]
    assert np.mean(more) > 0.25


def test_names_belong_to_one_note(examples):
    owners = Counter(word for example in examples for word in set(example["source"].split()))
    goods = {good for example in examples for good in re.findall(r"\d+ \w+ of (\w+)", example["source"])}
    assert {owners[good] for good in goods} == {1}
    firms = {SUMMARY.fullmatch(example["target"])["seller"].split()[0] for example in examples}
    assert {owners[firm] for firm in firms} == {1}


def test_words_and_marks_stand_apart_and_sentences_begin_with_capitals(examples):
    for text in (part for example in examples for part in example.values()):
        assert re.fullmatch(r"(\w+|[.,:])( (\w+|[.,:]))*", text)
        assert all(sentence[0].isupper() or sentence[0].isdigit() for sentence in sentences(text))
        assert not re.search(r"[A-Z]{2}", text)
        assert not re.search(r"\ba [aeiou]|\ban [^aeiou]", text, re.IGNORECASE)


def test_baselines(examples):
    parts = split_by_index(examples)
    seen = Counter(word for e in parts["train"] for word in (e["source"] + " " + e["target"]).split())
    unknown = [[seen[word] < 5 for word in example["target"].split()] for example in parts["test"]]
    assert all(map(any, unknown))
    assert np.mean([word for words in unknown for word in words]) == pytest.approx(0.20, abs=0.02)
    firsts = [sentences(example["source"])[0] for example in examples]
    goods = [set(ITEM.findall(example["target"])) for example in examples]
    found = [items <= set(ITEM.findall(first)) for first, items in zip(firsts, goods, strict=True)]
    assert np.mean(found) == pytest.approx(0.25, abs=0.03)
    assert not any(example["target"].startswith(first) for first, example in zip(firsts, examples, strict=True))
