"""Layers of recurrences composed by hand, in both directions, with what stands between them."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, with_drawn_weights
from zoo.cells import CELLS
from zoo.recurrent.recurrent_stack import RecurrentStack

FEATURES, UNITS, STEPS = 3, 2, 4
LENGTHS = [4, 2, 0]
MASK = np.arange(STEPS) < np.array(LENGTHS)[:, None]
BOTH_KINDS = pytest.mark.parametrize("cell", ["gru", "simplified_gru"])


def stack(cell="gru", features=FEATURES, **options):
    return with_drawn_weights(RecurrentStack(cell, UNITS, **options), (None, None, features))


def rows(features=FEATURES):
    return np.where(MASK[..., None], draw(len(LENGTHS), STEPS, features), np.nan).astype("float32")


def normalized(sequences, layer):
    """Layer normalisation in NumPy."""
    scale, shift = map(ops.convert_to_numpy, (layer.gamma, layer.beta))
    centred = sequences - sequences.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + layer.epsilon) * scale + shift


@BOTH_KINDS
@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("layer_normalization", [False, True])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_it_is_its_layers_one_after_another(cell, residual, layer_normalization, bidirectional):
    options = {"residual": residual, "layer_normalization": layer_normalization, "bidirectional": bidirectional}
    layer = stack(cell, layers=2, **options)
    sequences = rows()
    outputs, states = numpy(layer(sequences, mask=MASK))
    expected = np.where(MASK[..., None], sequences, 0)
    for n, directions in enumerate(layer.directions):
        read = normalized(expected, layer.normalizations[n]) if layer_normalization else expected
        halves = [numpy(direction(read.astype("float32"), mask=MASK)) for direction in directions]
        joined = np.concatenate([half[0] for half in halves], axis=-1)
        if residual:
            kernel = ops.convert_to_numpy(layer.projection.kernel)
            joined = joined + (expected @ kernel if n == 0 else expected)
        expected = joined
        for half, state in zip(halves, states[n], strict=True):
            np.testing.assert_allclose(state[0], half[1][0], atol=1e-5)
    assert outputs.shape == (len(LENGTHS), STEPS, UNITS * (1 + bidirectional))
    np.testing.assert_allclose(outputs, expected, atol=1e-5)
    assert (outputs[~MASK] == 0).all()


def test_equal_widths_are_added_without_a_projection():
    layer = stack(features=UNITS, residual=True)
    sequences = rows(UNITS)
    outputs = ops.convert_to_numpy(layer(sequences, mask=MASK)[0])
    alone = ops.convert_to_numpy(layer.directions[0][0](np.nan_to_num(sequences), mask=MASK)[0])
    assert layer.projection is None
    np.testing.assert_allclose(outputs, alone + np.nan_to_num(sequences), atol=1e-6)


@BOTH_KINDS
def test_both_directions_read_every_row_as_if_it_were_alone(cell):
    layer = stack(cell, layers=2, bidirectional=True, residual=True, layer_normalization=True)
    sequences = rows()
    together, _ = numpy(layer(sequences, mask=MASK))
    for row, length in enumerate(LENGTHS[:-1]):
        alone, _ = numpy(layer(sequences[row : row + 1, :length]))
        np.testing.assert_allclose(together[row, :length], alone[0], atol=1e-5)


@pytest.mark.parametrize(("cell", "count"), [("lstm", 2), ("coupled_lstm", 2), ("gru", 1), ("elman", 1)])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_states_are_listed_by_layer_and_direction(cell, count, bidirectional):
    _, states = stack(cell, layers=3, bidirectional=bidirectional)(np.nan_to_num(rows()), mask=MASK)
    shapes = [[[tuple(tensor.shape) for tensor in state] for state in layer] for layer in states]
    assert shapes == [[[(len(LENGTHS), UNITS)] * count] * (1 + bidirectional)] * 3


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_what_is_told_beforehand_is_what_comes(cell, dtype):
    layer = RecurrentStack(cell, UNITS, layers=2, bidirectional=True, residual=True, dtype=dtype)
    told = layer(keras.Input((STEPS, FEATURES), len(LENGTHS)))
    found = layer(np.nan_to_num(rows()), mask=MASK)
    keras.tree.assert_same_structure(told, found)
    for spec, tensor in zip(keras.tree.flatten(told), keras.tree.flatten(found), strict=True):
        assert spec.shape == tuple(tensor.shape) and spec.dtype == keras.backend.standardize_dtype(tensor.dtype)


@BOTH_KINDS
def test_going_on_from_its_states_is_reading_at_once(cell):
    layer = stack(cell, layers=2)
    sequences = draw(2, STEPS, FEATURES)
    outputs, last = numpy(layer(sequences))
    first, states = layer(sequences[:, :1])
    second, end = layer(sequences[:, 1:], initial_state=states)
    np.testing.assert_allclose(np.concatenate(numpy([first, second]), axis=1), outputs, atol=1e-5)
    for one, other in zip(keras.tree.flatten(numpy(end)), keras.tree.flatten(last), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.parametrize("cell", ["lstm", "gru", "simplified_gru"])
@pytest.mark.parametrize("options", [{}, {"residual": True, "layer_normalization": True, "dropout": 0.5}])
def test_going_step_by_step_is_reading_at_once(cell, options):
    """Outside of training: no step drops anything."""
    layer, sequences = stack(cell, layers=2, **options), draw(2, STEPS, FEATURES)
    outputs, last = numpy(layer(sequences, training=False))
    states = layer.start(2)
    keras.tree.assert_same_structure(states, last)
    for t in range(STEPS):
        output, states = layer.step(ops.convert_to_tensor(sequences[:, t]), states)
        np.testing.assert_allclose(ops.convert_to_numpy(output), outputs[:, t], rtol=1e-4, atol=1e-5)
    for one, other in zip(keras.tree.flatten(numpy(states)), keras.tree.flatten(last), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_both_directions_cannot_go_step_by_step():
    layer = stack(bidirectional=True)
    with pytest.raises(ValueError, match="A bidirectional stack reads the future and cannot go step by step"):
        layer.step(draw(2, FEATURES), layer.start(2))


def test_dropout_acts_in_training_only_and_keeps_the_mean():
    layer = stack("elman", dropout=0.5)
    sequences = draw(400, 1, FEATURES)
    plain = ops.convert_to_numpy(layer(sequences)[0])
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(sequences, training=False)[0]), plain)
    dropped = ops.convert_to_numpy(layer(sequences, training=True)[0])
    kept = dropped != 0
    assert 0.4 < kept.mean() < 0.6
    np.testing.assert_allclose(dropped[kept], 2 * plain[kept], rtol=1e-5)


def test_its_configuration_makes_it_again():
    options = {"layers": 2, "bidirectional": True, "residual": True, "dropout": 0.25, "layer_normalization": True}
    layer = RecurrentStack("irnn", UNITS, **options, name="again")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    for made in (layer, again):
        made.build((None, None, FEATURES))
    assert [weight.path for weight in again.weights] == [weight.path for weight in layer.weights]
    assert again.dropouts[1].rate == 0.25


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"layers": 0}, "`layers` must be at least 1. Received: layers=0"),
        ({"dropout": 1.0}, r"`dropout` is a rate in \[0, 1\). Received: dropout=1.0"),
        ({"dropout": -0.1}, r"dropout=-0.1"),
        ({"cell": "grru"}, "Unknown cell: 'grru'. Did you mean 'gru'"),
        ({"units": 0}, "units"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        RecurrentStack(**wrong)
