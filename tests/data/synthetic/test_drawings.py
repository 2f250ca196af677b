from itertools import pairwise

import numpy as np

from zoo.data.featurizers.drawings import UP, lines
from zoo.data.synthetic.drawings import ROUND, generate


def test_drawings_are_one_to_three_figures_in_a_row():
    numbers = set()
    for drawing in generate(200):
        assert drawing.dtype == np.float32 and drawing.shape[1] == 3
        assert 2 <= len(drawing) <= 29
        assert drawing[-1, 2] == UP
        found = lines(drawing)
        # A cross is two lines that overlap; figures are 10 apart and shaken by less.
        spans = sorted((line[:, 0].min(), line[:, 0].max()) for line in found)
        figures = 1 + sum(after[0] > before[1] for before, after in pairwise(spans))
        numbers.add(figures)
        assert len(found) <= 2 * figures
        assert all(10 < np.ptp(line, axis=0).max() < 60 for line in found)
    assert numbers == {1, 2, 3}


def test_every_figure_occurs():
    counts = {len(line) for drawing in generate(200) for line in lines(drawing)}
    # A line of a cross; a triangle; a square; a circle; zigzags of 3 to 6 points.
    assert counts == {2, 3, 4, 5, 6, ROUND + 1}
    closed = [line for drawing in generate(200) for line in lines(drawing) if len(line) == ROUND + 1]
    assert all(np.linalg.norm(line[0] - line[-1]) < 0.5 * np.ptp(line, axis=0).max() for line in closed)


def test_a_seed_decides():
    one, again, other = (np.concatenate(generate(5, seed=seed)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, again)
    assert one.shape != other.shape or not np.array_equal(one, other)
