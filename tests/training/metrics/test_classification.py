"""The figures against seqeval and scikit-learn, and against what can be counted by hand."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics import f1_score, precision_score, recall_score
from seqeval.metrics.sequence_labeling import get_entities
from sklearn.metrics import f1_score as sklearn_f1_score

from zoo.training.metrics import classification

# Every prefix with two kinds and with none, legal in their order or not.
TAGS = ["O", *(f"{prefix}{kind}" for prefix in "BIES" for kind in ("", "-PER", "-MISC-x"))]
tag_lists = st.lists(st.sampled_from(TAGS), max_size=12)
bio_lists = st.lists(st.sampled_from(["O", "B-A", "I-A", "B-B", "I-B"]), max_size=12)
paired = st.one_of(tag_lists, bio_lists).flatmap(
    lambda tags: st.tuples(st.just(tags), st.lists(st.sampled_from(TAGS), min_size=len(tags), max_size=len(tags)))
)


@settings(deadline=None, max_examples=300)
@given(st.one_of(tag_lists, bio_lists))
def test_spans_equal_seqeval(tags):
    assert classification.spans(tags) == set(get_entities(list(tags)))


@settings(deadline=None, max_examples=150)
@given(st.lists(paired, min_size=1, max_size=4))
def test_span_f1_equals_seqeval(sentences):
    expected, predicted = [list(pair[0]) for pair in sentences], [list(pair[1]) for pair in sentences]
    # Half of the predictions right, so that spans are found too.
    predicted[::2] = expected[::2]
    found = classification.span_f1(predicted, expected)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # seqeval warns of figures without a denominator
        oracle = {
            "precision": precision_score(expected, predicted),
            "recall": recall_score(expected, predicted),
            "f1": f1_score(expected, predicted),
        }
    assert found == pytest.approx(oracle, abs=1e-12)


def test_a_span_needs_its_kind_and_both_ends():
    expected = [["B-PER", "I-PER", "O", "B-LOC", "O"]]
    assert classification.span_f1([["B-PER", "I-PER", "O", "B-ORG", "O"]], expected)["f1"] == pytest.approx(0.5)
    found = classification.span_f1([["B-PER", "O", "O", "B-LOC", "O"]], expected)
    assert found == pytest.approx({"precision": 0.5, "recall": 0.5, "f1": 0.5})


@pytest.mark.parametrize("tag", ["PER", "NOUN", "O-PER", "", "b-per", "<pad>"])
def test_other_tags_are_refused(tag):
    with pytest.raises(ValueError, match="Received at step 1"):
        classification.spans(["O", tag])


def test_sentences_of_different_numbers_of_tags_are_refused():
    with pytest.raises(ValueError, match="sentence 1: 2 and 1"):
        classification.span_f1([["O"], ["O", "O"]], [["O"], ["O"]])
    with pytest.raises(ValueError, match="1 predicted, 2 expected"):
        classification.span_f1([["O"]], [["O"], ["O"]])


def test_segmentation_counts_words_by_their_characters():
    # Of 4 predicted words "the" and "end" stand where they should; "the" in the wrong place would not count.
    found = classification.segmentation_f1([["the", "catsat", "the", "end"]], [["the", "cat", "satthe", "end"]])
    assert found == pytest.approx({"precision": 0.5, "recall": 0.5, "f1": 0.5})
    found = classification.segmentation_f1([["a", "b", "c"]], [["ab", "c"]])
    assert found == pytest.approx({"precision": 1 / 3, "recall": 1 / 2, "f1": 0.4})


words = st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=8)


@given(words, st.randoms(use_true_random=False))
def test_segmentation_equals_the_span_f1_of_its_tags(expected, random):
    text = "".join(expected)
    cuts = sorted(random.sample(range(1, len(text)), random.randint(0, len(text) - 1)))
    predicted = [text[i:j] for i, j in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    tags = [[letter for word in side for letter in ["B"] + ["I"] * (len(word) - 1)] for side in (predicted, expected)]
    oracle = classification.span_f1([tags[0]], [tags[1]])
    assert classification.segmentation_f1([predicted], [expected]) == pytest.approx(oracle)


def test_segmentations_of_different_characters_are_refused():
    with pytest.raises(ValueError, match="sentence 1"):
        classification.segmentation_f1([["a"], ["a", "b"]], [["a"], ["ac"]])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=30))
def test_accuracy_and_macro_f1_equal_counting_and_scikit_learn(rows):
    predicted, expected, weight = (np.array(column) for column in zip(*rows, strict=True))
    weight[0] = 1
    # A weight is how often an answer counts.
    repeated = np.repeat(predicted, weight), np.repeat(expected, weight)
    matches = sum(int(left == right) for left, right in zip(*repeated, strict=True))
    assert classification.accuracy(predicted, expected, weight) == pytest.approx(matches / len(repeated[0]))
    oracle = sklearn_f1_score(repeated[1], repeated[0], average="macro", zero_division=0)
    assert classification.macro_f1(predicted, expected, weight) == pytest.approx(oracle)


def test_accuracy_takes_names():
    assert classification.accuracy(["pos", "neg", "neg"], ["pos", "neg", "pos"]) == pytest.approx(2 / 3)


def test_errors_of_numbers():
    predicted, expected = [[1.0, 2.0], [0.0, 4.0]], [[2.0, 4.0], [0.0, 0.0]]
    assert classification.mean_error(predicted, expected) == pytest.approx((1 + 2 + 0 + 4) / 4)
    assert classification.mse(predicted, expected) == pytest.approx((1 + 4 + 0 + 16) / 4)
    # One weight a row.
    assert classification.mean_error(predicted, expected, [1, 0]) == pytest.approx(1.5)
    assert classification.mse(predicted, expected, [1, 3]) == pytest.approx((5 + 3 * 16) / 8)


def test_differences_of_unsigned_integers_do_not_wrap():
    assert classification.mean_error(np.array([1], "uint8"), np.array([3], "uint8")) == 2.0


@pytest.mark.parametrize(
    "metric", [classification.accuracy, classification.macro_f1, classification.mean_error, classification.mse]
)
def test_padding_of_weight_zero_never_matters(metric):
    predicted, expected = np.array([[1.0, 2.0, np.nan]]), np.array([[1.0, 3.0, 7.0]])
    expected_value = metric(predicted[:, :2], expected[:, :2])
    assert metric(predicted, expected, np.array([[1, 1, 0]])) == expected_value


@pytest.mark.parametrize(
    "metric", [classification.accuracy, classification.macro_f1, classification.mean_error, classification.mse]
)
def test_shapes_that_would_broadcast_and_empty_means_are_refused(metric):
    with pytest.raises(ValueError, match="one shape"):
        metric(np.zeros(3), np.zeros((3, 1)))
    with pytest.raises(ValueError, match="leading axes"):
        metric(np.zeros((3, 2)), np.zeros((3, 2)), np.zeros(2))
    with pytest.raises(ValueError, match="positive weight"):
        metric(np.zeros(3), np.zeros(3), np.zeros(3))
