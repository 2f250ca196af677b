import re
from collections import Counter

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from zoo.data.synthetic import surnames


def accuracy(longest):
    model = make_pipeline(CountVectorizer(analyzer="char", ngram_range=(1, longest)), MultinomialNB())
    train, test = ([(name.lower(), kind) for name, kind in surnames.generate(3000, seed=seed)] for seed in (1, 2))
    return model.fit(*zip(*train, strict=True)).score(*zip(*test, strict=True))


def test_order_of_letters_tells_what_letters_do_not():
    assert 1 / 6 < accuracy(longest=1) < 0.65 < 0.9 < accuracy(longest=4)


def test_names_look_like_names():
    for name, _ in surnames.generate(2000):
        assert re.fullmatch(r"[A-Z][a-z]{3,18}", name)
        assert not re.search(r"[aeiou]{3}|[^aeiou]{5}", name)


def test_languages_are_balanced():
    counts = Counter(language for _, language in surnames.generate(3000))
    assert set(counts) == set(surnames.LANGUAGES) and min(counts.values()) > 400
