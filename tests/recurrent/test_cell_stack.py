"""Cells on top of each other, a step at a time, against one cell after another."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, with_drawn_weights
from zoo.cells import CELLS
from zoo.recurrent.cell_stack import CellStack

BATCH, STEPS, FEATURES, FED, UNITS = 2, 3, 4, 5, 3


def stack(cell="gru", **options):
    layer = CellStack(cell, UNITS, **options)
    layer.build((None, None, FEATURES), (None, FED))
    return with_drawn_weights(layer)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("residual", [False, True])
def test_a_step_is_its_cells_one_after_another(cell, residual):
    """The first reads what was known and what came back, joined."""
    layer = stack(cell, layers=3, residual=residual)
    sequences, fed = draw(BATCH, STEPS, FEATURES, seed=1), draw(BATCH, FED, seed=2)
    states = [[draw(BATCH, size, seed=7) for size in c.state_size] for c in layer.cells]
    given = keras.tree.map_structure(ops.convert_to_tensor, (fed, states))
    output, new = numpy(layer.step(layer.project(ops.convert_to_tensor(sequences))[:, 1], *given))
    expected = np.concatenate([sequences[:, 1], fed], axis=1)
    for n, c in enumerate(layer.cells):
        below = expected
        expected, after = numpy(c(ops.convert_to_tensor(below), list(map(ops.convert_to_tensor, states[n]))))
        expected = expected + below if residual and n else expected
        for one, other in zip(new[n], after, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(output, expected, rtol=1e-5, atol=1e-5)


def test_dropout_is_one_draw_for_all_steps_between_the_layers():
    layer = stack(layers=3, dropout=0.5)
    kept = numpy(layer.dropout_masks(200, training=True))
    assert [array.shape for array in kept] == [(200, UNITS)] * 2
    assert set(np.unique(kept)) == {0.0, 2.0}
    assert not np.array_equal(*kept)
    assert all((array == 1).all() for array in numpy(layer.dropout_masks(4, training=False)))
    # What is not kept of one layer does not reach the next.
    projected, fed = layer.project(draw(BATCH, FEATURES)), draw(BATCH, FED)
    states = layer.start(BATCH)
    nothing = [ops.zeros((BATCH, UNITS)), ops.ones((BATCH, UNITS))]
    _, (_, second, _) = layer.step(projected, fed, states, nothing)
    alone, _ = layer.cells[1](ops.zeros((BATCH, UNITS)), states[1])
    np.testing.assert_allclose(*numpy((second[0], alone)), atol=1e-6)


def test_it_starts_from_zeros():
    assert [[tuple(state.shape) for state in states] for states in stack("lstm", layers=2).start(7)] == [
        [(7, UNITS)] * 2
    ] * 2
    assert not any(np.any(state) for state in keras.tree.flatten(numpy(stack("lstm").start(7))))


def test_its_configuration_makes_it_again():
    layer = CellStack("peephole_lstm", UNITS, layers=2, residual=True, dropout=0.25, name="again")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    assert (len(again.cells), again.residual, again.dropouts[0].rate) == (2, True, 0.25)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"layers": 0}, "`layers` must be at least 1. Received: layers=0"),
        ({"cell": "grru"}, "Unknown cell: 'grru'. Did you mean 'gru'"),
        ({"units": 0}, "units"),
        ({"layers": 2, "dropout": 1.5}, "rate"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        CellStack(**wrong)
