"""IDX files: one array of numbers each, as the digits of MNIST come."""

import math
import os

import numpy as np

from zoo.data.readers.formats import Format, Head
from zoo.storage.containers import read_bytes
from zoo.storage.files import DataError

# The type of the numbers by the third byte; all but bytes have their highest byte first.
TYPES = {0x08: "uint8", 0x09: "int8", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
# As many axes as NumPy has room for.
MAX_AXES = 32


def read(path: str | os.PathLike, *, axes: int | None = None) -> np.ndarray:
    """Reads a plain or gzipped (`.gz`) IDX file: two bytes of 0, the type, the number of axes, their lengths, numbers.

    Args:
        path: the file.
        axes: how many the array must have: 3 for pictures (N, H, W), 1 for their labels (N,); any if None.
    Returns:
        the array, its numbers as the machine has them.
    Raises:
        DataError: no IDX file, a truncated or too long one, another number of axes, an empty one, numbers that are not
            finite.
    """
    content = read_bytes(path)
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in TYPES or not content[3]:
        known = ", ".join(f"0x{kind:02x}" for kind in TYPES)
        raise DataError(
            path, None, f"an IDX file: bytes 0, 0, a type ({known}), axes", f"{content[:4].hex(' ') or 'nothing'}"
        )
    count = content[3]
    if axes is not None and count != axes:
        raise DataError(path, None, f"an IDX file of {axes} axes", f"{count} (pictures have 3, labels 1)")
    if count > MAX_AXES:
        raise DataError(path, None, f"at most {MAX_AXES} axes", f"{count}")
    begin = 4 + 4 * count
    if len(content) < begin:
        raise DataError(path, None, f"the lengths of {count} axes in {begin} bytes", f"{len(content)} bytes")
    shape = tuple(int(length) for length in np.frombuffer(content[4:begin], ">u4"))
    kind = np.dtype(TYPES[content[2]])
    expected, received = math.prod(shape) * kind.itemsize, len(content) - begin
    if received != expected:
        numbers = " x ".join(map(str, shape))
        remedy = " (truncated: fetch it again)" if received < expected else ""
        raise DataError(path, None, f"{expected} bytes for {numbers} numbers", f"{received} bytes{remedy}")
    if not expected:
        raise DataError(path, None, "at least one number", f"an array of {' x '.join(map(str, shape))}")
    array = np.frombuffer(content, kind, offset=begin).reshape(shape).astype(kind.newbyteorder("="))
    if kind.kind == "f" and not np.isfinite(array).all():
        raise DataError(path, None, "finite numbers", f"{array[~np.isfinite(array)][0]}")
    return array


def _mismatch(head: Head) -> str:
    if len(head.content) < 4 or head.content[:2] != b"\0\0" or head.content[2] not in TYPES:
        return "it does not begin with the bytes 0, 0 and a type"
    return "" if head.content[3] == 3 else f"its array has {head.content[3]} axes, and pictures have 3"


PICTURES = Format("pictures as an IDX file (MNIST)", _mismatch, lambda path: read(path, axes=3))
