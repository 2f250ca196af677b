import numpy as np
import pytest

from zoo.data.synthetic.algorithms.copy import draw


@pytest.mark.parametrize("size", [1, 2, 20])
def test_what_came_before_the_delimiter_is_asked_after_it(random, size):
    inputs, targets, weights = draw(size, 50, random)
    assert inputs.shape == (50, 2 * size + 1, 9)
    for frames, wanted, asked in zip(inputs, targets, weights, strict=True):
        (delimiter,) = np.flatnonzero(frames[:, 8])
        assert frames[delimiter].tolist() == [0] * 8 + [1]
        np.testing.assert_array_equal(wanted[asked == 1], frames[:delimiter, :8])
        assert np.flatnonzero(asked).tolist() == list(range(delimiter + 1, len(frames)))
    assert len({row.tobytes() for row in draw(20, 50, random)[1]}) == 50
