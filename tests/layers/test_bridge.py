import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, with_drawn_weights
from zoo.layers.bridge import Bridge, ConcatEveryStep

SIZES = [[3, 3], [2]]


def test_every_state_has_its_part_of_the_projection():
    layer = with_drawn_weights(Bridge(SIZES), (None, 5))
    vector = draw(2, 5)
    states = numpy(layer(vector))
    kernel, bias = layer.projection.get_weights()
    expected = np.tanh(vector @ kernel + bias)
    assert [[state.shape[1] for state in of_layer] for of_layer in states] == SIZES
    np.testing.assert_allclose(np.concatenate([*states[0], *states[1]], axis=1), expected, rtol=1e-5, atol=1e-6)
    assert layer.compute_output_shape((2, 5)) == [[(2, 3), (2, 3)], [(2, 2)]]


def test_its_configuration_makes_it_again():
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(Bridge(SIZES)))
    assert again.sizes == SIZES


@pytest.mark.parametrize("steps", [None, 4])
def test_a_vector_is_joined_to_every_step(steps):
    shape = (2, 3) if steps is None else (2, steps, 3)
    sequences, vector = draw(*shape), draw(2, 2, seed=1)
    found = ops.convert_to_numpy(ConcatEveryStep()(sequences, vector))
    np.testing.assert_array_equal(found[..., :3], sequences)
    expected = vector if steps is None else np.repeat(vector[:, None], steps, axis=1)
    np.testing.assert_array_equal(found[..., 3:], expected)
