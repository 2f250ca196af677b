import numpy as np
import pytest

from zoo.data.batches.teacher_forcing import teacher_forced_batches
from zoo.data.batches.word_alignment import target_alignment
from zoo.data.vocabularies.vocabulary import Vocabulary

WORDS = Vocabulary("a b c d".split())


@pytest.mark.parametrize("links", ["0-0 1-2 2-2", [(0, 0), (1, 2), (2, 2)]])
def test_each_target_shares_its_weight_among_its_places(links):
    found = target_alignment({"word_alignment": links}, 0, (4, 3))
    np.testing.assert_allclose(found, [[1, 0, 0], [0, 0, 0], [0, 0.5, 0.5], [0, 0, 0]])


@pytest.mark.parametrize("links", ["0-3", "3-0", "0", "a-b", [(0,)], [(-1, 0)]])
def test_places_that_are_not_there_are_refused(links):
    with pytest.raises(ValueError, match="example 7: a word alignment has pairs"):
        target_alignment({"word_alignment": links}, 7, (4, 3))


def test_batches_pad_both_ways():
    examples = [
        {"source": "a b c", "target": "a b", "word_alignment": "2-0 0-1"},
        {"source": "a", "target": "a b c", "word_alignment": "0-0 0-1 0-2"},
    ]
    batches = teacher_forced_batches(examples, {"source": WORDS, "target": WORDS}, batch_size=2, buckets=1)
    inputs, targets, _ = batches[0]
    assert inputs["target_alignment"].shape == (2, 4, 3) == (2, targets.shape[1], inputs["source"].shape[1])
    rows = {
        tuple(row[row > 0]): wanted for row, wanted in zip(inputs["source"], inputs["target_alignment"], strict=True)
    }
    long, short = rows[tuple(WORDS.encode("a b c"))], rows[tuple(WORDS.encode("a"))]
    np.testing.assert_array_equal(long, [[0, 0, 1], [1, 0, 0], [0, 0, 0], [0, 0, 0]])
    np.testing.assert_array_equal(short, [[1, 0, 0]] * 3 + [[0, 0, 0]])


@pytest.mark.parametrize("links", [[(float("inf"), 0)], f"{'9' * 5000}-0", [[[0], 0]]])
def test_numbers_that_are_no_places(links):
    with pytest.raises(ValueError, match="example 7: a word alignment has pairs"):
        target_alignment({"word_alignment": links}, 7, (4, 3))
