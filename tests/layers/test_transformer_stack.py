import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, with_drawn_weights
from tests.gradients import gradients
from tests.layers.test_transformer_block import by_path
from tests.reference import transformer as reference
from zoo.layers.transformer_stack import TransformerStack

ROWS, STEPS, PLACES, UNITS = 3, 4, 5, 6
LENGTHS, PLACES_READ = [4, 2, 0], [5, 2, 0]
MASK = np.arange(STEPS) < np.array(LENGTHS)[:, None]
MEMORY_MASK = np.arange(PLACES) < np.array(PLACES_READ)[:, None]
SIZES = {"layers": 2, "heads": 2, "feed_forward": 8}


def built(**options):
    stack = TransformerStack(UNITS, **SIZES, **options, name="stack")
    stack.build((None, None, UNITS), (None, None, UNITS) if options.get("reads_memory") else None)
    return with_drawn_weights(stack)


@pytest.mark.parametrize("causal", [False, True])
def test_it_is_the_equations(causal):
    stack, vectors = built(causal=causal), draw(ROWS, STEPS, UNITS, seed=1)
    found = numpy(stack(ops.convert_to_tensor(vectors), ops.convert_to_tensor(MASK)))
    for row, length in enumerate(LENGTHS[:2]):
        may_see = reference.past if causal else reference.everything
        expected, _ = reference.stack(vectors[row, :length], by_path(stack), 2, may_see)
        np.testing.assert_allclose(found[row, :length], expected, rtol=1e-4, atol=1e-4)
    assert (found[~MASK] == 0).all()


def test_with_a_memory_it_tells_where_the_last_block_looked():
    stack, vectors, memory = built(causal=True, reads_memory=True), draw(ROWS, STEPS, UNITS), draw(ROWS, PLACES, UNITS)
    found, alignment = numpy(
        stack(ops.convert_to_tensor(vectors), memory=memory, memory_mask=ops.convert_to_tensor(MEMORY_MASK))
    )
    for row, length in enumerate(PLACES_READ[:2]):
        expected, shares = reference.stack(vectors[row], by_path(stack), 2, reference.past, memory[row, :length])
        np.testing.assert_allclose(found[row], expected, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(alignment[row, :, :length], shares, rtol=1e-4, atol=1e-5)
    assert (alignment[~np.broadcast_to(MEMORY_MASK[:, None], alignment.shape)] == 0).all()
    assert np.isfinite(found).all()


@pytest.mark.parametrize("causal", [False, True])
def test_derivatives_by_what_may_not_be_seen_are_exactly_zero(causal):
    stack, mask = built(causal=causal), ops.convert_to_tensor(MASK)
    for step in range(2):
        _, (reach,) = gradients(lambda v, step=step: ops.sum(stack(v, mask)[:, step]), draw(ROWS, STEPS, UNITS))
        seen = MASK & (np.arange(STEPS) <= step if causal else True)
        seen &= MASK[:, [step]]  # padding says zeros, whatever there is
        np.testing.assert_array_equal(np.abs(reach).max(-1) > 0, seen)


def test_padding_may_hold_anything():
    stack, vectors = built(), draw(ROWS, STEPS, UNITS)
    clean, poisoned = (
        numpy(stack(ops.convert_to_tensor(np.where(MASK[..., None], vectors, filling).astype("float32")), MASK))
        for filling in (0.0, 1e4)
    )
    np.testing.assert_array_equal(clean, poisoned)


def test_no_mask_rides_on_what_it_says():
    inputs = keras.Input((None, UNITS)), keras.Input((None,), dtype="bool")
    outputs = TransformerStack(UNITS, **SIZES)(*inputs)
    assert getattr(outputs, "_keras_mask", None) is None
    assert outputs.shape == (None, None, UNITS)


def test_the_inner_layers_are_four_times_as_wide_unless_told_otherwise():
    stack = TransformerStack(UNITS, layers=1, heads=2)
    assert stack.blocks[0].expand.units == 4 * UNITS


def test_it_comes_back_from_its_configuration():
    stack = built(causal=True, nonlinearity="gelu", positions="learned", maximum_length=7)
    again = TransformerStack.from_config(stack.get_config())
    assert again.get_config() == stack.get_config()
    again.build((None, None, UNITS))
    again.set_weights(stack.get_weights())
    vectors = ops.convert_to_tensor(draw(ROWS, STEPS, UNITS))
    np.testing.assert_array_equal(numpy(again(vectors)), numpy(stack(vectors)))


def test_no_more_steps_than_places_were_learned():
    stack = built(positions="learned", maximum_length=7)
    assert stack.start(ROWS, 7)["position"].shape == (ROWS,)
    with pytest.raises(ValueError, match="Positions are learned for 7 steps. Received: 8"):
        stack.start(ROWS, 8)
    with pytest.raises(ValueError, match="at least one layer. Received: layers=0"):
        TransformerStack(UNITS, layers=0, heads=2)
