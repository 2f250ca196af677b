"""What differs by backend - the loops, decoding, training, saving - on JAX too, in one process of its own.

`make laws` holds everything on every backend that is installed; this is the part of it that `make test` can afford.
"""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

# In parts, so that cores share them.
CHECKED = {
    "loops_and_decoding": (
        "tests/ops/test_scan.py",
        "tests/ops/test_unfold.py",
        "tests/ops/test_trees.py",
        "tests/ops/test_precision.py",
        "tests/cells/test_recursion.py",
        "tests/layers/test_match.py",
        "tests/decoding/test_decoder.py",
        "tests/decoding/test_beam_search.py",
        "tests/decoding/test_greedy.py",
    ),
    "laws": ("tests/laws/test_laws.py",),
    "regimes": (
        "tests/ops/test_frozen.py",
        "tests/ops/test_host.py",
        "tests/training/test_regime.py",
        "tests/training/test_rewards.py",
    ),
}


@pytest.mark.parametrize("part", CHECKED)
@pytest.mark.tensorflow
@pytest.mark.slow
def test_what_differs_by_backend_holds_on_jax(part):
    command = [
        sys.executable,
        "-m",
        "pytest",
        *CHECKED[part],
        "-m",
        "each_backend",
        "-p",
        "no:cacheprovider",
        "--tb=short",
    ]
    # Most of the time is XLA's own; the laws are about results, not speed.
    environment = {**os.environ, "KERAS_BACKEND": "jax", "JAX_DISABLE_MOST_OPTIMIZATIONS": "true"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-6000:]
    assert " passed" in run.stdout
    assert " skipped" not in run.stdout
