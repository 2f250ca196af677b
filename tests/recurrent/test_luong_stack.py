"""Stepping before looking: its equations with and without input feeding, its steps, its dropout."""

import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import numpy
from tests.recurrent.decoders import UNITS, arrays, assert_agrees, assert_call_is_stepping, built, called
from tests.reference.decoders import luong
from zoo.recurrent.luong_stack import LuongStack

FEEDING = pytest.mark.parametrize("input_feeding", [False, True])


def stack(cell="gru", match="general", heads=1, **options):
    return LuongStack(cell, UNITS, attention=match, attention_units=6, heads=heads, **options)


@FEEDING
@pytest.mark.parametrize(("cell", "match"), [("elman", "general"), ("gru", "location"), ("irnn", "coverage")])
def test_agrees_with_the_equations(cell, match, input_feeding):
    layer = stack(cell, match, input_feeding=input_feeding)
    assert_agrees(layer, luong, cell, match, input_feeding=input_feeding)


@FEEDING
@pytest.mark.parametrize(
    ("cell", "match", "options"),
    [("lstm", "location", {"layers": 2, "residual": True}), ("gru", "coverage", {"layers": 2, "heads": 2})],
)
def test_call_is_stepping(cell, match, options, input_feeding):
    assert_call_is_stepping(stack(cell, match, input_feeding=input_feeding, **options))


@FEEDING
def test_dropout_acts_in_training_only(input_feeding):
    layer = built(stack(layers=2, dropout=0.5, input_feeding=input_feeding))
    inputs = list(map(ops.convert_to_tensor, arrays()))
    plain, _ = numpy(called(layer, *inputs))
    first, _ = numpy(called(layer, *inputs, training=True))
    assert 0.2 < (first == 0).mean() < 0.8
    assert (plain != 0).all()
    np.testing.assert_array_equal(plain, numpy(called(layer, *inputs))[0])
