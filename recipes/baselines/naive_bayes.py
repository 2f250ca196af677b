from collections.abc import Sequence


def naive_bayes(train: Sequence[tuple[str, str]], test: Sequence[tuple[str, str]], *, ngrams: int = 1) -> float:
    """Accuracy of multinomial naive Bayes on (text, label) pairs.

    Args:
        ngrams: counts words, pairs of words, ... up to this many together; a text of single letters works too.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.pipeline import make_pipeline

    counts = CountVectorizer(ngram_range=(1, ngrams), token_pattern=r"\S+", binary=True)
    model = make_pipeline(counts, MultinomialNB())
    model.fit([text for text, _ in train], [label for _, label in train])
    return float(model.score([text for text, _ in test], [label for _, label in test]))
