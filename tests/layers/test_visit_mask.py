"""Where a pointer may go, against a walk over all ways."""

import itertools

import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import numpy
from tests.reference.pointer import END, FIRST, allowed
from zoo.layers.visit_mask import VISITS, VisitMask

PLACES, START = 4, 2
LENGTHS = (3, 1, 0)
MASK = np.arange(PLACES) < np.array(LENGTHS)[:, None]
EACH = pytest.mark.parametrize("rule", VISITS)


def free(row):
    """One row of what `VisitMask` gives, as ids."""
    return {END + number for number in np.flatnonzero(row)}


@EACH
def test_every_way_of_three_steps(rule):
    """All at once and step by step; rows of 3, 1 and no places."""
    layer = VisitMask(rule)
    for way in itertools.product(range(PLACES), repeat=3):
        tokens = np.array([[START, *(FIRST + min(place, max(count - 1, 0)) for place in way)] for count in LENGTHS])
        tokens[-1, 1:] = END  # there is nowhere to go
        tokens = tokens.astype("int32")
        found = numpy(layer(tokens, MASK))
        assert found.shape == (len(LENGTHS), 1 if rule == "any" else 4, 1 + PLACES)
        found = np.broadcast_to(found, (len(LENGTHS), 4, 1 + PLACES))
        state = layer.initial_state(ops.convert_to_tensor(MASK))
        assert bool(state) == (rule != "any")
        for step in range(4):
            state = layer.update(state, tokens[:, step])
            np.testing.assert_array_equal(numpy(layer.allowed(state, MASK)), found[:, step])
            for row, count in enumerate(LENGTHS):
                assert free(found[row, step]) == allowed(tokens[row, 1 : step + 1].tolist(), count, rule)


@EACH
def test_an_answer_breaks_the_rule_if_a_step_of_it_may_not_be_said(rule):
    layer = VisitMask(rule)
    for count in range(1, PLACES):
        for size in range(count + 2):
            for way in itertools.product(range(count), repeat=size):
                said = [*(FIRST + place for place in way), END]
                possible = all(said[step] in allowed(said[:step], count, rule) for step in range(len(said)))
                assert layer.is_violated_by(way, count) != possible


@EACH
def test_something_may_always_be_said(rule):
    tokens = np.array([[START, FIRST, FIRST + 1, FIRST + 2, END, 0]], "int32")
    for count in range(PLACES):
        assert numpy(VisitMask(rule)(tokens, np.arange(PLACES)[None] < count)).any(-1).all()
