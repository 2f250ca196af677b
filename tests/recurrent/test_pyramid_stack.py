"""Pairs of steps, layer by layer, against each layer walked by hand."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, with_drawn_weights
from tests.reference.decoders import pairs
from zoo.recurrent.pyramid_stack import PyramidStack

FEATURES, UNITS = 2, 3
LENGTHS = [7, 4, 1, 0]


def stack(layers=3, **options):
    layer = PyramidStack("gru", UNITS, layers=layers, **options)
    layer.build((None, None, FEATURES))
    return with_drawn_weights(layer)


def rows(steps, filling=0.0):
    mask = np.arange(steps) < np.array(LENGTHS)[:, None]
    drawn = np.zeros((len(LENGTHS), steps, FEATURES), "float32")
    drawn[:, :7] = draw(len(LENGTHS), 7, FEATURES)[:, :steps]
    return np.where(mask[..., None], drawn, filling).astype("float32"), mask


@pytest.mark.parametrize("bidirectional", [False, True])
def test_every_layer_reads_the_pairs_of_the_one_below(bidirectional):
    layer = stack(bidirectional=bidirectional)
    sequences, mask = rows(7)
    outputs, halved, states = numpy(layer(sequences, ops.convert_to_tensor(mask)))
    assert outputs.shape == (4, 2, UNITS * (1 + bidirectional))
    for row, length in enumerate(LENGTHS):
        expected = sequences[row, :length]
        for n, below in enumerate(layer.stacks):
            expected = pairs(expected) if n and len(expected) else expected
            if not len(expected):
                break
            expected, (last,) = numpy(below(expected[None].astype("float32")))
            expected = expected[0]
            for direction, of_direction in zip(last, states[n], strict=True):
                np.testing.assert_allclose(of_direction[0][row], direction[0][0], rtol=1e-5, atol=1e-5)
        real = [2, 1, 1, 0][row]
        assert halved[row].tolist() == [place < real for place in range(2)]
        if real:
            np.testing.assert_allclose(outputs[row, :real], expected, rtol=1e-5, atol=1e-5)
        assert (outputs[row, real:] == 0).all()


@pytest.mark.parametrize(("steps", "layers", "left"), [(1, 3, 1), (2, 2, 1), (5, 2, 3), (8, 4, 1), (9, 3, 3)])
def test_each_layer_but_the_first_halves_the_time_upwards(steps, layers, left):
    outputs, mask, _ = stack(layers)(draw(2, steps, FEATURES), np.ones((2, steps), "bool"))
    assert tuple(outputs.shape) == (2, left, 2 * UNITS)
    assert np.all(ops.convert_to_numpy(mask))
    assert mask.shape == (2, left)


@pytest.mark.parametrize("steps", [8, 10, 13])
def test_padding_changes_nothing_whatever_stands_in_it(steps):
    layer = stack()
    short, long = (numpy(layer(s, ops.convert_to_tensor(m))) for s, m in (rows(7), rows(steps, np.nan)))
    np.testing.assert_allclose(long[0][:, :2], short[0], rtol=1e-5, atol=1e-6)
    assert (long[0][:, 2:] == 0).all()
    np.testing.assert_array_equal(long[1].sum(1), short[1].sum(1))
    for one, other in zip(keras.tree.flatten(long[2]), keras.tree.flatten(short[2]), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_its_configuration_makes_it_again():
    layer = PyramidStack("irnn", UNITS, layers=2, bidirectional=False, dropout=0.25, name="again")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    assert [s.width for s in again.stacks] == [UNITS, UNITS]


def test_no_layers_are_an_error():
    with pytest.raises(ValueError, match="`layers` must be at least 1. Received: layers=0"):
        PyramidStack(layers=0)
