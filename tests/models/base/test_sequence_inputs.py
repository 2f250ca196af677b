"""What the models read: their inputs' names, shapes and dtypes, and the mask of each kind."""

import keras
import numpy as np
import pytest

from zoo.models.base.sequence_inputs import sequence_inputs


def declared(front):
    tensors = keras.tree.flatten(front.inputs)
    return {tensor.name: (tuple(tensor.shape), tensor.dtype) for tensor in tensors}


def run(front, inputs):
    model = keras.Model(front.inputs, {"sequences": front.sequences, "mask": front.mask})
    return model.predict_on_batch(inputs)


def test_tokens():
    front = sequence_inputs(9, None, embedding_size=3)
    assert declared(front) == {"tokens": ((None, None), "int32")}
    assert front.inputs is keras.tree.flatten(front.inputs)[0]
    tokens = np.array([[4, 2, 0], [1, 0, 0]], "int32")
    found = run(front, tokens)
    assert found["sequences"].shape == (2, 3, 3)
    np.testing.assert_array_equal(found["mask"], tokens != 0)


def test_tokens_with_their_characters():
    front = sequence_inputs(9, None, embedding_size=3, character_vocabulary_size=5, character_units=2)
    assert declared(front) == {"tokens": ((None, None), "int32"), "characters": ((None, None, None), "int32")}
    assert set(front.inputs) == {"tokens", "characters"}
    tokens, characters = np.array([[4, 4, 0]], "int32"), np.array([[[1, 2], [3, 0], [0, 0]]], "int32")
    found = run(front, {"tokens": tokens, "characters": characters})
    assert found["sequences"].shape == (1, 3, 5)
    np.testing.assert_array_equal(found["mask"], tokens != 0)
    same, other = found["sequences"][0, 0], found["sequences"][0, 1]
    np.testing.assert_array_equal(same[:3], other[:3])
    assert not np.allclose(same[3:], other[3:])


def test_frames_of_one_length():
    front = sequence_inputs(None, 2)
    assert declared(front) == {"frames": ((None, None, 2), "float32")}
    frames = np.ones((2, 3, 2), "float32")
    found = run(front, frames)
    np.testing.assert_array_equal(found["sequences"], frames)
    assert found["mask"].all()


def test_frames_of_several_lengths():
    front = sequence_inputs(None, 2, variable_length=True)
    assert declared(front) == {"frames": ((None, None, 2), "float32"), "lengths": ((None,), "int32")}
    frames = np.full((2, 3, 2), np.nan, "float32")
    frames[0, :2] = 1
    found = run(front, {"frames": frames, "lengths": np.array([2, 0], "int32")})
    np.testing.assert_array_equal(found["mask"], [[True, True, False], [False] * 3])
    np.testing.assert_array_equal(found["sequences"], np.nan_to_num(frames))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ((None, None), "either tokens .* or frames.*vocabulary_size=None, features=None"),
        ((5, 3), "vocabulary_size=5, features=3"),
    ],
)
def test_neither_or_both_kinds_of_input_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        sequence_inputs(*wrong)


def test_characters_without_tokens_are_an_error():
    with pytest.raises(ValueError, match="`character_vocabulary_size` needs `vocabulary_size`"):
        sequence_inputs(None, 3, character_vocabulary_size=5)


def test_clips_of_many_lengths():
    front = sequence_inputs(None, None, picture_shape=(4, 4, 2), embedding_size=3, variable_length=True)
    assert declared(front) == {"frames": ((None, None, 4, 4, 2), "float32"), "lengths": ((None,), "int32")}
    frames, lengths = np.ones((2, 3, 4, 4, 2), "float32"), np.array([3, 1], "int32")
    frames[1, 1:] = np.nan
    found = run(front, {"frames": frames, "lengths": lengths})
    assert found["sequences"].shape == (2, 3, 3) and np.isfinite(found["sequences"]).all()
    np.testing.assert_array_equal(found["mask"], [[True] * 3, [True, False, False]])
    np.testing.assert_array_equal(found["sequences"][1, 0], found["sequences"][0, 1])
    assert declared(sequence_inputs(None, None, picture_shape=(2, 2, 1))) == {
        "frames": ((None, None, 2, 2, 1), "float32")
    }
