import numpy as np

from zoo.recipes.baselines.naive_bayes import naive_bayes

TRAIN = [("good good film", "pos"), ("good cast", "pos"), ("bad film", "neg"), ("bad bad cast", "neg"), ("dull", "neg")]
TEST = [("good dull film", "pos"), ("good", "pos"), ("bad", "neg"), ("film cast", "neg"), ("dull good good", "neg")]


def by_hand(train, test):
    """Multinomial naive Bayes over the presence of words, one added to every count."""
    words = sorted({word for text, _ in train for word in text.split()})
    scores = {}
    for label in ("neg", "pos"):
        texts = [set(text.split()) for text, other in train if other == label]
        counts = np.array([1 + sum(word in text for text in texts) for word in words])
        scores[label] = np.log(len(texts) / len(train)), np.log(counts / counts.sum())
    right = 0
    for text, label in test:
        present = np.array([word in text.split() for word in words])
        right += label == max(scores, key=lambda name: scores[name][0] + scores[name][1] @ present)
    return right / len(test)


def test_it_is_the_formula():
    assert naive_bayes(TRAIN, TEST) == by_hand(TRAIN, TEST)
    assert 0 < by_hand(TRAIN, TEST) < 1


def test_pairs_tell_what_words_do_not():
    train = [("not good", "neg"), ("not bad", "pos"), ("so good", "pos"), ("so bad", "neg")] * 3
    assert naive_bayes(train, train, ngrams=1) == 0.5
    assert naive_bayes(train, train, ngrams=2) == 1.0


def test_single_letters_are_words():
    train = [("a b", "x"), ("c d", "y")] * 2
    assert naive_bayes(train, train) == 1.0
