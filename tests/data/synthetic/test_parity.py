import numpy as np
import pytest

from zoo.data.synthetic import parity


def test_target_is_the_parity_of_each_prefix():
    for frames, targets in parity.generate(50, length=17, minimum_length=3, seed=1):
        assert frames.shape == (len(targets), 1) and frames.dtype == np.float32 and targets.dtype == np.int32
        odd = False
        for bit, target in zip(frames[:, 0], targets, strict=True):
            odd ^= bool(bit)
            assert target == odd


def test_the_last_bits_say_nothing_about_the_parity():
    examples = parity.generate(8000, length=12)
    window = np.array([frames[-3:, 0] for frames, _ in examples]) @ [4, 2, 1]
    last = np.array([targets[-1] for _, targets in examples])
    for seen in range(8):
        assert last[window == seen].mean() == pytest.approx(0.5, abs=0.07)


def test_lengths_vary_between_the_bounds():
    assert {len(targets) for _, targets in parity.generate(200, length=6, minimum_length=1)} == set(range(1, 7))


@pytest.mark.parametrize("lengths", [{"length": 0}, {"length": 5, "minimum_length": 6}, {"minimum_length": 0}])
def test_an_empty_string_is_an_error(lengths):
    with pytest.raises(ValueError, match="1 <= minimum_length <= length"):
        parity.generate(1, **lengths)
