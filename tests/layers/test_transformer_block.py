import math

import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, with_drawn_weights
from tests.gradients import gradients, weighed
from tests.reference import transformer as reference
from zoo.layers.transformer_block import TransformerBlock

ROWS, STEPS, PLACES, UNITS, WIDTH = 2, 4, 3, 6, 5
CAUSAL = np.tril(np.ones((1, STEPS, STEPS), bool))
MEMORY_SEEN = np.array([[[True, True, True]], [[True, False, False]]])


def built(reads_memory=False, **options):
    block = TransformerBlock(UNITS, 2, 8, reads_memory=reads_memory, name="block", **options)
    block.build((None, None, UNITS), WIDTH if reads_memory else None)
    return with_drawn_weights(block)


def by_path(layer):
    """Weights by their paths within a layer."""
    return {
        weight.path.split(f"{layer.name}/", 1)[-1]: np.asarray(numpy(weight.value), "float64")
        for weight in layer.weights
    }


def kept(block):
    return block.project_memory(ops.convert_to_tensor(draw(ROWS, PLACES, WIDTH, seed=5)))


def called(block, vectors, seen=CAUSAL):
    memory = (kept(block), ops.convert_to_tensor(MEMORY_SEEN)) if block.reads_memory else ()
    return numpy(block(ops.convert_to_tensor(vectors), ops.convert_to_tensor(seen), *memory))


@pytest.mark.parametrize("causal", [False, True])
def test_it_is_the_equation(causal):
    block, vectors = built(), draw(ROWS, STEPS, UNITS, seed=1)
    found, _ = called(block, vectors, CAUSAL if causal else np.ones_like(CAUSAL))
    may_see = reference.past if causal else reference.everything
    for row in range(ROWS):
        expected, _ = reference.block(vectors[row], by_path(block), may_see)
        np.testing.assert_allclose(found[row], expected, rtol=1e-4, atol=1e-4)


def test_with_a_memory_it_is_the_equation():
    block, vectors = built(reads_memory=True), draw(ROWS, STEPS, UNITS, seed=1)
    found, alignment = called(block, vectors)
    for row, length in enumerate((3, 1)):
        memory = draw(ROWS, PLACES, WIDTH, seed=5)[row, :length]
        expected, shares = reference.block(vectors[row], by_path(block), reference.past, memory)
        np.testing.assert_allclose(found[row], expected, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(alignment[row, :, :length], shares, rtol=1e-4, atol=1e-5)
        assert (alignment[row, :, length:] == 0).all()


def test_the_other_nonlinearity():
    block, vectors = built(nonlinearity="gelu"), draw(1, STEPS, UNITS, seed=1)
    expected, _ = reference.block(
        vectors[0], by_path(block), reference.past, inner=lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2
    )
    np.testing.assert_allclose(called(block, vectors)[0][0], expected, rtol=1e-4, atol=1e-4)


@pytest.mark.each_backend
@pytest.mark.parametrize("room", [STEPS, STEPS + 3])
@pytest.mark.parametrize("reads_memory", [False, True])
def test_steps_are_the_whole_whatever_room_there_is(reads_memory, room):
    """In values and in gradients by what comes in."""
    block, vectors = built(reads_memory), draw(ROWS, STEPS, UNITS, seed=1)
    weigh = draw(ROWS, STEPS, UNITS, seed=7)
    memory = (kept(block), ops.convert_to_tensor(MEMORY_SEEN)) if reads_memory else ()

    def whole(vectors):
        return block(vectors, ops.convert_to_tensor(CAUSAL), *memory)[0]

    def stepwise(vectors):
        state, said = block.start(ROWS, room), []
        for t in range(STEPS):
            position = ops.full((ROWS,), t, dtype="int32")
            one, state, _ = block.step(vectors[:, t], state, position, *memory)
            said.append(one)
        return ops.stack(said, axis=1)

    value, (gradient,) = gradients(lambda v: weighed(whole(v), weigh), vectors)
    found, (by_steps,) = gradients(lambda v: weighed(stepwise(v), weigh), vectors)
    assert found == pytest.approx(value, rel=1e-4)
    assert np.abs(gradient).max() > 1e-3
    np.testing.assert_allclose(by_steps, gradient, rtol=1e-4, atol=1e-4)


def test_rows_may_stand_at_places_of_their_own():
    block, vectors = built(), draw(ROWS, STEPS, UNITS, seed=1)
    expected = called(block, vectors)[0]
    state = block.start(ROWS, STEPS)
    for t in range(3):  # the second row waits at its first place
        position = np.array([t, 0], "int32")
        here = ops.convert_to_tensor(vectors[[0, 1], position])
        found, state, _ = block.step(here, state, ops.convert_to_tensor(position))
    np.testing.assert_allclose(numpy(found), expected[[0, 1], [2, 0]], rtol=1e-4, atol=1e-5)


def test_what_it_adds_is_dropped_in_training_alone():
    block, vectors = built(dropout=0.5), ops.convert_to_tensor(draw(ROWS, STEPS, UNITS, seed=1))
    seen = ops.convert_to_tensor(CAUSAL)
    once, again, trained = (numpy(block(vectors, seen, training=training)[0]) for training in (False, False, True))
    np.testing.assert_array_equal(once, again)
    assert np.abs(once - trained).max() > 0.1


def test_an_unknown_nonlinearity_is_an_error():
    with pytest.raises(ValueError, match="Unknown nonlinearity: 'rely'. Did you mean 'relu'"):
        built(nonlinearity="rely")
