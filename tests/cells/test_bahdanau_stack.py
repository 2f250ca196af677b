"""Looking before the step: its equations, its steps, its dropout."""

import numpy as np
import pytest
from keras import ops

from tests.cells.decoders import UNITS, arrays, assert_agrees, assert_call_is_stepping, built, called
from tests.cells.oracle import numpy
from tests.reference.decoders import bahdanau
from zoo.cells.bahdanau_stack import BahdanauStack


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
