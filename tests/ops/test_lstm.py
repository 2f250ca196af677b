"""The written-out gradient against differentiation of the plain loop, and the values against Keras' layer."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.gradients import gradients, weighed
from zoo.ops.lstm import lstm

BATCH, STEPS, UNITS = 4, 6, 3
MASK = np.arange(STEPS) < np.array([[6], [3], [1], [0]])


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def plain(projected, kernel, h, c, reverse):
    """The same recurrence as a Python loop, differentiated by the backend."""
    outputs = [None] * STEPS
    for t in reversed(range(STEPS)) if reverse else range(STEPS):
        i, f, g, o = ops.split(projected[t] + ops.matmul(h, kernel), 4, axis=-1)
        new_c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
        new_h = ops.sigmoid(o) * ops.tanh(new_c)
        real = ops.convert_to_tensor(MASK[:, t : t + 1])
        outputs[t] = ops.where(real, new_h, ops.zeros_like(new_h))
        h, c = ops.where(real, new_h, h), ops.where(real, new_c, c)
    return ops.stack(outputs), h, c


def written_out(projected, kernel, h, c, reverse):
    outputs, h, c = lstm(projected, kernel, h, c, ops.convert_to_tensor(MASK.T), reverse=reverse)
    return ops.where(ops.convert_to_tensor(MASK.T[..., None]), outputs, ops.zeros_like(outputs)), h, c


ARGUMENTS = [
    numbers(STEPS, BATCH, 4 * UNITS),
    numbers(UNITS, 4 * UNITS, seed=1),
    numbers(BATCH, UNITS, seed=2),
    numbers(BATCH, UNITS, seed=3),
]


def score(function, reverse):
    """A number that depends on all three results, each with its own weights."""

    def scored(*arguments):
        weights = [numbers(STEPS, BATCH, UNITS, seed=4), numbers(BATCH, UNITS, seed=5), numbers(BATCH, UNITS, seed=6)]
        return sum(weighed(y, w) for y, w in zip(function(*arguments, reverse), weights, strict=True))

    return scored


@pytest.mark.each_backend
@pytest.mark.parametrize("reverse", [False, True])
def test_values_and_gradients_are_those_of_the_loop(reverse):
    value, found = gradients(score(written_out, reverse), *ARGUMENTS)
    true_value, expected = gradients(score(plain, reverse), *ARGUMENTS)
    np.testing.assert_allclose(value, true_value, rtol=1e-5)
    for got, true in zip(found, expected, strict=True):
        assert np.abs(true).max() > 0.1
        np.testing.assert_allclose(got, true, atol=1e-5)


def test_values_are_those_of_the_stock_layer():
    layer = keras.layers.LSTM(UNITS, return_sequences=True, return_state=True)
    inputs = numbers(BATCH, STEPS, 5)
    expected = [ops.convert_to_numpy(y) for y in layer(inputs)]
    cell = layer.cell
    projected = ops.transpose(ops.matmul(inputs, cell.kernel) + cell.bias, (1, 0, 2))
    zeros = ops.zeros((BATCH, UNITS))
    outputs, h, c = lstm(projected, cell.recurrent_kernel, zeros, zeros, ops.ones((STEPS, BATCH), dtype="bool"))
    for got, true in zip((ops.transpose(outputs, (1, 0, 2)), h, c), expected, strict=True):
        np.testing.assert_allclose(ops.convert_to_numpy(got), true, atol=1e-6)


PLACES, SHIFTS = 5, (-1, 0, 2)
# A place may begin late and end early, as in a skewed grid.
INSIDE = np.array(
    [[0, 0, 1, 1, 1], [1, 1, 1, 0, 1], [1, 1, 0, 0, 1], [1, 1, 1, 1, 1], [0, 1, 1, 1, 0], [1, 0, 1, 1, 1]]
)
BESIDE = [
    numbers(STEPS, BATCH, PLACES, 4 * UNITS),
    numbers(len(SHIFTS) * UNITS, 4 * UNITS, seed=1),
    numbers(BATCH, PLACES, UNITS, seed=2),
    numbers(BATCH, PLACES, UNITS, seed=3),
]


def plain_beside(projected, kernel, h, c, reverse):
    """Places that read their neighbours, one by one."""
    outputs = [None] * STEPS
    for t in reversed(range(STEPS)) if reverse else range(STEPS):
        new_h, new_c = [], []
        for place in range(PLACES):
            near = [h[:, place + shift] if 0 <= place + shift < PLACES else ops.zeros_like(h[:, 0]) for shift in SHIFTS]
            gates = projected[t][:, place] + ops.matmul(ops.concatenate(near, axis=-1), kernel)
            i, f, g, o = ops.split(gates, 4, axis=-1)
            memory = ops.sigmoid(f) * c[:, place] + ops.sigmoid(i) * ops.tanh(g)
            said = ops.sigmoid(o) * ops.tanh(memory)
            new_h.append(said if INSIDE[t, place] else h[:, place])
            new_c.append(memory if INSIDE[t, place] else c[:, place])
        h, c = ops.stack(new_h, axis=1), ops.stack(new_c, axis=1)
        outputs[t] = ops.multiply(h, INSIDE[t][:, None].astype("float32"))
    return ops.stack(outputs), h, c


def written_out_beside(projected, kernel, h, c, reverse):
    inside = ops.convert_to_tensor(INSIDE[:, None] == 1)
    outputs, h, c = lstm(projected, kernel, h, c, inside, reverse=reverse, shifts=SHIFTS)
    return ops.multiply(outputs, INSIDE[:, None, :, None].astype("float32")), h, c


@pytest.mark.each_backend
@pytest.mark.parametrize("reverse", [False, True])
def test_neighbours_are_read_and_get_their_gradients(reverse):
    def scored(function):
        shapes = [(STEPS, BATCH, PLACES, UNITS), (BATCH, PLACES, UNITS), (BATCH, PLACES, UNITS)]
        weights = [numbers(*shape, seed=4 + n) for n, shape in enumerate(shapes)]
        return lambda *given: sum(weighed(y, w) for y, w in zip(function(*given, reverse), weights, strict=True))

    value, found = gradients(scored(written_out_beside), *BESIDE)
    true_value, expected = gradients(scored(plain_beside), *BESIDE)
    np.testing.assert_allclose(value, true_value, rtol=1e-5)
    for got, true in zip(found, expected, strict=True):
        assert np.abs(true).max() > 0.1
        np.testing.assert_allclose(got, true, rtol=1e-4, atol=2e-5)
