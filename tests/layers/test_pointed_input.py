import numpy as np

from tests.cells.oracle import draw, numpy, with_drawn_weights
from tests.gradients import gradients, weighed
from zoo.layers.pointed_input import FIRST, PointedInput

VECTORS = draw(2, 3, 4)
# The start, positions 2, 0 and 1, the end, padding, and a position that this source has not.
TOKENS = np.array([[2, FIRST + 2, FIRST, FIRST + 1], [2, 3, 0, FIRST + 9]], "int32")


def built():
    layer = PointedInput()
    layer.build((None, None), (None, None, 4))
    return with_drawn_weights(layer)


def test_what_was_pointed_at_comes_back():
    layer = built()
    found, (first,) = numpy(layer(TOKENS, VECTORS)), layer.get_weights()
    np.testing.assert_array_equal(found[0], [first, VECTORS[0, 2], VECTORS[0, 0], VECTORS[0, 1]])
    np.testing.assert_array_equal(found[1, :3], [first] * 3)
    assert np.isfinite(found).all()
    for step in range(4):
        np.testing.assert_array_equal(numpy(layer(TOKENS[:, step], VECTORS)), found[:, step])


def test_only_what_was_pointed_at_is_learned_from():
    layer, weigh = built(), draw(2, 4, 4, seed=5)
    _, (gradient,) = gradients(lambda vectors: weighed(layer(TOKENS[:, :3], vectors), weigh[:, :3]), VECTORS)
    np.testing.assert_allclose(gradient[0], [weigh[0, 2], 0 * weigh[0, 0], weigh[0, 1]], rtol=1e-6)
    assert (gradient[1] == 0).all()
