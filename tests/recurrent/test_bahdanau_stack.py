"""Looking before the step: its equations, its steps, its dropout."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import numpy, weights_by_name
from tests.recurrent.decoders import (
    BATCH,
    LENGTHS,
    MASK,
    STEPS,
    UNITS,
    arrays,
    assert_agrees,
    assert_call_is_stepping,
    built,
    called,
    started,
)
from tests.reference import attention as matches
from tests.reference import cells
from tests.reference.decoders import bahdanau
from zoo.recurrent.bahdanau_stack import BahdanauStack


def stack(cell="gru", match="additive", heads=1, **options):
    return BahdanauStack(cell, UNITS, attention=match, attention_units=6, heads=heads, **options)


@pytest.mark.parametrize(
    ("cell", "match"),
    [("elman", "additive"), ("gru", "location"), ("gru_reset_before", "general"), ("irnn", "coverage")],
)
def test_agrees_with_the_equations(cell, match):
    assert_agrees(stack(cell, match), bahdanau, cell, match)


@pytest.mark.parametrize(
    ("cell", "match", "options"),
    [
        ("lstm", "location", {"layers": 2, "residual": True}),
        ("gru", "dot", {"layers": 3}),
        ("jordan", "cosine", {"heads": 2}),
        ("gru", "additive", {"gated": True}),
    ],
)
def test_call_is_stepping(cell, match, options):
    assert_call_is_stepping(stack(cell, match, **options))


def test_dropout_acts_in_training_only():
    layer, inputs = built(stack(layers=2, dropout=0.5)), list(map(ops.convert_to_tensor, arrays()))
    plain, _ = numpy(called(layer, *inputs))
    first, _ = numpy(called(layer, *inputs, training=True))
    again, _ = numpy(called(layer, *inputs, training=True))
    np.testing.assert_array_equal(plain, numpy(called(layer, *inputs))[0])
    assert 0.2 < (first == 0).mean() < 0.8
    assert not np.array_equal(first, again)
    assert (plain != 0).all()


def test_the_gate_agrees_with_the_equations_and_is_told():
    layer = built(stack("gru", "additive", gated=True))
    sequences, memory, state = arrays()
    states = started(layer, state)
    given = map(ops.convert_to_tensor, (sequences, memory, MASK))
    outputs, trace = numpy(layer(*given, states))
    assert set(trace) == {"alignment", "gate"} and trace["gate"].shape == (BATCH, STEPS)
    for row, length in enumerate(LENGTHS):
        expected = bahdanau(
            sequences[row],
            memory[row, :length],
            list(map(float, state[row])),
            cell=cells.gru,
            match=matches.additive,
            cell_weights=weights_by_name(layer.cells),
            match_weights=weights_by_name(layer.attention.matches[0]),
            combine=weights_by_name(layer.combine),
            gate=weights_by_name(layer.gate),
        )
        found = outputs[row], trace["alignment"][row, :, :length], trace["gate"][row]
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)
    prepared = layer.prepare(ops.convert_to_tensor(memory), ops.convert_to_tensor(MASK))
    _, _, first = layer.step(
        ops.convert_to_tensor(sequences[:, 0]),
        layer.start(keras.tree.map_structure(ops.convert_to_tensor, states), prepared),
        prepared,
    )
    np.testing.assert_allclose(numpy(first["gate"]), trace["gate"][:, 0], rtol=1e-5, atol=1e-6)


def test_a_shut_gate_lets_nothing_of_the_memory_through():
    layer = built(stack("gru", "additive", gated=True))
    layer.gate.kernel.assign(np.zeros((UNITS, 1)))
    sequences, memory, state = arrays()
    said = {}
    for bias in (-50.0, 50.0):
        layer.gate.bias.assign(np.array([bias]))
        said[bias] = [
            numpy(layer(sequences, seen, ops.convert_to_tensor(MASK), started(layer, state))[0])
            for seen in (memory, 2 * memory)
        ]
    np.testing.assert_array_equal(*said[-50.0])
    assert np.abs(np.subtract(*said[50.0])).max() > 1e-2
