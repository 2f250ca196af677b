"""A long text in two batches is the same text in one; what begins, begins."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, with_drawn_weights
from tests.gradients import gradients
from zoo.recurrent.carried_stack import CarriedStack
from zoo.recurrent.recurrent_stack import RecurrentStack

ROWS, STEPS, FEATURES, UNITS = 3, 4, 2, 3
CELLS = pytest.mark.parametrize("cell", ["lstm", "gru", "peephole_lstm"])
ALL, NONE = np.ones(ROWS, "bool"), np.zeros(ROWS, "bool")


def stack(cell="lstm", rows=ROWS, **options):
    layer = CarriedStack(cell, UNITS, rows=rows, **{"layers": 2, **options})
    layer.build((None, None, FEATURES))
    drawn = with_drawn_weights(layer)
    for state in keras.tree.flatten(layer.carried):
        state.assign(np.zeros(state.shape))
    return drawn


def plain(layer, cell="lstm"):
    """The same weights in a stack that carries nothing."""
    alone = RecurrentStack(cell, UNITS, layers=2)
    alone.build((None, None, FEATURES))
    alone.set_weights([weight.numpy() if hasattr(weight, "numpy") else weight for weight in layer.trainable_weights])
    return alone


def read(layer, sequences, begins):
    return ops.convert_to_numpy(layer(ops.convert_to_tensor(sequences), ops.convert_to_tensor(begins))[0])


@CELLS
def test_two_halves_are_one_whole(cell):
    layer, sequences = stack(cell), draw(ROWS, STEPS, FEATURES)
    whole, _ = numpy(plain(layer, cell)(sequences))
    first, second = read(layer, sequences[:, :1], ALL), read(layer, sequences[:, 1:], NONE)
    np.testing.assert_allclose(np.concatenate([first, second], axis=1), whole, rtol=1e-5, atol=1e-5)


@CELLS
def test_a_row_that_begins_is_not_touched_by_what_was_before(cell):
    layer, sequences = stack(cell), draw(ROWS, STEPS, FEATURES)
    whole, _ = numpy(plain(layer, cell)(sequences))
    read(layer, draw(ROWS, 2, FEATURES, seed=9), ALL)
    begins = np.array([True, False, True])
    found = read(layer, sequences, begins)
    np.testing.assert_allclose(found[begins], whole[begins], rtol=1e-5, atol=1e-5)
    assert np.abs(found[~begins] - whole[~begins]).max() > 1e-3


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_batch_of_another_number_of_rows_is_read_all_the_same(count):
    """Fewer leave the others as they are; more are read, and what is beyond is not remembered."""
    layer = stack()
    read(layer, draw(ROWS, 2, FEATURES), ALL)
    before = numpy(layer.carried)
    sequences, begins = draw(count, STEPS, FEATURES, seed=4), np.ones(count, "bool")
    whole, states = numpy(plain(layer)(sequences))
    np.testing.assert_allclose(read(layer, sequences, begins), whole, rtol=1e-5, atol=1e-5)
    after, kept = numpy(layer.carried), min(count, ROWS)
    for layer_before, layer_after, ((*last,),) in zip(before, after, states, strict=True):
        for one, other, state in zip(layer_before, layer_after, last, strict=True):
            np.testing.assert_allclose(other[:kept], state[:kept], rtol=1e-5, atol=1e-5)
            np.testing.assert_array_equal(other[kept:], one[kept:])


def test_what_is_carried_is_saved_and_not_trained():
    layer = stack()
    read(layer, draw(ROWS, STEPS, FEATURES), ALL)
    carried = [weight.path for weight in keras.tree.flatten(layer.carried)]
    assert len(carried) == 4
    assert set(carried) == {weight.path for weight in layer.non_trainable_weights}
    again = stack()
    again.set_weights(layer.get_weights())
    sequences = draw(ROWS, STEPS, FEATURES, seed=3)
    np.testing.assert_array_equal(read(again, sequences, NONE), read(layer, sequences, NONE))


def test_no_gradient_goes_across():
    """By what was read in the batch before, even within one graph."""
    layer, begins, on = stack(), ops.convert_to_tensor(ALL), ops.convert_to_tensor(NONE)
    second = ops.convert_to_tensor(draw(ROWS, STEPS, FEATURES, seed=2))

    def losses(first):
        with keras.StatelessScope():
            own = ops.sum(layer(first, begins)[0])
            return own, ops.sum(layer(second, on)[0])

    first = draw(ROWS, STEPS, FEATURES, seed=1)
    value, (gradient,) = gradients(lambda values: losses(values)[1], first)
    assert (gradient == 0).all()
    assert gradients(lambda values: losses(values)[1], 2 * first)[0] != value  # though what is said depends on it
    _, (gradient,) = gradients(lambda values: losses(values)[0], first)
    assert (gradient != 0).any()


def test_its_configuration_makes_it_again():
    layer = CarriedStack("gru", UNITS, rows=7, layers=2, residual=True, dropout=0.25, layer_normalization=True)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    assert again.rows == 7


def test_no_rows_are_an_error():
    with pytest.raises(ValueError, match="`rows` must be at least 1. Received: rows=0"):
        CarriedStack(rows=0)
