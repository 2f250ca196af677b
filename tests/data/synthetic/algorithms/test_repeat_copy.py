import numpy as np
import pytest

from zoo.data.synthetic.algorithms.repeat_copy import DEVIATION, MEAN, draw


def test_numbers_are_standardized():
    numbers = np.arange(1, 11)
    assert numbers.mean() == MEAN and numbers.std() == pytest.approx(DEVIATION)


@pytest.mark.parametrize("size", [1, 3, 10])
def test_the_asked_is_what_the_input_asks_for(random, size):
    found = set()
    for _ in range(60):
        inputs, targets, weights = draw(size, 4, random)
        for frames, wanted, asked in zip(inputs, targets, weights, strict=True):
            (delimiter,) = np.flatnonzero(frames[:, 8])
            assert delimiter == size and not frames[delimiter, :8].any()
            times = round(float(frames[delimiter, 8]) * 8.25**0.5 + 5.5)
            said = [[*vector, 0] for _ in range(times) for vector in frames[:delimiter, :8]] + [[0] * 8 + [1]]
            assert wanted[asked == 1].tolist() == said
            assert not asked[: delimiter + 1].any()
            found.add(times)
    assert found == set(range(1, 11))


def test_repeats_that_training_never_saw_are_numbers_on_the_same_scale(random):
    inputs, _, _ = draw(2, 3, random, repeats=(20, 20))
    assert inputs.shape[1] == 2 + 2 * 20 + 2
    np.testing.assert_allclose(inputs[:, 2, 8], (20 - 5.5) / np.sqrt(8.25), rtol=1e-6)


@pytest.mark.parametrize("repeats", [(0, 3), (4, 3)])
def test_repeats_out_of_order(random, repeats):
    with pytest.raises(ValueError, match="Repeats are 1 <= fewest <= most. Received"):
        draw(2, 3, random, repeats=repeats)
