"""Cells over time: each row as if it were alone, forward and in reverse, stock and own."""

import importlib

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.gradients import gradients, weight_gradients
from tests.reference import cells as reference
from zoo.cells import CELLS
from zoo.recurrent.recurrence import Recurrence

FEATURES, UNITS, STEPS = 3, 4, 5
LENGTHS = [5, 3, 1, 0]
MASK = np.arange(STEPS) < np.array(LENGTHS)[:, None]
EACH = pytest.mark.parametrize("cell", CELLS)
STOCK_AND_OWN = pytest.mark.parametrize("cell", ["lstm", "gru", "peephole_lstm", "gru_reset_before"])
BOTH_WAYS = pytest.mark.parametrize("reverse", [False, True])


def recurrence(cell, reverse=False):
    return with_drawn_weights(Recurrence(cell, UNITS, reverse=reverse), (None, None, FEATURES))


def rows():
    """Sequences of unequal length whose padding is far from zero."""
    return np.where(MASK[..., None], draw(len(LENGTHS), STEPS, FEATURES), 50.0).astype("float32")


def starts(layer, seed=20):
    sizes = layer.cell.state_size if layer.cell is not None else [UNITS] * (2 if layer.stock.name == "lstm" else 1)
    return [draw(len(LENGTHS), size, seed=seed + n) for n, size in enumerate(sizes)]


@EACH
@BOTH_WAYS
def test_every_row_is_read_as_the_equations_read_it_alone(cell, reverse):
    """Outputs, zeros on padding, and the state of the last real step, from a drawn start."""
    layer = recurrence(cell, reverse)
    sequences, start = rows(), starts(layer)
    outputs, last = numpy(layer(sequences, mask=MASK, initial_state=list(map(ops.convert_to_tensor, start))))
    weights = weights_by_name(layer)
    for row, length in enumerate(LENGTHS):
        real = sequences[row, :length]
        expected = getattr(reference, cell)(real[::-1] if reverse else real, weights, *[state[row] for state in start])
        np.testing.assert_allclose(outputs[row, :length], expected[::-1] if reverse else expected, atol=1e-5, rtol=1e-5)
        assert (outputs[row, length:] == 0).all()
        if length:
            np.testing.assert_allclose(last[0][row], expected[-1], atol=1e-5, rtol=1e-5)
        else:
            for found, given in zip(last, start, strict=True):
                np.testing.assert_array_equal(found[row], given[row])


@STOCK_AND_OWN
@BOTH_WAYS
def test_gradients_are_those_of_each_row_alone(cell, reverse):
    layer = recurrence(cell, reverse)
    sequences, start, weigh = rows(), starts(layer), draw(len(LENGTHS), STEPS, UNITS, seed=30)

    def loss(sequences, start, mask, weigh):
        outputs, last = layer(sequences, mask=ops.convert_to_tensor(mask), initial_state=start)
        return ops.sum(outputs * ops.convert_to_tensor(weigh)) + sum(ops.sum(state**2) for state in last)

    def of(row, length):
        cut = [
            array[row : row + 1, :length] if array.ndim == 3 else array[row : row + 1]
            for array in (sequences, weigh, *start)
        ]
        mask = np.ones((1, length), "bool")
        _, found = gradients(lambda sequence, *states: loss(sequence, list(states), mask, cut[1]), cut[0], *cut[2:])
        states = list(map(ops.convert_to_tensor, cut[2:]))
        _, by_weight = weight_gradients(
            lambda: loss(ops.convert_to_tensor(cut[0]), states, mask, cut[1]), layer.trainable_weights
        )
        return found, by_weight

    _, together = gradients(lambda x, *states: loss(x, list(states), MASK, weigh), sequences, *start)
    states = list(map(ops.convert_to_tensor, start))
    _, by_weight = weight_gradients(
        lambda: loss(ops.convert_to_tensor(sequences), states, MASK, weigh), layer.trainable_weights
    )
    assert (together[0][~MASK] == 0).all()
    summed = dict.fromkeys(by_weight, 0.0)
    for row, length in enumerate(LENGTHS[:-1]):
        found, alone = of(row, length)
        np.testing.assert_allclose(together[0][row, :length], found[0][0], atol=1e-5, rtol=1e-4)
        for one, other in zip(together[1:], found[1:], strict=True):
            np.testing.assert_allclose(one[row], other[0], atol=1e-5, rtol=1e-4)
        summed = {name: summed[name] + alone[name] for name in summed}
    for name, gradient in by_weight.items():
        np.testing.assert_allclose(gradient, summed[name], atol=1e-4, rtol=1e-4, err_msg=name)
    # The empty row hands its start through: the loss is the square of its states.
    for one, given in zip(together[1:], start, strict=True):
        np.testing.assert_allclose(one[-1], 2 * given[-1], rtol=1e-5)


