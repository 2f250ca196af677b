import numpy as np
import pytest

from zoo.data.batches.encoding import encode
from zoo.data.vocabularies.vocabulary import Vocabulary

TOKENS = Vocabulary(["a", "great", "movie"], lowercase=True)
CHARACTERS = Vocabulary(["A", "a", "e", "i"], level="character")


def test_texts_and_token_lists_encode_alike():
    for example in ("A great film", ["A", "great", "film"], ("A", "great", "film")):
        inputs = encode([example], {"tokens": TOKENS})
        assert list(inputs) == ["tokens"]
        assert inputs["tokens"][0].dtype == np.int32
        assert inputs["tokens"][0].tolist() == [4, 5, 1]


def test_words_are_spelled_as_written():
    inputs = encode(["A aiea", ["e"]], {"tokens": TOKENS, "characters": CHARACTERS}, word_length=3)
    assert inputs["tokens"][0].tolist() == [4, 1]
    assert inputs["characters"][0].tolist() == [[4, 0, 0], [5, 7, 6]]
    assert inputs["characters"][1].tolist() == [[6, 0, 0]]
    assert inputs["characters"][0].dtype == np.int32


def test_spelling_keeps_step_with_lower_case_that_grows():
    # The lower case of this one character is two.
    inputs = encode(["İ a"], {"tokens": TOKENS, "characters": CHARACTERS})
    assert len(inputs["tokens"][0]) == len(inputs["characters"][0]) == 2


def test_frames_pass_as_float32():
    inputs = encode([[[1, 2]], np.ones((3, 2))], {"labels": object()})
    assert [array.shape for array in inputs["frames"]] == [(1, 2), (3, 2)]
    assert {array.dtype for array in inputs["frames"]} == {np.dtype("float32")}


@pytest.mark.parametrize(
    ("examples", "message"),
    [
        ([np.ones((2, 2)), np.array([[1, 1], [1, np.nan]])], "example 1: .*received: frame 1"),
        ([np.full((1, 2), 1e300)], "example 0: .*received: frame 0"),
        ([np.ones(3)], r"example 0: .*shape \(3,\)"),
        ([np.ones((0, 2))], r"example 0: .*shape \(0, 2\)"),
        ([np.ones((2, 2)), np.ones((2, 3))], "example 1: frames must have the 2 numbers of example 0, received: 3"),
        ([np.ones((2, 2)), "a text"], "example 1: .*a text.*Texts need a vocabulary"),
    ],
)
@pytest.mark.filterwarnings("ignore:overflow")
def test_wrong_frames_are_named(examples, message):
    with pytest.raises(ValueError, match=message):
        encode(examples, {})


@pytest.mark.parametrize("empty", ["", " \n", []])
def test_examples_without_tokens_are_named(empty):
    with pytest.raises(ValueError, match="example 1: tokens needs at least one token"):
        encode(["a", empty], {"tokens": TOKENS})


def test_frames_are_no_text():
    with pytest.raises(ValueError, match="example 0: tokens must be a text"):
        encode([np.ones((2, 2))], {"tokens": TOKENS})
