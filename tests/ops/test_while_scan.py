"""The loop of generation against a plain Python loop: values, early stop, structures, XLA."""

import keras
import numpy as np
import pytest
from keras import ops

from zoo.ops.while_scan import while_scan

pytestmark = pytest.mark.each_backend
BATCH, UNITS, LENGTH = 3, 2, 6
START = np.random.default_rng(0).normal(size=(BATCH, UNITS)).astype("float32")
ENDS = np.array([2, 4, 1], "int32")


def step(carry, t):
    """Carries a dict of a state and a pair; says a dict of a list and a scalar a row: other structures and dtypes."""
    state, (left, count) = carry["state"], carry["others"]
    state = ops.tanh(2.0 * state) + ops.cast(t, "float32")
    left = left - 1
    new = {"state": state, "others": (left, count + t)}
    return new, {"list": [state * state, left], "sum": ops.sum(state, axis=-1) > 0}


def going(carry):
    return ops.any(carry["others"][0] > 0)


def carry(ends):
    return {
        "state": ops.convert_to_tensor(START),
        "others": (ops.convert_to_tensor(ends), ops.convert_to_tensor(np.int32(0))),
    }


def loop(ends):
    """The same in NumPy."""
    state, left, count, t = START.astype("float64"), ends.copy(), 0, 0
    squares, lefts = np.zeros((LENGTH, BATCH, UNITS)), np.zeros((LENGTH, BATCH), "int32")
    sums = np.zeros((LENGTH, BATCH), "bool")
    while t < LENGTH and (t == 0 or (left > 0).any()):
        state = np.tanh(2.0 * state) + t
        left, count = left - 1, count + t
        squares[t], lefts[t], sums[t] = state * state, left, state.sum(-1) > 0
        t += 1
    return state, left, count, squares, lefts, sums


def run(ends, compile_with=None):
    def whole(ends):
        last, said = while_scan(
            step, {"state": ops.convert_to_tensor(START), "others": (ends, ops.zeros((), "int32"))}, LENGTH, going
        )
        return [last["state"], *last["others"], *said["list"], said["sum"]]

    whole = whole if compile_with is None else compile_with(whole)
    return [ops.convert_to_numpy(tensor) for tensor in whole(ops.convert_to_tensor(ends))]


@pytest.mark.parametrize("ends", [ENDS, np.array([1, 1, 1], "int32"), np.array([99, 1, 1], "int32")], ids=str)
def test_it_is_a_python_loop_that_stops_early_and_leaves_zeros(ends):
    for found, expected in zip(run(ends), loop(ends), strict=True):
        assert found.shape == np.shape(expected)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_steps_after_the_end_are_not_run():
    """A step that must not come would leave its trace in the carry."""
    last, said = while_scan(step, carry(ENDS), LENGTH, going)
    assert ops.convert_to_numpy(last["others"][1]) == sum(range(ENDS.max()))
    assert (ops.convert_to_numpy(said["list"][0])[ENDS.max() :] == 0).all()


def test_dtypes_and_structures_are_those_of_the_step():
    last, said = while_scan(step, carry(ENDS), LENGTH, going)
    keras.tree.assert_same_structure(last, carry(ENDS))
    assert set(said) == {"list", "sum"}
    dtypes = [keras.backend.standardize_dtype(tensor.dtype) for tensor in (*said["list"], said["sum"])]
    assert dtypes == ["float32", "int32", "bool"]


@pytest.mark.tensorflow
@pytest.mark.parametrize("jit_compile", [False, True])
def test_it_runs_in_a_graph_whose_batch_is_not_known(jit_compile):
    import tensorflow as tf

    signature = [tf.TensorSpec([None], "int32")]

    def compiled(whole):
        return tf.function(whole, jit_compile=jit_compile, **({} if jit_compile else {"input_signature": signature}))

    for found, expected in zip(run(ENDS, compiled), loop(ENDS), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_within_a_model_it_is_compiled_with_it():
    class Doubling(keras.layers.Layer):
        def call(self, numbers):
            def double(carry, t):
                return carry * 2, carry

            _, said = while_scan(double, numbers, 5, lambda carry: ops.any(carry < 10))
            return ops.transpose(said)

    inputs = keras.Input(())
    model = keras.Model(inputs, Doubling()(inputs))
    found = model.predict(np.array([1.0, 3.0], "float32"), verbose=0)
    np.testing.assert_array_equal(found, [[1, 2, 4, 8, 0], [3, 6, 12, 24, 0]])
