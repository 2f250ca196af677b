"""Arrays in IDX files, written here byte by byte; what is no such file."""

import gzip
import struct

import numpy as np
import pytest

from zoo.data.readers import idx
from zoo.storage.files import DataError


def written(path, kind, shape, numbers):
    """A file by its description: two zeros, the type, the number of axes, their lengths, the numbers."""
    head = bytes([0, 0, kind, len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
    path.write_bytes(head + numbers)
    return path


def test_pictures_and_their_labels(tmp_path):
    pictures = written(tmp_path / "pictures", 0x08, (2, 2, 3), bytes(range(250, 256)) + bytes(range(6)))
    found = idx.read(pictures, axes=3)
    assert found.dtype == "uint8"
    assert found.tolist() == [[[250, 251, 252], [253, 254, 255]], [[0, 1, 2], [3, 4, 5]]]
    labels = idx.read(written(tmp_path / "labels", 0x08, (3,), bytes([7, 0, 9])), axes=1)
    assert labels.tolist() == [7, 0, 9]


@pytest.mark.parametrize(
    ("kind", "code", "numbers"),
    [
        (0x09, "b", [-3, 4]),
        (0x0B, "h", [-300, 4]),
        (0x0C, "i", [-70_000, 4]),
        (0x0D, "f", [0.5, -2]),
        (0x0E, "d", [0.1, -2]),
    ],
)
def test_every_type_has_its_highest_byte_first(tmp_path, kind, code, numbers):
    found = idx.read(written(tmp_path / "x", kind, (2,), struct.pack(f">2{code}", *numbers)))
    assert found.tolist() == numbers
    assert found.dtype.isnative


def test_a_zipped_file(tmp_path):
    plain = written(tmp_path / "x", 0x08, (4,), bytes([1, 2, 3, 4]))
    zipped = tmp_path / "x.gz"
    zipped.write_bytes(gzip.compress(plain.read_bytes()))
    assert idx.read(zipped).tolist() == [1, 2, 3, 4]
    zipped.write_bytes(zipped.read_bytes()[:-6])
    with pytest.raises(DataError, match=r"x\.gz: expected a whole gzip file \(fetch it again\), found damage"):
        idx.read(zipped)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected an IDX file: bytes 0, 0, a type .*, found nothing"),
        (b"\x89PNG....", "found 89 50 4e 47"),
        (b"\0\0\x07\x01\0\0\0\x01\0", "found 00 00 07 01"),
        (b"\0\0\x08\x03\0\0\0\x01", "expected the lengths of 3 axes in 16 bytes, found 8 bytes"),
        (b"\0\0\x08\x01\0\0\0\x04abc", r"expected 4 bytes for 4 numbers, found 3 bytes \(truncated: fetch it again\)"),
        (b"\0\0\x08\x02\0\0\0\x02\0\0\0\x02abcde", "expected 4 bytes for 2 x 2 numbers, found 5 bytes$"),
        (b"\0\0\x08\x01\0\0\0\0", "expected at least one number, found an array of 0"),
    ],
)
def test_what_is_no_whole_idx_file(tmp_path, content, message):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(DataError, match=message):
        idx.read(tmp_path / "x")


def test_labels_are_no_pictures(tmp_path):
    with pytest.raises(DataError, match=r"an IDX file of 3 axes, found 1 \(pictures have 3, labels 1\)"):
        idx.read(written(tmp_path / "labels", 0x08, (1,), b"\1"), axes=3)


@pytest.mark.real_data
def test_digits(real_data):
    folder = real_data / "mnist_t10k"
    pictures, labels = (idx.read(next(folder.glob(f"*{part}*"))) for part in ("images", "labels"))
    assert pictures.shape == (10_000, 28, 28)
    assert np.bincount(labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_floats_are_finite(tmp_path, number):
    (tmp_path / "x.idx").write_bytes(b"\0\0\x0d\x01\0\0\0\x02" + np.array([1, number], ">f4").tobytes())
    with pytest.raises(DataError, match=rf"x\.idx: expected finite numbers, found {number}"):
        idx.read(tmp_path / "x.idx")


def test_more_axes_than_arrays_have(tmp_path):
    (tmp_path / "x.idx").write_bytes(b"\0\0\x08\xff" + b"\0\0\0\x01" * 255 + b"\1")
    with pytest.raises(DataError, match=r"x\.idx: expected at most 32 axes, found 255"):
        idx.read(tmp_path / "x.idx")
