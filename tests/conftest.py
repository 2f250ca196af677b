"""Shared by all tests. A test that cannot hold here (no data, another backend) is not collected; none is skipped."""

import os

# Two processes share two cores, and tests are about results: one thread each, and machine code that is quick to make.
for name, value in {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true",
}.items():
    os.environ.setdefault(name, value)

import gc
import random as python_random
import resource
from pathlib import Path

import hypothesis
import keras
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("SEQZOO_DATA", ROOT.parent / "shared" / "data"))

hypothesis.settings.register_profile("few", max_examples=15, deadline=None, database=None)
hypothesis.settings.load_profile("few")


def pytest_configure(config):
    config.addinivalue_line("markers", "each_backend: holds for other reasons on every backend; run on JAX too")
    config.addinivalue_line("markers", "tensorflow: about TensorFlow alone; not collected on another backend")


def pytest_collection_modifyitems(config, items):
    absent = set()
    if not DATA.is_dir():
        absent.add("real_data")
    if keras.backend.backend() != "tensorflow":
        absent.add("tensorflow")
    left_out = [item for item in items if absent & {marker.name for marker in item.iter_markers()}]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter):
    """Print the processor time, which a busy machine changes far less than the minutes."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    terminalreporter.write_line(f"Processor time: {seconds:.0f} s, processes of tests included.")


@pytest.fixture
def real_data() -> Path:
    """The folder of public data sets; tests that use it carry the marker `real_data`."""
    return DATA


@pytest.fixture
def cases() -> Path:
    """The folder of small files, of kinds that people have, that once broke a reader or a recipe."""
    return ROOT / "tests" / "data" / "cases"


@pytest.fixture
def random() -> np.random.Generator:
    """Seeded draws."""
    return np.random.default_rng(0)


@pytest.fixture(autouse=True, scope="module")
def _keras_seeded():
    """Once a file: it makes TensorFlow forget the kernels of its ops, about an eighth of the time of eager tests."""
    keras.utils.set_random_seed(1)


@pytest.fixture(autouse=True)
def _seeded():
    """Layers draw their seeds from Python's generator."""
    python_random.seed(1)
    np.random.seed(1)  # noqa: NPY002 (the legacy generator is what libraries draw from)


def pytest_collection_finish():
    """Graphs are many small objects: let garbage collections be rare, and pass over what was there before the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_runtest_teardown(item):
    """JAX keeps every executable: gigabytes after some hundred tests."""
    if keras.backend.backend() == "jax" and item.session.items.index(item) % 50 == 49:
        import jax

        jax.clear_caches()
