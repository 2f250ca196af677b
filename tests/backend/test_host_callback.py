import keras
import numpy as np
import pytest
from keras import ops

from tests.gradients import gradients
from zoo.backend.host_callback import host_callback

VALUES = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "float32")


@pytest.mark.each_backend
def test_the_answer_is_a_constant_of_what_the_function_saw():
    seen = []

    def judge(values, counts):
        seen.append((values, counts))
        return (np.sort(values, axis=1)[:, ::-1].sum(1) * counts).astype("float32")

    def loss(values):
        answer = host_callback(judge, (2,), values, ops.convert_to_tensor(np.array([2, 3], "int32")))
        return ops.sum(answer * ops.sum(values, axis=1))

    value, (found,) = gradients(loss, VALUES)
    assert value == 12 * 6 + 45 * 15
    np.testing.assert_array_equal(found, np.repeat([[12.0], [45.0]], 3, axis=1))  # of the second factor alone
    for values, counts in seen:
        assert type(values) is type(counts) is np.ndarray
        assert (values.dtype, counts.dtype) == ("float32", "int32")
        np.testing.assert_array_equal(values, VALUES)


class Judged(keras.Model):
    """Asks plain Python in the middle of a compiled step, with however many rows there are."""

    def call(self, inputs):
        return host_callback(lambda values: values.max(1, keepdims=True) - 1, (ops.shape(inputs)[0], 1), inputs) * 2


@pytest.mark.each_backend
def test_it_works_in_a_compiled_step():
    model = Judged()
    model.compile(jit_compile=False)
    found = model.predict(np.repeat(VALUES, 3, axis=0), batch_size=4, verbose=0)
    np.testing.assert_array_equal(found, np.repeat([[4.0], [10.0]], 3, axis=0))
