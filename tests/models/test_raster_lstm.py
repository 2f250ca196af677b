"""Along the line of its rows it reads everything, near or far."""

import numpy as np

import zoo
from tests.models.base.test_pixel_model import built, reached


def test_every_pixel_before_is_read_without_a_convolution():
    model = built("raster_lstm", kernel=1, layers=1)
    places = [1, 7, 20, 35]
    np.testing.assert_array_equal(reached(model, places), np.arange(36) < np.array(places)[:, None])


def test_its_size():
    """One LSTM of 4 on the convolution's 4, by hand: convolution of 1 x 1, gates, two layers of the read-out."""
    model = zoo.build("raster_lstm", picture_shape=(5, 5), units=4, layers=1, kernel=1)
    assert model.count_params() == (1 + 1) * 4 + (4 + 4 + 1) * 16 + (4 + 1) * 4 + (4 + 1)
