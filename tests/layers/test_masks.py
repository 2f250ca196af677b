import keras
import numpy as np
import pytest
from keras import ops

from zoo.layers.masks import FrameMask, TokenMask


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def test_every_token_but_zero_is_real():
    tokens = np.array([[3, 1, 0], [2, 0, 0], [0, 0, 0]], "int32")
    mask = numpy(TokenMask()(tokens))
    assert mask.dtype == "bool"
    np.testing.assert_array_equal(mask, [[True, True, False], [True, False, False], [False] * 3])


@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_frames_are_real_up_to_their_length_whatever_they_hold(dtype):
    frames = np.full((4, 3, 2), np.nan, "float32")
    mask = numpy(FrameMask()(frames, np.array([0, 1, 2, 3], dtype)))
    np.testing.assert_array_equal(mask, np.tri(4, 3, -1, dtype=bool))


def test_without_lengths_every_frame_is_real():
    mask = numpy(FrameMask()(np.zeros((2, 3, 1), "float32")))
    assert mask.dtype == "bool"
    assert mask.shape == (2, 3)
    assert mask.all()


@pytest.mark.parametrize("made", [TokenMask, FrameMask])
def test_a_symbolic_mask_has_no_known_length(made):
    inputs = keras.Input((None,) if made is TokenMask else (None, 4), dtype="int32" if made is TokenMask else "float32")
    mask = made()(inputs)
    assert mask.shape == (None, None)
    assert mask.dtype == "bool"
