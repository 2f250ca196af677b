import re
from collections import Counter

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from zoo.data.synthetic import questions


def accuracy(longest):
    model = make_pipeline(CountVectorizer(ngram_range=(1, longest)), MultinomialNB())
    model.fit(*zip(*questions.generate(3000, seed=1), strict=True))
    return model.score(*zip(*questions.generate(1000, seed=2), strict=True))


def test_order_tells_what_words_do_not():
    assert accuracy(longest=1) < 0.88 < 0.94 < accuracy(longest=3)


def test_first_word_does_not_tell():
    examples = questions.generate(2000)
    kinds = {word: {label for text, label in examples if text.startswith(word)} for word in ("What", "Name")}
    assert kinds["What"] == set(questions.LABELS) and len(kinds["Name"]) >= 5


def test_kinds_are_balanced():
    counts = Counter(label for _, label in questions.generate(3000))
    assert set(counts) == set(questions.LABELS) and min(counts.values()) > 400


def test_text_reads_like_text():
    for text, _ in questions.generate(500):
        assert re.fullmatch(r"[A-Z][A-Za-z0-9 ,]+[.?]", text)
        assert not re.search(r"\b[A-Z]{4,}\b|\ba [aeiou]|_", text)
