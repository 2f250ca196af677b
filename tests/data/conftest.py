"""What the tests of data share: files written in one line."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.models.eagerly import either_way  # noqa: F401
from tests.runs import command, stored  # noqa: F401


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes text under a name, gzipped if the name ends in .gz, and returns the path."""

    def write(name: str, text: str, encoding: str = "utf-8") -> Path:
        content = text.encode(encoding)
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return write
