"""The fused kernels' own ways; that they equal the loop is proved where they are used, in `tests/recurrent`."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw
from tests.gradients import gradients
from zoo.ops import fused_rnn

UNITS, FEATURES, STEPS = 3, 2, 4
MASK = np.arange(STEPS) < np.array([4, 2, 0])[:, None]
TORCH = pytest.mark.skipif(keras.backend.backend() != "torch", reason="the fused kernels that run without a GPU")


def test_which_backends_have_a_kernel_beside_keras_own(monkeypatch):
    backend = keras.backend.backend()
    for has_gpu in (False, True):
        monkeypatch.setattr(fused_rnn, "has_gpu", lambda has_gpu=has_gpu: has_gpu)
        known = {
            (cell, dtype)
            for cell in ("lstm", "gru")
            for dtype in ("float32", "bfloat16")
            if fused_rnn.can_fuse(cell, dtype)
        }
        single = {("lstm", "float32"), ("gru", "float32")}
        expected = {
            ("torch", False): single,
            ("torch", True): single | {("lstm", "bfloat16"), ("gru", "bfloat16")},
            ("jax", True): {("lstm", "float32")},
        }
        assert known == expected.get((backend, has_gpu), set())


@pytest.mark.each_backend
@TORCH
@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_padding_hands_states_and_gradients_on(cell):
    gates, states = {"lstm": (4, 2), "gru": (3, 1)}[cell]
    run = {"lstm": fused_rnn.fused_lstm, "gru": fused_rnn.fused_gru}[cell]
    bias = draw(gates * UNITS, seed=3) if cell == "lstm" else draw(2, gates * UNITS, seed=3)
    weights = draw(FEATURES, gates * UNITS, seed=1), draw(UNITS, gates * UNITS, seed=2), bias
    sequences = np.where(MASK[..., None], draw(len(MASK), STEPS, FEATURES), np.nan).astype("float32")
    start = [draw(len(MASK), UNITS, seed=4 + n) for n in range(states)]

    def last(x, *state):
        _, *states = run(x, ops.convert_to_tensor(MASK), *state, *map(ops.convert_to_tensor, weights))
        return sum(ops.sum(one * one) for one in states)

    _, (by_x, *by_start) = gradients(last, sequences, *start)
    assert np.isfinite(by_x).all() and (by_x[~MASK] == 0).all() and (by_x[MASK] != 0).all()
    for gradient, state in zip(by_start, start, strict=True):
        np.testing.assert_allclose(gradient[2], 2 * state[2], rtol=1e-6)  # the empty row


@pytest.mark.each_backend
def test_gates_saturate_in_every_precision():
    for dtype in ("float16", "bfloat16", "float32"):
        opened, closed = (
            ops.sigmoid(ops.convert_to_tensor([sign * fused_rnn.SATURATED], dtype=dtype)) for sign in (1.0, -1.0)
        )
        assert (float(opened[0]), float(closed[0])) == (1.0, 0.0)
