import numpy as np
import pytest

from tests.cells.oracle import draw, numpy
from zoo.models.base.self_attentive_source import SelfAttentiveSource

BLOCKS = {"layers": 1, "heads": 2}


def test_tokens_are_real_where_they_are_not_padding():
    side = SelfAttentiveSource(9, None, units=4, blocks=BLOCKS)
    tokens = np.array([[4, 5, 6], [7, 0, 0], [0, 0, 0]], "int32")
    memory, mask = numpy(side.read({"source": tokens}))
    np.testing.assert_array_equal(mask, tokens > 0)
    assert (memory[~mask] == 0).all()
    assert (np.abs(memory[mask]).max(-1) > 0).all()
    assert set(side.inputs) == {"source"}


def test_frames_are_real_by_their_lengths_whatever_stands_behind():
    side = SelfAttentiveSource(None, 2, units=4, blocks=BLOCKS)
    frames, lengths = draw(2, 4, 2), np.array([4, 1], "int32")
    memory, mask = numpy(side.read({"source": frames, "source_lengths": lengths}))
    assert mask.sum(1).tolist() == [4, 1]
    frames[1, 1:] = np.nan
    again, _ = numpy(side.read({"source": frames, "source_lengths": lengths}))
    np.testing.assert_array_equal(memory, again)
    assert set(side.inputs) == {"source", "source_lengths"}


@pytest.mark.parametrize(("vocabulary_size", "features"), [(None, None), (9, 2)])
def test_it_is_either(vocabulary_size, features):
    with pytest.raises(ValueError, match=f"either tokens .*source_features={features}"):
        SelfAttentiveSource(vocabulary_size, features, units=4, blocks=BLOCKS)
