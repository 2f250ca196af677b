"""The figures against jiwer and sacrebleu, and against what can be counted by hand."""

import jiwer
import pytest
import sacrebleu
from hypothesis import given, settings
from hypothesis import strategies as st

from zoo.training.metrics.text_metrics import (
    bleu,
    character_error,
    exact,
    repeated,
    token_error,
    unknown_words,
    word_error,
)

sentences = st.lists(st.sampled_from(["the", "cat", "sat", "a", "tee"]), min_size=1, max_size=9).map(" ".join)
pairs = st.lists(st.tuples(sentences, sentences), min_size=1, max_size=4)


@settings(max_examples=100)
@given(pairs)
def test_errors_equal_jiwer(examples):
    said, references = (list(column) for column in zip(*examples, strict=True))
    assert token_error(said, references) == pytest.approx(jiwer.wer(references, said))
    assert character_error(said, references) == pytest.approx(jiwer.cer(references, said))


def test_errors_by_hand():
    # One token too many, one exchanged, one missing, of 3 + 2 + 2.
    assert token_error(["a x b c", "a x", "a"], ["a b c", "a b", "a b"]) == pytest.approx(3 / 7)
    assert token_error(["", "a b"], ["a b", "a b"]) == 0.5
    assert token_error(["a b c d"], ["a"]) == 3.0
    assert character_error(["kitten"], ["sitting"]) == pytest.approx(3 / 7)


def test_the_nearest_reference_counts():
    references = [["T AH M EY T OW", "T AH M AA T OW"], "AY"]
    assert token_error(["T AH M AA T OW", "AY"], references) == 0.0
    # One edit to the second, which has three tokens, two to the first.
    assert token_error(["A B X"], [["A C", "A B D"]]) == pytest.approx(1 / 3)
    assert exact(["T AH M AA T OW", "EY"], references) == word_error(["T AH M AA T OW", "EY"], references) == 0.5


def test_exact_is_to_the_letter():
    assert exact(["a b", "a  b", "A b", "a b"], ["a b"] * 4) == 0.5
    assert word_error(["a", "b", "c"], ["a", "b", "x"]) == pytest.approx(1 / 3)


def test_accents_count_alike_composed_or_not():
    said, expected = ["le café est là"], ["le cafe\u0301 est la\u0300"]
    assert exact(said, expected) == exact(expected, said) == exact(said, [["non", *expected]]) == 1
    assert token_error(said, expected) == character_error(said, expected) == 0
    assert bleu(said, expected) == pytest.approx(100)


def test_bleu_equals_sacrebleu():
    said = ["The cat sat on the mat.", "There is a dog in the garden!"]
    references = ["The cat sat on a mat.", "A dog is in the garden."]
    assert bleu(said, references) == pytest.approx(sacrebleu.BLEU().corpus_score(said, [references]).score)
    assert bleu(said, said) == pytest.approx(100.0)
    assert 0 < bleu(said, references) < 100
    second = ["The cat was on the mat.", "There is a dog in the yard!"]
    both = [list(pair) for pair in zip(references, second, strict=True)]
    oracle = sacrebleu.BLEU().corpus_score(said, [references, second]).score
    assert bleu(said, both) == pytest.approx(oracle)
    # Some have more references than others.
    assert bleu(references, [references[0], both[1]]) == pytest.approx(100.0)


def test_bleu_of_short_texts_counts_the_words_in_a_row_that_they_have():
    assert bleu(["a red circle"], ["a red circle"]) == pytest.approx(100.0)
    # 2 of 3 words, 1 of 2 pairs; no three in a row are right, which sacrebleu takes for half of one.
    assert bleu(["a red circle"], ["a red square"]) == pytest.approx(100 * (2 / 3 * 1 / 2 * 1 / 2) ** (1 / 3))
    # Four in a row that are never right still count.
    said, references = ["a b c d"], ["a b c x"]
    assert bleu(said, references) == pytest.approx(sacrebleu.BLEU().corpus_score(said, [references]).score)


def test_bleu_by_hand():
    # Precisions 4/5, 3/4, 2/3, 1/2 and no brevity penalty.
    found = bleu(["a b c d x"], ["a b c d e"], tokenize="none")
    assert found == pytest.approx(100 * (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25)


def test_repeated_n_grams_by_hand():
    # abc bca cab abc: the last one again.
    assert repeated(["a b c a b c"]) == 1 / 4
    assert repeated(["a a a a a"]) == pytest.approx(2 / 3)
    assert repeated(["a b a b a", "a b a"], n=2) == pytest.approx(2 / 6)
    # What another text has said is none of this one's.
    assert repeated(["a b c", "a b c"]) == 0
    assert repeated(["a b", ""]) == 0


@settings(max_examples=50)
@given(st.lists(sentences, min_size=1, max_size=4), st.integers(1, 4))
def test_repeated_n_grams_one_by_one(said, n):
    again = total = 0
    for text in said:
        seen = []
        for start in range(len(words := text.split()) - n + 1):
            total, again = total + 1, again + (words[start : start + n] in seen)
            seen.append(words[start : start + n])
    assert repeated(said, n=n) == pytest.approx(again / total if total else 0)


def test_repetitions_of_nothing():
    with pytest.raises(ValueError, match="at least one token. Received: n=0"):
        repeated(["a"], n=0)
    with pytest.raises(TypeError, match="Put it in a list"):
        repeated("a b c")


def test_unknown_words_by_hand():
    known = {"a", "b"}
    # Of x x y and z: one x and z.
    assert unknown_words(["a x z", "z z"], ["x a x y", "z b"], known) == 2 / 4
    assert unknown_words(["x"], [["x", "y"]], known) == 1
    assert unknown_words(["x"], ["a b"], known) is None
    assert unknown_words([""], ["x"], known) == 0


@pytest.mark.parametrize("metric", [exact, word_error, token_error, character_error, bleu])
def test_what_cannot_be_compared(metric):
    with pytest.raises(ValueError, match="1 outputs, 2 references"):
        metric(["a"], ["a", "b"])
    with pytest.raises(ValueError, match="0 outputs, 0 references"):
        metric([], [])
    with pytest.raises(TypeError, match="Received for text 1: .*Join tokens with blanks"):
        metric(["a", ["a", "b"]], ["a", "b"])
    with pytest.raises(TypeError, match=r"Received for text 0: \[\]"):
        metric(["a"], [[]])


@pytest.mark.parametrize("metric", [token_error, character_error])
def test_empty_references_have_no_rate(metric):
    with pytest.raises(ValueError, match="not empty"):
        metric(["a"], [""])
