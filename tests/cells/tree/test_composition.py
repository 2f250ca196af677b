"""What holds for every way to make a node."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy
from tests.cells.tree.forest import UNITS, built
from zoo.cells.tree import COMPOSITIONS
from zoo.cells.tree.composition import Composition

EACH = pytest.mark.parametrize("name", COMPOSITIONS)


@EACH
def test_any_number_of_nodes_is_made_at_once(name):
    composition, entries = built(name)
    leaves = composition.leaf(ops.convert_to_tensor(entries))
    assert tuple(leaves.shape) == (len(entries), composition.state_size)
    children = draw(3, 2, 2, composition.state_size)
    together = numpy(composition.compose(ops.convert_to_tensor(children)))
    assert together.shape == (3, 2, composition.state_size)
    for place in np.ndindex(3, 2):
        alone = numpy(composition(ops.convert_to_tensor(children[place])))
        np.testing.assert_allclose(together[place], alone, rtol=1e-5, atol=1e-6)


@EACH
def test_a_missing_child_gives_no_trouble(name):
    """Idle lanes of the loop make nodes of nothing."""
    composition, _ = built(name)
    assert np.isfinite(numpy(composition(ops.zeros((1, 2, composition.state_size))))).all()


@EACH
def test_words_start_small_and_as_wide_as_a_words_entry(name):
    composition = COMPOSITIONS[name](6)
    start = numpy(composition.words_start((50, composition.leaf_size), dtype="float32"))
    assert start.shape == (50, composition.leaf_size)
    vectors = start[:, :6]
    assert np.abs(vectors).max() <= 0.05 and vectors.std() > 0.02


@EACH
def test_its_configuration_makes_it_again(name):
    composition, entries = built(name, name="again", dtype="mixed_bfloat16")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(composition))
    assert type(again) is type(composition)
    assert again.get_config() == composition.get_config()
    again.set_weights(composition.get_weights())
    words = ops.convert_to_tensor(entries, dtype="bfloat16")
    one, other = (ops.cast(made.leaf(words), "float32") for made in (composition, again))
    np.testing.assert_array_equal(numpy(one), numpy(other))


@EACH
def test_no_units_is_an_error(name):
    with pytest.raises(ValueError, match=r"`units` must be at least 1. Received: units=0"):
        COMPOSITIONS[name](0)


@EACH
def test_words_of_another_width_are_for_the_lstms_alone(name):
    assert COMPOSITIONS[name](UNITS, embedding_size=UNITS).embedding_size == UNITS
    if "lstm" in name:
        composition, entries = built(name, embedding_size=5)
        assert entries.shape[1] == composition.leaf_size == 5
        assert composition.leaf(ops.convert_to_tensor(entries)).shape[1] == composition.state_size == 2 * UNITS
    else:
        with pytest.raises(ValueError, match="leave `embedding_size` out. Received: units=3, embedding_size=5"):
            COMPOSITIONS[name](UNITS, embedding_size=5)


def test_what_says_not_how_nodes_are_made_is_none():
    with pytest.raises(NotImplementedError):
        Composition(UNITS)(ops.zeros((1, 2, UNITS)))
