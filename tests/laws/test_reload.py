"""Saved here, loaded in fresh processes: the same outputs on every backend, so TensorFlow equals JAX as well."""

import importlib.util
import os
import subprocess
import sys
from dataclasses import replace

import keras
import numpy as np
import pytest

from tests.conftest import ROOT
from tests.laws.batches import batch
from tests.laws.entries import EACH, ENTRIES
from tests.laws.reload import said

pytestmark = pytest.mark.each_backend
BACKENDS = [name for name in ("tensorflow", "jax") if importlib.util.find_spec(name)]
if keras.backend.backend() not in BACKENDS:
    BACKENDS.append(keras.backend.backend())
WORDS = ENTRIES["crf_tagger"]["words"]
# Dropouts must not act in what is loaded.
SAVED = {**dict(EACH), "dropouts": replace(WORDS, arguments={**WORDS.arguments, "dropout": 0.3, "token_dropout": 0.3})}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Saves every model and runs one process a backend on them all, side by side."""
    folder = tmp_path_factory.mktemp("saved")
    for name, entry in SAVED.items():
        model = entry.built()
        inputs = batch(entry, model).inputs
        np.savez(folder / f"{name}.npz", **inputs)
        np.savez(folder / f"{name}.expected.npz", **said(model, inputs))
        model.save(folder / f"{name}.keras")
    command = [sys.executable, "-m", "tests.laws.reload", str(folder)]
    environment = {**os.environ, "JAX_DISABLE_MOST_OPTIMIZATIONS": "true"}  # results matter here, not speed
    running = [
        subprocess.Popen(command, cwd=ROOT, env={**environment, "KERAS_BACKEND": backend}, stderr=subprocess.PIPE)
        for backend in BACKENDS
    ]
    for process in running:
        _, errors = process.communicate()
        assert process.returncode == 0, errors.decode()[-2000:]
    return folder


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", SAVED)
def test_a_saved_model_says_the_same_in_a_fresh_process(folder, name, backend):
    with np.load(folder / f"{name}.expected.npz") as expected, np.load(folder / f"{name}.{backend}.npz") as found:
        assert set(found) == set(expected)
        for key in expected:
            assert np.abs(expected[key]).max() > 0
            np.testing.assert_allclose(found[key], expected[key], atol=1e-5, rtol=1e-5, err_msg=key)
