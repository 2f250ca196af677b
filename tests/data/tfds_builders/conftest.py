import pytest

from zoo.data.tfds import DataSet


@pytest.fixture
def read(tmp_path):
    """Reads a split of a generated set, prepared here: a list of examples as dicts."""

    def rows(name, split="train"):
        found = DataSet(name, folder=tmp_path)
        return [dict(zip(found.features, row, strict=True)) for row in found.rows(split, found.features)]

    return rows
