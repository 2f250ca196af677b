"""How decoders that attend are compared: with their float64 loops, and their call with their steps."""

import numpy as np
from keras import ops

from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.gradients import gradients, weighed, weight_gradients
from tests.reference import attention as matches
from tests.reference import cells

BATCH, STEPS, PLACES, FEATURES, UNITS, WIDTH = 3, 4, 5, 2, 3, 4
LENGTHS = [5, 2, 3]
MASK = np.arange(PLACES) < np.array(LENGTHS)[:, None]


def built(layer):
    layer.build((None, None, FEATURES), (None, None, WIDTH))
    return with_drawn_weights(layer)


def arrays():
    """Sequences, memory with poison on its padding, and the start of one state."""
    memory = np.where(MASK[..., None], draw(BATCH, PLACES, WIDTH, seed=2), 50.0).astype("float32")
    return draw(BATCH, STEPS, FEATURES, seed=1), memory, draw(BATCH, UNITS, seed=3)


def started(layer, state):
    """Every state of every layer, drawn from one array."""
    stack = layer.cells
    sizes = (
        [len(cell.state_size) for cell in stack.cells]
        if hasattr(stack, "cells")
        else [len(s[0]) for s in stack.start(1)]
    )
    return [[state * (1 + n - part / 2) for part in range(count)] for n, count in enumerate(sizes)]


def called(layer, sequences, memory, state, training=False):
    outputs, trace = layer(sequences, memory, ops.convert_to_tensor(MASK), started(layer, state), training=training)
    return outputs, trace["alignment"]


def stepped(layer, sequences, memory, state):
    prepared = layer.prepare(memory, ops.convert_to_tensor(MASK))
    state, outputs, alignments = layer.start(started(layer, state), prepared), [], []
    for t in range(STEPS):
        output, state, trace = layer.step(sequences[:, t], state, prepared)
        outputs.append(output)
        alignments.append(trace["alignment"])
    return ops.stack(outputs, axis=1), ops.stack(alignments, axis=1)


def assert_agrees(layer, decoder, cell, match, **options):
    """With a single layer of a cell of a single state, row by row without padding."""
    built(layer)
    sequences, memory, state = arrays()
    outputs, alignments = numpy(called(layer, *map(ops.convert_to_tensor, (sequences, memory, state))))
    for row, length in enumerate(LENGTHS):
        expected, weights = decoder(
            sequences[row],
            memory[row, :length],
            list(map(float, state[row])),
            cell=getattr(cells, cell),
            match=getattr(matches, match),
            cell_weights=weights_by_name(layer.cells),
            match_weights=weights_by_name(layer.attention.matches[0]),
            combine=weights_by_name(layer.combine),
            **options,
        )
        np.testing.assert_allclose(outputs[row], expected, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(alignments[row, :, :length], weights, rtol=1e-5, atol=1e-5)
        assert (alignments[row, :, length:] == 0).all()


def assert_call_is_stepping(layer):
    """In values, and in gradients by inputs and by weights."""
    built(layer)
    inputs = arrays()
    weigh = draw(BATCH, STEPS, UNITS, seed=5)
    for one, other in zip(
        *(numpy(way(layer, *map(ops.convert_to_tensor, inputs))) for way in (called, stepped)), strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)

    def loss(way, *values):
        outputs, alignments = way(layer, *values)
        return weighed(outputs, weigh) + ops.sum(alignments**2)

    found = [gradients(lambda *values, w=way: loss(w, *values), *inputs)[1] for way in (called, stepped)]
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
    values = list(map(ops.convert_to_tensor, inputs))
    one, other = (
        weight_gradients(lambda w=way: loss(w, *values), layer.trainable_weights)[1] for way in (called, stepped)
    )
    for name, gradient in one.items():
        assert np.abs(gradient).max() > 0, name
        np.testing.assert_allclose(other[name], gradient, rtol=1e-4, atol=1e-5, err_msg=name)
