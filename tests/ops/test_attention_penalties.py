"""Penalties on attention against their float64 loops, which know no padding."""

import numpy as np
import pytest
from keras import ops

from tests.gradients import gradients
from tests.reference.penalties import BY_NAME
from zoo.ops.attention_penalties import PENALTIES

STEPS, PLACES = 4, 5
TIMES, LENGTHS = (4, 2, 3), (5, 3, 1)
REAL = (np.arange(STEPS) < np.array(TIMES)[:, None]).astype("float32")
MASK = np.arange(PLACES) < np.array(LENGTHS)[:, None]
EACH = pytest.mark.parametrize("name", PENALTIES)


def drawn(seed, filling):
    """Alignments; what stands at padded steps and places is the filling."""
    real = MASK[:, None] & (REAL[..., None] > 0)
    weights = np.where(real, np.random.default_rng(seed).gamma(0.5, size=real.shape), 0)
    total = weights.sum(-1, keepdims=True)
    return np.where(real, weights / np.where(total, total, 1), filling).astype("float32")


def given(name, filling=0.0):
    """What a penalty is called with; of what is wanted, the second step of each example is not told."""
    alignment = drawn(1, filling)
    if name != "supervised":
        return (alignment,)
    wanted = drawn(2, filling)
    wanted[:, 1] = np.where(MASK, 0, filling)
    return alignment, wanted


def asked(name, alignment, *wanted):
    return PENALTIES[name](alignment, ops.convert_to_tensor(REAL), ops.convert_to_tensor(MASK), *wanted)


def cut(array):
    return [one[:steps, :places] for one, steps, places in zip(array, TIMES, LENGTHS, strict=True)]


@EACH
@pytest.mark.parametrize("filling", [0.0, 0.7, np.nan])
def test_agrees_with_the_equation_whatever_stands_in_padding(name, filling):
    expected = BY_NAME[name](*map(cut, given(name)))
    found = asked(name, *map(ops.convert_to_tensor, given(name, filling)))
    assert expected > 0.05
    assert float(found) == pytest.approx(expected, rel=1e-5, abs=1e-6)


@EACH
def test_padding_has_no_gradient(name):
    alignment, *wanted = given(name, 0.7)
    _, (gradient,) = gradients(lambda array: asked(name, array, *wanted), alignment)
    real = MASK[:, None] & (REAL[..., None] > 0)
    assert (gradient[~real] == 0).all()
    assert np.abs(gradient[real]).max() > 0
    assert np.isfinite(gradient).all()


@EACH
def test_a_batch_of_padding_alone_costs_nothing(name):
    nothing = np.zeros_like(REAL)
    assert float(PENALTIES[name](given(name)[0], nothing, MASK, *given(name)[1:])) == 0
    assert float(PENALTIES[name](given(name)[0], REAL, MASK & False, *given(name)[1:])) == 0


def test_what_they_ask_for_costs_nothing():
    """Each place once, sharply, where it is told."""
    alignment = np.eye(3, dtype="float32")[None]
    steps, places = np.ones((1, 3), "float32"), np.ones((1, 3), bool)
    for name in PENALTIES:
        wanted = [alignment] if name == "supervised" else []
        assert float(PENALTIES[name](alignment, steps, places, *wanted)) == pytest.approx(0, abs=1e-6), name
