import numpy as np
import pytest

from zoo.data.synthetic import adding


def test_target_is_the_sum_of_the_marked_values():
    for frames, target in adding.generate(200, length=31, seed=3):
        assert frames.shape == (31, 2) and frames.dtype == target.dtype == np.float32
        assert ((frames[:, 0] >= 0) & (frames[:, 0] < 1)).all()
        first, second = np.flatnonzero(frames[:, 1])
        assert first < 31 // 2 <= second and frames[:, 1].sum() == 2
        assert target.shape == (1,) and target[0] == frames[first, 0] + frames[second, 0]


def test_every_step_of_a_half_can_be_marked():
    marked = np.mean([frames[:, 1] for frames, _ in adding.generate(4000, length=5)], axis=0)
    np.testing.assert_allclose(marked, [1 / 2, 1 / 2, 1 / 3, 1 / 3, 1 / 3], atol=0.04)


def test_baseline_of_the_mean_is_a_sixth():
    targets = np.array([target[0] for _, target in adding.generate(20_000, length=4)])
    assert np.mean((targets - 1) ** 2) == pytest.approx(1 / 6, abs=0.005)


def test_lengths_vary_between_the_bounds():
    examples = adding.generate(300, length=8, minimum_length=2)
    assert {len(frames) for frames, _ in examples} == set(range(2, 9))
    assert all(frames[:, 1].sum() == 2 for frames, _ in examples)


@pytest.mark.parametrize("lengths", [{"length": 1}, {"length": 5, "minimum_length": 6}, {"minimum_length": 1}])
def test_a_half_without_a_step_is_an_error(lengths):
    with pytest.raises(ValueError, match="2 <= minimum_length <= length"):
        adding.generate(1, **lengths)
