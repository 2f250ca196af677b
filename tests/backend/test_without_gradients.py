import keras
import numpy as np
import pytest
from keras import ops

from tests.gradients import weight_gradients
from zoo.backend.without_gradients import without_gradients
from zoo.ops.while_scan import while_scan

pytestmark = pytest.mark.each_backend


class Counting(keras.Model):
    """A layer of weights, and a count of its calls."""

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(2)
        self.dense.build((None, 2))
        self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False)
        self.built = True

    def call(self, inputs):
        self.calls.assign(self.calls + 1)
        return ops.tanh(self.dense(inputs)) + self.calls


def test_no_gradient_and_no_assignment_leaves_it():
    """Beside the same model not frozen, whose own gradient still flows; with a loop that cannot be differentiated."""
    model, inputs = Counting(), ops.ones((3, 2))

    def loop():
        step = lambda carry, t: (ops.tanh(model.dense(carry)), carry)  # noqa: E731
        return while_scan(step, model(inputs), 4, lambda carry: ops.all(carry < 1e9))[0]

    def plain():
        return ops.sum(ops.square(model.dense(inputs)))

    def both():
        with without_gradients(model):
            constant = loop()
        return plain() + ops.sum(constant) * plain()

    with without_gradients(model):
        inside = ops.convert_to_numpy(loop())
    assert float(model.calls) == 0
    value, found = weight_gradients(both, model.trainable_variables)
    assert float(model.calls) == 0
    alone, expected = weight_gradients(plain, model.trainable_variables)
    np.testing.assert_allclose(value, alone * (1 + inside.sum()), rtol=1e-5)
    for name, gradient in expected.items():
        assert np.abs(gradient).max() > 0.01
        np.testing.assert_allclose(found[name], gradient * (1 + inside.sum()), rtol=1e-4, err_msg=name)
    model(inputs)
    assert float(model.calls) == 1


def test_inside_the_weights_are_those_of_now():
    model, inputs = Counting(), ops.ones((3, 2))
    for _ in range(2):
        model.dense.kernel.assign(model.dense.kernel + 1.0)
        with without_gradients(model):
            found = ops.convert_to_numpy(model.dense(inputs))
        np.testing.assert_allclose(found, ops.convert_to_numpy(model.dense(inputs)), rtol=1e-6)
