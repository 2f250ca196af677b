"""Several replicas are in tests/training/test_strategies.py; here is what holds without them."""

import numpy as np
from keras import ops

from tests.gradients import gradients
from zoo.backend.replicas import all_reduce_sum, num_replicas


def test_alone_the_total_is_the_sum():
    values = np.arange(6, dtype="float32").reshape(2, 3)
    assert float(all_reduce_sum(ops.convert_to_tensor(values))) == 15.0 and num_replicas() == 1


def test_a_denominator_has_no_gradient():
    value, (found,) = gradients(lambda x: ops.sum(x) / all_reduce_sum(x), np.array([1.0, 2.0, 3.0], "float32"))
    assert value == 1.0
    np.testing.assert_allclose(found, np.full(3, 1 / 6), rtol=1e-6)
