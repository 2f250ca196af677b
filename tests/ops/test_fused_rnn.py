"""The fused kernels' own ways; that they equal the loop is proved where they are used, in `tests/recurrent`."""

import keras
import pytest
from keras import ops

from zoo.ops import fused_rnn


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
def test_gates_saturate_in_every_precision():
    for dtype in ("float16", "bfloat16", "float32"):
        opened, closed = (
            ops.sigmoid(ops.convert_to_tensor([sign * fused_rnn.SATURATED], dtype=dtype)) for sign in (1.0, -1.0)
        )
        assert (float(opened[0]), float(closed[0])) == (1.0, 0.0)
