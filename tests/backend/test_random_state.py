import keras
import numpy as np
import pytest

from zoo.backend.random_state import random_state, restore_random_state

pytestmark = pytest.mark.each_backend


def test_dropout_draws_again_what_it_drew():
    """Of a layer without a seed: torch draws it from the global generator, the other backends from a variable."""
    layer = keras.layers.Dropout(0.5)
    ones, variables = np.ones((4, 50), "float32"), [layer.seed_generator.state]

    def draw():
        return keras.ops.convert_to_numpy(layer(ones, training=True))

    states, seeds = random_state(), [keras.ops.convert_to_numpy(variable) for variable in variables]
    first, second = draw(), draw()
    for variable, seed in zip(variables, seeds, strict=True):
        variable.assign(seed)
    restore_random_state(states)
    np.testing.assert_array_equal(draw(), first)
    assert not np.array_equal(first, second)
    assert bool(states) == (keras.backend.backend() == "torch")
