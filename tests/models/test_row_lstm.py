"""It reads a triangle above a pixel, which layers and convolution widen; the paper's setting."""

import numpy as np

import zoo
from tests.models.base.test_pixel_model import built, reached

WIDTH = 6


def triangle(place, further):
    """Pixels that one layer reaches: it is fed one late, so place (r, c) holds the pixel before it; in each row above
    the state's neighbourhood is a column wider on both sides, and the input's reaches `further` to the left."""
    row, column = divmod(place, WIDTH)
    seen = np.zeros(36, bool)
    for up in range(row + 1):
        for other in range(column - up - further, column + up + 1):
            if 0 <= other < WIDTH and (up or other <= column):
                seen[(row - up) * WIDTH + other - 1] = (row - up) * WIDTH + other >= 1
    return seen


def test_one_layer_reads_a_triangle():
    model, places = built("row_lstm", kernel=1, layers=1), [1, 8, 22, 33]
    for place, seen in zip(places, reached(model, places), strict=True):
        np.testing.assert_array_equal(seen, triangle(place, further=1), err_msg=str(place))


def test_layers_and_the_convolution_widen_it():
    def count(**options):
        return reached(built("row_lstm", **options), [22]).sum()

    alone = count(kernel=1, layers=1)
    assert alone < count(kernel=1, layers=2) <= 22
    assert alone < count(kernel=5, layers=1) <= 22


def test_the_papers_setting():
    model = zoo.build("van_den_oord_2016_row")
    assert len(model.stack.layers) == 7
    assert model.maximum_target == 784
    # By hand: convolution, then per layer input (two taps), state (three), projection; two layers before the scores.
    layer = (2 * 32 + 1) * 64 + 3 * 16 * 64 + (16 + 1) * 32
    assert model.count_params() == (3 * 7 + 4 + 1) * 32 + 7 * layer + (32 + 1) * 32 + 33
