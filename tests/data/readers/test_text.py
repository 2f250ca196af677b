import pytest

from zoo.data.readers import text
from zoo.storage.files import DataError


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_a_whole_file(write, name):
    path = write(name, "First line\r\n\n  second \nthird")
    assert text.read(path) == "First line\n\n  second \nthird\n"
    assert text.read_lines(path) == ["First line", "second", "third"]


@pytest.mark.parametrize("read", [text.read, text.read_lines])
def test_malformed(write, read):
    with pytest.raises(DataError, match=r"a\.txt:1: .*empty file"):
        read(write("a.txt", ""))
    with pytest.raises(DataError, match=r"a\.txt:2: expected utf-8"):
        read(write("a.txt", "fine\ncafé\n", "latin-1"))
    assert "café" in read(write("a.txt", "fine\ncafé\n", "latin-1"), encoding="latin-1")


@pytest.mark.real_data
def test_a_real_text(real_data):
    assert len(text.read(real_data / "tinyshakespeare" / "input.txt.gz")) == 1_115_394
