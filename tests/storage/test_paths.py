import os

import pytest

from zoo.storage.files import DataError
from zoo.storage.paths import path_below


@pytest.fixture
def table(tmp_path):
    (tmp_path / "set" / "sounds").mkdir(parents=True)
    (tmp_path / "secret.wav").touch()
    (tmp_path / "set" / "sounds" / "a.wav").touch()
    return tmp_path / "set" / "table.tsv"


def test_files_below_the_folder(table):
    assert path_below(table.parent, "sounds/a.wav", table=table, row=1) == table.parent / "sounds" / "a.wav"
    assert path_below(table.parent, "./sounds/a.wav", table=table, row=1).is_file()


def test_links_to_a_store_elsewhere(table):
    os.symlink(table.parents[1] / "secret.wav", table.parent / "linked.wav")
    assert path_below(table.parent, "linked.wav", table=table, row=1).is_file()


@pytest.mark.parametrize(
    "name",
    [
        *("../secret.wav", "sounds/../../secret.wav", "/etc/passwd", "C:\\secret.wav", "..\\secret.wav"),
        *("absent.wav", "a\0b", "a" * 300, "a/" * 3000),
    ],
    ids=range(9),
)
def test_what_is_refused(table, name):
    with pytest.raises(DataError, match=r"table.tsv: expected names of files that stand below .*in row 7"):
        path_below(table.parent, name, table=table, row=7)
