"""The loops and a search on JAX, in a process of its own, wherever `make test` runs on TensorFlow.

`make test-all` runs the tests of every layer, cell, model and decoder on each backend; this is the part of it that is
quick. Saved models meet JAX in `test_reload.py`.
"""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

LOOPS = (
    "tests/ops/test_scan.py",
    "tests/ops/test_while_scan.py",
    "tests/ops/test_tree_scan.py",
    "tests/ops/test_lstm.py",
)
CHECKED = (
    *LOOPS,
    "tests/backend/test_dtype_policy.py",
    "tests/backend/test_without_gradients.py",
    "tests/decoding/test_greedy.py",
)


@pytest.mark.tensorflow
def test_loops_and_a_search_hold_on_jax():
    """About 20 s of processor time, most of it XLA's."""
    command = [sys.executable, "-m", "pytest", *CHECKED, "-m", "each_backend and not slow", "-p", "no:cacheprovider"]
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    run = subprocess.run(
        [*command, "--tb=short"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-6000:]
    assert " passed" in run.stdout
    assert " skipped" not in run.stdout
