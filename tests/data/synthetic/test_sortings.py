import numpy as np
import pytest

from zoo.data.synthetic.sortings import draw, generate


def test_positions_in_ascending_order(random):
    sources, orders = draw(100, 12, random)
    assert sources.shape == (100, 12, 1) and sources.dtype == "float32"
    assert sources.min() >= 0 and sources.max() < 1
    for numbers, order in zip(sources[..., 0].tolist(), orders.tolist(), strict=True):
        assert order == sorted(range(12), key=numbers.__getitem__)


def test_of_equal_numbers_the_first_comes_first():
    class Fixed(np.random.Generator):
        def random(self, size, dtype):
            return np.array([0.5, 0.25, 0.5, 0.25], dtype).reshape(size)

    assert draw(1, 4, Fixed(np.random.PCG64()))[1].tolist() == [[1, 3, 0, 2]]


def test_examples_of_all_sizes():
    examples = generate(500, points=(1, 4))
    assert {len(example["source"]) for example in examples} == {1, 2, 3, 4}
    assert all((np.diff(example["source"][example["target"], 0]) >= 0).all() for example in examples)
    assert all(sorted(example["target"]) == list(range(len(example["source"]))) for example in examples)


def test_sizes_out_of_range():
    with pytest.raises(ValueError, match="points=0"):
        generate(1, points=(0, 3))
    with pytest.raises(ValueError, match=r"points=\(3, 2\)"):
        generate(1, points=(3, 2))
