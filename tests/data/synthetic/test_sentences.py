import re

import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from zoo.data.synthetic import sentences

POLARITY = {
    word: 1 if label == "pos" else -1
    for words in sentences.WORDS.values()
    for label, listed in words.items()
    for word in listed.split(" | ")
}
NEGATIONS = r"\b(not|never|nobody|hardly|far from|anything but|by no means|fails)\b"


def read(text):
    """What a reader does: find the main clause, then count the negations before its first word of praise or blame."""
    text = text.lower()
    for weight in (
        r".*, but (.*)",
        r"although [^,]*, (.*)",
        r"(.*), even though .*",
        r".* but ends (.*)",
        r".*, for (.*)",
    ):
        found = re.fullmatch(weight, text)
        text = found[1] if found else text
    text = text.replace("never less than", "").replace("nothing if not", "")
    first = re.search(rf"\b({'|'.join(POLARITY)})\b", text)
    sign = POLARITY[first[1]] * (-1) ** len(re.findall(NEGATIONS, text[: first.start()]))
    return "pos" if sign > 0 else "neg"


def test_clauses_and_negations_decide_every_verdict():
    examples = sentences.generate(3000, seed=5)
    assert [read(text) for text, _ in examples] == [label for _, label in examples]


def test_words_without_their_order_do_not():
    model = make_pipeline(CountVectorizer(), MultinomialNB()).fit(*zip(*sentences.generate(3000, seed=1), strict=True))
    assert 0.55 < model.score(*zip(*sentences.generate(1000, seed=2), strict=True)) < 0.75


@pytest.mark.parametrize("label", sentences.LABELS)
def test_verdicts_are_balanced(label):
    assert sum(found == label for _, found in sentences.generate(2000)) == pytest.approx(1000, abs=100)


def test_text_reads_like_text():
    for text, _ in sentences.generate(500):
        assert re.fullmatch(r"[A-Z][A-Za-z' ,]+\.", text)
        assert "  " not in text and " ," not in text and not re.search(r"\ba [aeiou]|[~_]|[A-Z]{2}", text)
