"""Saved here, loaded in fresh processes: the same outputs on every backend, so TensorFlow equals JAX as well."""

import functools
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
from tests.laws.entries import EACH, ENTRIES, LAST
from tests.laws.reload import said

pytestmark = pytest.mark.each_backend
BACKENDS = [name for name in ("tensorflow", "jax") if importlib.util.find_spec(name)]
if keras.backend.backend() not in BACKENDS:
    BACKENDS.append(keras.backend.backend())
WORDS = ENTRIES["crf_tagger"]["words"]
# Dropouts must not act in what is loaded.
DROPOUTS = replace(WORDS, arguments={**WORDS.arguments, "dropout": 0.3, "token_dropout": 0.3})
SAVED = {
    "one form of each model": {**{name: dict(EACH)[name] for name in LAST}, "dropouts": DROPOUTS},
    "other forms": {name: entry for name, entry in EACH if name not in LAST},
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The folder of a group: every model with its inputs and its outputs, saved once."""

    @functools.cache
    def folder_of(group):
        folder = tmp_path_factory.mktemp("saved")
        for name, entry in SAVED[group].items():
            model = entry.built()
            inputs = batch(entry, model).inputs
            np.savez(folder / f"{name}.npz", **inputs)
            np.savez(folder / f"{name}.expected.npz", **said(model, inputs))
            model.save(folder / f"{name}.keras")
        return folder

    return folder_of


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("group", ["one form of each model", pytest.param("other forms", marks=pytest.mark.slow)])
def test_saved_models_give_the_same_in_a_fresh_process(saved, group, backend):
    """One process for a whole group: importing a backend takes longer than any of these models."""
    folder = saved(group)
    command = [sys.executable, "-m", "tests.laws.reload", str(folder)]
    environment = {**os.environ, "KERAS_BACKEND": backend}
    process = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr[-2000:]
    for name in SAVED[group]:
        with np.load(folder / f"{name}.expected.npz") as expected, np.load(folder / f"{name}.{backend}.npz") as found:
            assert set(found) == set(expected), name
            for key in expected:
                assert np.abs(expected[key]).max() > 0, f"{name}: {key}"
                np.testing.assert_allclose(found[key], expected[key], atol=1e-5, rtol=1e-5, err_msg=f"{name}: {key}")
