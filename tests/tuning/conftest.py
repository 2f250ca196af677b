import pytest


@pytest.fixture
def light_workers(monkeypatch):
    """Trials without a model need no backend that takes seconds to import."""
    monkeypatch.setenv("KERAS_BACKEND", "numpy")
