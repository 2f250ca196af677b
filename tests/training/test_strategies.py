"""Two devices are a processor divided in two, in a process of its own: what is divided stays so."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest

from tests.conftest import ROOT
from zoo.data.batches.contiguous import ContiguousBatches
from zoo.data.batches.on_the_fly import FixedBatches, OnTheFlyBatches
from zoo.data.batches.padded import Batches
from zoo.training.strategies import PaddedBatches, check_strategy, describe_devices, distribution_scope

STRATEGY = {"tensorflow": "mirrored", "jax": "data_parallel"}


def trained(backend, devices, folder):
    """Weights and figures of the tasks of `divided.py`."""
    name = folder / f"{devices}"
    command = [sys.executable, "-m", "tests.training.divided", backend, str(devices), str(name)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return np.load(f"{name}.npz"), json.loads(name.with_suffix(".json").read_text())


@pytest.mark.slow
@pytest.mark.parametrize("backend", STRATEGY)
def test_two_devices_learn_what_one_does(tmp_path, backend):
    """Rows of 7 to a batch, of different lengths: what the devices have differs, and the mean over all must not."""
    (one, figures), (two, others) = (trained(backend, devices, tmp_path) for devices in (1, 2))
    resumed = {"jax": "language_model", "tensorflow": "surnames"}[backend]
    assert set(others) == {*figures, "resumed"} > {resumed}
    for name in one.files:
        np.testing.assert_allclose(two[name], one[name], atol=2e-5, err_msg=name)
    for task in figures:
        for mine, theirs in zip(figures[task], others[task], strict=True):
            assert mine == pytest.approx(theirs, abs=2e-5), task
    if backend == "tensorflow":
        assert (two["overflown"] == 1).all()  # one device's overflow is both devices': neither takes the step
        assert (two["afterwards"] < 1).all()
    # Stopped after an epoch and resumed, on two devices as on one.
    assert others["resumed"] == others[resumed]
    again = [name for name in two.files if name.startswith("resumed/")]
    assert again
    for name in again:
        np.testing.assert_array_equal(two[name], two[name.replace("resumed", resumed)])


def test_even_batches_are_filled_up_with_padding():
    batches = Batches({"tokens": [np.arange(1, n) for n in range(2, 9)]}, list(range(7)), batch_size=3, shuffle=True)
    shared = PaddedBatches(batches, 4)
    assert len(shared) == len(batches)
    for place in range(len(batches)):
        for mine, theirs in zip(shared[place], batches[place], strict=True):
            assert mine.shape == (4, *theirs.shape[1:]) and mine.dtype == theirs.dtype
            np.testing.assert_array_equal(mine[:3], theirs)
            assert not mine[3:].any()
    shared.epoch = 5
    assert batches.epoch == 5
    shared.on_epoch_end()
    assert batches.epoch == shared.epoch == 6


def test_rows_drawn_once_and_anew_are_shared():
    def draw(size, random):
        return random.normal(size=(3, size, 2)), random.normal(size=(3, size)), np.ones((3, size), "float32")

    fresh = OnTheFlyBatches(draw, sizes=(1, 2), batches=4, seed=1)
    for batches in (fresh, FixedBatches([draw(2, np.random.default_rng(0))])):
        for whole, shared in zip(batches[0], PaddedBatches(batches, 2)[0], strict=True):
            np.testing.assert_array_equal(shared[:3], whole)
            assert len(shared) == 4 and not shared[3:].any()
    PaddedBatches(fresh, 2).epoch = 7
    assert fresh.epoch == 7


def test_batches_that_cannot_be_shared():
    stream = ContiguousBatches(np.arange(1, 100), rows=3, steps=5)
    with pytest.raises(TypeError, match="Received: list. Train on one device: leave the strategy out"):
        PaddedBatches([], 2)
    if keras.backend.backend() == "jax":
        assert PaddedBatches(stream, 3)[0][1].shape == (3, 5)
        with pytest.raises(ValueError, match="Received: 3 rows for 2 devices. Choose a multiple"):
            PaddedBatches(stream, 2)
    else:
        with pytest.raises(TypeError, match="Received: ContiguousBatches"):
            PaddedBatches(stream, 3)


def test_strategies_of_other_backends():
    ours, other = STRATEGY[keras.backend.backend()], {"tensorflow": "jax", "jax": "tensorflow"}[keras.backend.backend()]
    check_strategy(ours)
    with pytest.raises(ValueError, match=f"one of the backend {other}.*choose this backend's own: {ours}"):
        check_strategy(STRATEGY[other])
    with pytest.raises(ValueError, match="Unknown strategy: 'mirored'. Did you mean 'mirrored'"):
        check_strategy("mirored")


def test_afterwards_all_is_as_it_was():
    before = keras.distribution.distribution()
    found = []
    with pytest.raises(ZeroDivisionError), distribution_scope(STRATEGY[keras.backend.backend()]) as devices:
        found.append(devices / 0)
    assert keras.distribution.distribution() is before
    with distribution_scope(None) as devices:
        assert devices == 1


def test_what_is_told_of_a_training():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(jit_compile=True)
    assert describe_devices(model, 1) == f"{keras.backend.backend()} on one CPU, float32, XLA on"
    assert describe_devices(model, 2, "mirrored") == f"{keras.backend.backend()} on 2 CPUs (mirrored), float32, XLA on"
