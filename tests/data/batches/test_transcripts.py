import numpy as np
import pytest

from zoo.data.batches.transcripts import make_transcribed_splits
from zoo.data.vocabularies.vocabulary import Vocabulary

WORDS = Vocabulary(["one", "two"])


def sounds(*texts):
    return [(np.ones((3 + number, 2), "float32"), text) for number, text in enumerate(texts)]


RAW = {"train": sounds("one", "two one two", "two two"), "validation": sounds("one"), "test": sounds("one two one one")}


def test_transcripts_are_padded_to_the_longest_of_all():
    splits = make_transcribed_splits(RAW, {"labels": WORDS}, batch_size=2)
    assert splits.test.targets[0].tolist() == [4, 5, 4, 4]
    inputs, targets, weights = splits.validation[0]
    assert targets.tolist() == [[4, 0, 0, 0], [0, 0, 0, 0]]
    assert weights.tolist() == [1, 0]
    assert inputs["lengths"].tolist() == [3, 0]
    assert splits.raw == RAW
    assert list(splits.vocabularies) == ["labels"]
    whole = splits.merged().test
    assert [row.tolist() for row in whole.targets][1] == [5, 4, 5, 0]
    assert whole.examples == 5


def test_what_was_said_is_in_the_fingerprint():
    one = make_transcribed_splits(RAW, {"labels": WORDS}).fingerprint
    other = make_transcribed_splits({**RAW, "test": sounds("one two one two")}, {"labels": WORDS}).fingerprint
    assert one == make_transcribed_splits(RAW, {"labels": WORDS}).fingerprint != other


def test_who_says_nothing_is_an_error():
    with pytest.raises(ValueError, match="validation split: example 1: a transcript needs a symbol"):
        make_transcribed_splits({**RAW, "validation": sounds("one", " ")}, {"labels": WORDS})
