"""How a cell is compared with its float64 loop: drawn weights, copied by name, one row at a time."""

import keras
import numpy as np
from keras import ops

FEATURES, UNITS, STEPS, BATCH = 3, 4, 6, 2


def draw(*shape, seed=0, scale=1.0):
    return (np.random.default_rng(seed).normal(size=shape) * scale).astype("float32")


def with_drawn_weights(layer, shape=(BATCH, FEATURES)):
    """Builds a layer if need be and draws every weight, so that no zero hides a wrong term."""
    if not layer.built:
        layer.build(shape)
    for number, weight in enumerate(layer.weights):
        weight.assign(draw(*weight.shape, seed=100 + number, scale=0.7))
    return layer


def weights_by_name(layer):
    return {weight.name: np.asarray(ops.convert_to_numpy(weight.value), "float64") for weight in layer.weights}


def numpy(nested):
    return keras.tree.map_structure(ops.convert_to_numpy, nested)


def walk(cell, inputs, states):
    """Runs a cell over (B, S, D) step by step: outputs (B, S, O) and the states after every step."""
    outputs, after = [], []
    for t in range(inputs.shape[1]):
        output, states = cell(ops.convert_to_tensor(inputs[:, t]), states)
        outputs.append(ops.convert_to_numpy(output))
        after.append(numpy(states))
    return np.stack(outputs, axis=1), after


def assert_agrees(cell, reference):
    """Outputs of every step from a drawn start, and states in the middle: going on from them gives the same end."""
    with_drawn_weights(cell)
    inputs = draw(BATCH, STEPS, FEATURES, seed=1)
    start = [draw(BATCH, size, seed=2 + n) for n, size in enumerate(cell.state_size)]
    outputs, after = walk(cell, inputs, [ops.convert_to_tensor(state) for state in start])
    weights = weights_by_name(cell)
    middle = STEPS // 2
    for row in range(BATCH):
        expected = reference(inputs[row], weights, *[state[row] for state in start])
        np.testing.assert_allclose(outputs[row], expected, rtol=1e-5, atol=1e-5)
        rest = reference(inputs[row, middle:], weights, *[state[row] for state in after[middle - 1]])
        np.testing.assert_allclose(rest, expected[middle:], rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(after[-1][0][row], expected[-1], rtol=1e-5, atol=1e-5)


def assert_equals_stock(cell, stock):
    """The same weights in a layer of Keras' own give the same outputs and last states."""
    with_drawn_weights(cell)
    stock.build((BATCH, STEPS, FEATURES))
    stock.set_weights(cell.get_weights())
    inputs = draw(BATCH, STEPS, FEATURES, seed=1)
    start = [draw(BATCH, size, seed=2 + n) for n, size in enumerate(cell.state_size)]
    outputs, after = walk(cell, inputs, [ops.convert_to_tensor(state) for state in start])
    expected, *last = numpy(stock(inputs, initial_state=start))
    np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-5)
    for found, of_stock in zip(after[-1], last, strict=True):
        np.testing.assert_allclose(found, of_stock, rtol=1e-5, atol=1e-5)
