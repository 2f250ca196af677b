"""IDX files: one array of numbers each, as the digits of MNIST come."""

import gzip
import math
import os
import zlib
from pathlib import Path

import numpy as np

from zoo.data.files import DataError

# What the third byte says the numbers are; all but bytes have their highest byte first.
TYPES = {0x08: "uint8", 0x09: "int8", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read(path: str | os.PathLike, *, axes: int | None = None) -> np.ndarray:
    """Reads a plain or gzipped (`.gz`) IDX file: two bytes of 0, the type, the number of axes, their lengths, numbers.

    Args:
        path: the file.
        axes: how many the array must have: 3 for pictures (N, H, W), 1 for their labels (N,); any if None.
    Returns:
        the array, its numbers as the machine has them.
    Raises:
        DataError: no IDX file, a truncated or too long one, another number of axes, an empty one.
    """
    content = _content(Path(path))
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in TYPES or not content[3]:
        known = ", ".join(f"0x{kind:02x}" for kind in TYPES)
        raise DataError(
            path, None, f"an IDX file: bytes 0, 0, a type ({known}), axes", f"{content[:4].hex(' ') or 'nothing'}"
        )
    count = content[3]
    if axes is not None and count != axes:
        raise DataError(path, None, f"an IDX file of {axes} axes", f"{count} (pictures have 3, labels 1)")
    begin = 4 + 4 * count
    if len(content) < begin:
        raise DataError(path, None, f"the lengths of {count} axes in {begin} bytes", f"{len(content)} bytes")
    shape = tuple(int(length) for length in np.frombuffer(content[4:begin], ">u4"))
    kind = np.dtype(TYPES[content[2]])
    wanted, found = math.prod(shape) * kind.itemsize, len(content) - begin
    if found != wanted:
        numbers = " x ".join(map(str, shape))
        remedy = " (truncated: fetch it again)" if found < wanted else ""
        raise DataError(path, None, f"{wanted} bytes for {numbers} numbers", f"{found} bytes{remedy}")
    if not wanted:
        raise DataError(path, None, "at least one number", f"an array of {' x '.join(map(str, shape))}")
    return np.frombuffer(content, kind, offset=begin).reshape(shape).astype(kind.newbyteorder("="))


def _content(path: Path) -> bytes:
    if path.suffix != ".gz":
        return path.read_bytes()
    try:
        with gzip.open(path) as file:
            return file.read()
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(path, None, "a whole gzip file (fetch it again)", f"damage: {error}") from error
