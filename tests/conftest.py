"""What all tests share. A test that cannot hold here (no data, another backend) is not collected; none is skipped."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

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


@pytest.fixture
def real_data() -> Path:
    """The folder of public data sets; tests that use it carry the marker `real_data`."""
    return DATA


@pytest.fixture
def random() -> np.random.Generator:
    """Seeded draws."""
    return np.random.default_rng(0)


@pytest.fixture(autouse=True)
def _seeded():
    keras.utils.set_random_seed(1)
