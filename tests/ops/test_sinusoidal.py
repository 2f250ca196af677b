import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import numpy
from tests.reference import transformer as reference
from zoo.ops.sinusoidal import sinusoidal


@pytest.mark.parametrize("width", [1, 4, 7])
def test_waves_are_the_papers(width):
    found = numpy(sinusoidal(ops.arange(60), width))
    np.testing.assert_allclose(found, reference.positions(60, width), atol=1e-5)


def test_every_place_is_read_by_itself():
    """Of any shape and in any order; far places, too."""
    places = np.array([[3, 0], [100_000, 3]], "int32")
    found = numpy(sinusoidal(ops.convert_to_tensor(places), 6))
    assert found.shape == (2, 2, 6)
    np.testing.assert_array_equal(found[0, 0], found[1, 1])
    assert (np.abs(found) <= 1).all()
    everywhere = numpy(sinusoidal(ops.arange(400), 16))
    distances = np.abs(everywhere[:, None] - everywhere[None]).max(-1)
    assert (distances[~np.eye(400, dtype=bool)] > 1e-3).all()  # no two places look alike
