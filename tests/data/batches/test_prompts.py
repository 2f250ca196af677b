import numpy as np
import pytest

from zoo.data.batches.prompts import encode_prefixes
from zoo.data.vocabularies.vocabulary import Vocabulary

LETTERS = Vocabulary(["x", "y"], level="character")


def test_prefixes_of_texts():
    ids = encode_prefixes(["xy", "", "z"], LETTERS)
    assert ids.tolist() == [[2, 4, 5], [2, 0, 0], [2, 1, 0]]
    assert ids.dtype == np.int32
    assert encode_prefixes(["", ""], LETTERS).tolist() == [[2], [2]]


def test_prefixes_of_frames():
    frames = encode_prefixes([np.ones((2, 1)), np.ones((0, 1)), np.full((1, 1), 5)], None)
    assert frames[..., 0].tolist() == [[0, 1, 1], [0, -1, -1], [0, 5, -1]]
    assert frames.dtype == np.float32
    with pytest.raises(ValueError, match=r"of one width, received: shapes \[\(2, 1\), \(2, 3\)\]"):
        encode_prefixes([np.ones((2, 1)), np.ones((2, 3))], None)
    with pytest.raises(ValueError, match="no prefixes"):
        encode_prefixes([], LETTERS)
