import numpy as np
import pytest

from zoo.data.synthetic.algorithms.priority_sort import draw


@pytest.mark.parametrize(("size", "kept"), [(1, 1), (2, 2), (3, 2), (5, 4), (20, 16), (30, 24)])
def test_the_first_in_the_order_of_falling_priority(random, size, kept):
    inputs, targets, weights = draw(size, 50, random)
    assert inputs.shape == (50, size + 1 + kept, 10)
    for frames, wanted, asked in zip(inputs, targets, weights, strict=True):
        (delimiter,) = np.flatnonzero(frames[:, 9])
        assert delimiter == size and not frames[delimiter, :9].any()
        given = sorted(((frame[8], *frame[:8]) for frame in frames[:delimiter]), reverse=True)
        assert wanted[asked == 1].tolist() == [list(bits) for _, *bits in given[:kept]]
        assert not asked[: delimiter + 1].any()


def test_priorities_are_uniform(random):
    priorities = draw(20, 500, random)[0][:, :20, 8].ravel()
    # The largest distance to the uniform distribution function: 1.95 / sqrt(n) is passed by chance in 0.1 %.
    place = np.arange(1, len(priorities) + 1) / len(priorities)
    assert abs(place - (np.sort(priorities) + 1) / 2).max() < 1.95 / np.sqrt(len(priorities))
