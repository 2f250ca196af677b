"""Runs of a recipe made small."""

import pytest

from recipes.run import Settings, train

TINY = {
    "examples": 200,
    "batch_size": 16,
    "units": 4,
    "embedding_size": 4,
    "bidirectional": False,
    "pooling": "mean",
    "dropout": 0.3,
    "token_dropout": 0.1,
    "learning_rate": 0.05,
}


@pytest.fixture(scope="session")
def tiny() -> dict:
    """The arguments of a sentiment run of a second."""
    return dict(TINY)


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A finished run, to be read only."""
    return train("sentiment", out=tmp_path_factory.mktemp("runs") / "a", settings=Settings(epochs=1, verbose=0), **TINY)
