"""One layer reads every pixel before; the paper's setting."""

import numpy as np

import zoo
from tests.models.base.test_pixel_model import built, reached


def test_one_layer_reads_every_pixel_before():
    model = built("diagonal_bilstm", kernel=1, layers=1)
    places = [1, 6, 8, 22, 35]
    np.testing.assert_array_equal(reached(model, places), np.arange(36) < np.array(places)[:, None])


def test_the_papers_setting():
    model = zoo.build("van_den_oord_2016_diagonal")
    assert len(model.stack.layers) == 7
    # By hand: convolution; per layer two LSTMs that read two states each, projection; two layers before the scores.
    layer = 2 * (32 + 2 * 16 + 1) * 64 + (16 + 1) * 32
    assert model.count_params() == (3 * 7 + 4 + 1) * 32 + 7 * layer + (32 + 1) * 32 + 33