@BOTH_WAYS
@pytest.mark.parametrize("start", [False, True])
def test_where_there_is_a_gpu_the_stock_lstm_says_the_same(reverse, start, monkeypatch):
    layer = recurrence("lstm", reverse)
    options = {"mask": MASK, "initial_state": list(map(ops.convert_to_tensor, starts(layer))) if start else None}
    expected = numpy(layer(rows(), **options))
    monkeypatch.setattr("zoo.recurrent.recurrence.has_gpu", lambda: True)
    found = numpy(layer(rows(), **options))
    for one, other in zip(keras.tree.flatten(found), keras.tree.flatten(expected), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


class Kernel:
    """Records the calls of a backend's fused kernel, and answers by `answer`."""

    def __init__(self, answer):
        self.answer, self.calls = answer, []

    def __call__(self, *arguments, **options):
        self.calls.append(arguments)
        return self.answer(*arguments, **options)


def fused_kernel(cell, monkeypatch):
    """The kernel that stands for this backend's, as if there were a GPU; None where there is none."""
    backend = keras.backend.backend()
    if backend == "torch":
        import torch

        kernel = Kernel(getattr(torch, cell))
        monkeypatch.setattr(torch, cell, kernel)
        return kernel
    if backend == "jax":
        from jax.experimental import rnn

        def reference(x, h, c, weights, lengths, *, input_size, hidden_size, num_layers, dropout, bidirectional):
            sizes = input_size, hidden_size, num_layers
            matrices = rnn.unpack_lstm_weights(weights, *sizes, bidirectional)
            return rnn.lstm_ref(x, h, c, *matrices, lengths, *sizes, dropout, bidirectional)

        kernel = Kernel(reference)
        monkeypatch.setattr("zoo.ops.fused_rnn.has_gpu", lambda: True)
        monkeypatch.setattr(rnn, "lstm", kernel)
        return kernel if cell == "lstm" else None
    import tensorflow as tf

    rnn = importlib.import_module("keras.src.backend.tensorflow.rnn")  # the package has a function of that name

    def absent(*_, **__):
        raise tf.errors.NotFoundError(None, None, "no such device")

    kernel = Kernel(absent)  # Keras then runs its loop
    monkeypatch.setattr("zoo.recurrent.recurrence.has_gpu", lambda: True)
    monkeypatch.setattr(rnn, "cudnn_ok", lambda *_, **__: True)
    monkeypatch.setattr(rnn, f"_cudnn_{cell}", kernel)
    return kernel


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@BOTH_WAYS
@pytest.mark.parametrize("start", [False, True])
def test_the_fused_kernel_is_taken_with_padding_and_equals_the_loop(cell, reverse, start, monkeypatch):
    layer = recurrence(cell, reverse)
    state = list(map(ops.convert_to_tensor, starts(layer))) if start else None
    zeros = [np.zeros((len(LENGTHS), UNITS), "float32")] * len(layer.state_size)
    kernel = fused_kernel(cell, monkeypatch)
    outputs, last = numpy(layer(rows(), mask=MASK, initial_state=state))
    assert kernel is None or len(kernel.calls) == 1
    weights = weights_by_name(layer)
    for row, length in enumerate(LENGTHS):
        real = rows()[row, :length]
        begin = [array[row] for array in (starts(layer) if start else zeros)]
        expected = getattr(reference, cell)(real[::-1] if reverse else real, weights, *begin)
        np.testing.assert_allclose(outputs[row, :length], expected[::-1] if reverse else expected, atol=1e-5, rtol=1e-5)
        np.testing.assert_allclose(last[0][row], expected[-1] if length else begin[0], atol=1e-5, rtol=1e-5)


@STOCK_AND_OWN
def test_reading_in_two_parts_is_reading_at_once(cell):
    layer = recurrence(cell)
    sequences = draw(2, STEPS, FEATURES)
    outputs, last = numpy(layer(sequences))
    first, state = layer(sequences[:, :2])
    second, end = layer(sequences[:, 2:], initial_state=state)
    np.testing.assert_allclose(np.concatenate(numpy([first, second]), axis=1), outputs, atol=1e-5)
    for one, other in zip(numpy(end), last, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


@EACH
def test_going_step_by_step_is_reading_at_once(cell):
    """From its own start, which is zeros, in outputs and states."""
    layer, sequences = recurrence(cell), draw(2, STEPS, FEATURES)
    outputs, last = numpy(layer(sequences))
    state = layer.start(2)
    assert not any(np.any(ops.convert_to_numpy(tensor)) for tensor in state)
    for t in range(STEPS):
        output, state = layer.step(ops.convert_to_tensor(sequences[:, t]), state)
        np.testing.assert_allclose(ops.convert_to_numpy(output), outputs[:, t], rtol=1e-5, atol=1e-5)
    assert len(state) == len(last)
    for one, other in zip(numpy(state), last, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


@STOCK_AND_OWN
@BOTH_WAYS
def test_an_empty_row_without_a_start_gives_zeros(cell, reverse):
    outputs, last = numpy(recurrence(cell, reverse)(rows(), mask=MASK))
    assert (outputs[-1] == 0).all()
    assert all((state[-1] == 0).all() for state in last)
    assert all((state[:-1] != 0).all() for state in last)


@STOCK_AND_OWN
def test_no_mask_means_that_every_step_is_real(cell):
    layer = recurrence(cell)
    sequences = draw(2, STEPS, FEATURES)
    without, given = layer(sequences), layer(sequences, mask=np.ones((2, STEPS), "bool"))
    np.testing.assert_array_equal(*numpy((without[0], given[0])))


@EACH
def test_its_configuration_makes_it_again(cell):
    layer = Recurrence(cell, UNITS, reverse=True, name="again")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    assert (again.units, again.reverse) == (UNITS, True)
    again.build((None, None, FEATURES))
    layer.build((None, None, FEATURES))
    assert [weight.shape for weight in again.weights] == [weight.shape for weight in layer.weights]


def test_an_unknown_cell_is_answered_with_the_closest():
    with pytest.raises(ValueError, match=r"Unknown cell: 'lsmt'. Did you mean.*'lstm'"):
        Recurrence("lsmt")


@STOCK_AND_OWN
def test_no_units_is_an_error(cell):
    with pytest.raises(ValueError, match="units"):
        Recurrence(cell, 0)
