"""Bounded reading of files that hold more than their own size: gzip, tar and .npz.

A few kilobytes can unpack to terabytes. What is unpacked is bounded by `expansion_limit`, so that memory is in
proportion to the file; a person who means more unpacks the file first.
"""

import gzip
import io
import math
import os
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from zoo.storage.data_error import DataError, damage_as_data_error

# A file may always unpack to so many bytes, and a large one to so many times its size (texts unpack to 3 to 10 times).
MAX_EXPANDED_BYTES = 128 << 20
MAX_EXPANSION = 20
IS_ARRAY = re.compile(r"(?!__MACOSX/|(.*/)?\._).*\.npy", re.DOTALL)
READ_HEADER = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


def expansion_limit(size: int) -> int:
    """Bytes that a packed file of `size` bytes may unpack to."""
    return max(MAX_EXPANDED_BYTES, MAX_EXPANSION * size)


class BoundedGzipFile(gzip.GzipFile):
    """A gzip file to read, which raises a DataError instead of unpacking more than its limit.

    Args:
        path: the file.
    """

    def __init__(self, path: str | os.PathLike):
        super().__init__(path, "rb")
        self.path, self.limit = path, expansion_limit(Path(path).stat().st_size)

    def read(self, size: int | None = -1) -> bytes:
        return self._checked(super().read(self._allowed(size)))

    def read1(self, size: int = -1) -> bytes:
        return self._checked(super().read1(self._allowed(size)))

    def readline(self, size: int | None = -1) -> bytes:
        return self._checked(super().readline(self._allowed(size)))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if offset > self.limit:
            raise self._too_large()
        return super().seek(offset, whence)

    def _allowed(self, size: int | None) -> int:
        room = self.limit + 1 - self.tell()
        return room if size is None or size < 0 else min(size, room)

    def _checked(self, content: bytes) -> bytes:
        if self.tell() > self.limit:
            raise self._too_large()
        return content

    def _too_large(self) -> DataError:
        expected = f"at most {self.limit:,} bytes when unpacked (if it is meant, unpack it with gunzip before)"
        return DataError(self.path, None, expected, "more")


def read_bytes(path: str | os.PathLike) -> bytes:
    """The bytes of a file, unpacked if its name ends in .gz.

    Raises:
        DataError: a damaged gzip file, or one that unpacks to more than `expansion_limit`.
    """
    path = Path(path)
    if path.suffix != ".gz":
        return path.read_bytes()
    with BoundedGzipFile(path) as file, damage_as_data_error(path, "a whole gzip file (fetch it again)"):
        return file.read()


def tar_members(
    path: str | os.PathLike,
    is_selected: Callable[[str], bool],
    *,
    expected: str = "a whole archive (fetch it again)",
    largest: int | None = None,
) -> Iterator[tuple[str, bytes | None]]:
    """Yield name and content of members of an archive, plain or gzipped, in memory: nothing is unpacked to the disk.

    Args:
        path: the archive.
        is_wanted: whether a member is read, by its name.
        expected: the rule, for the error.
        largest: bytes that a wanted member may have.
    Yields:
        (name, bytes), or (name, None) of what is no plain file: a folder, a link.
    Raises:
        DataError: a damaged archive, members larger than `largest`, or of more than `expansion_limit` bytes together.
    """
    path = Path(path)
    with open(path, "rb") as raw:
        packed, total = raw.read(2) == b"\x1f\x8b", 0
        limit = expansion_limit(path.stat().st_size)
        raw.seek(0)
        file: Any = BoundedGzipFile(path) if packed else raw
        with file, damage_as_data_error(path, expected), tarfile.open(fileobj=file, mode="r:") as archive:
            for member in archive:
                # The sizes are what the members claim: checked before any byte of them is read or passed over.
                total += max(member.size, 0)
                if member.size < 0 or total > limit:
                    raise DataError(path, None, f"members of at most {limit:,} bytes together", f"{total:,}")
                if not is_selected(member.name):
                    continue
                if largest is not None and member.size > largest:
                    received = f"{member.name:.80}: {member.size:,}"
                    raise DataError(path, None, f"members of at most {largest:,} bytes", received)
                content = archive.extractfile(member) if member.isreg() else None
                yield member.name, None if content is None else content.read()
            _read_to_the_end(file)


def _read_to_the_end(file: BinaryIO) -> None:
    """A gzip file has its checksum at the end."""
    while file.read(1 << 16):
        pass


def read_npz(path: str | os.PathLike, *, expected: str = "an .npz file of numbers") -> dict[str, np.ndarray]:
    """Read the arrays of an .npz file by their names; what their headers promise is checked before it is allocated.

    Args:
        path: the file.
        expected: the rule, for the error.
    Raises:
        DataError: a damaged file, arrays of other things than numbers and texts, or of more than `expansion_limit`
            bytes together.
    """
    content = Path(path).read_bytes()
    limit = expansion_limit(len(content))
    with damage_as_data_error(path, expected), zipfile.ZipFile(io.BytesIO(content)) as archive:
        # What is no array is passed over: notes, and what macOS packs beside every file.
        members = [one for one in archive.infolist() if IS_ARRAY.fullmatch(one.filename)]
        total = sum(member.file_size for member in members)
        if total > limit:
            raise DataError(path, None, f"arrays of at most {limit:,} bytes together", f"{total:,}")
        return {member.filename.removesuffix(".npy"): _array(archive, member) for member in members}


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray:
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        if version not in READ_HEADER:
            raise ValueError(f"version {version} of the array {member.filename}")
        shape, is_fortran, dtype = READ_HEADER[version](file)
        size, rest = math.prod(shape) * dtype.itemsize, member.file_size - file.tell()
        if dtype.hasobject or size != rest or min(shape, default=0) < 0:
            raise ValueError(f"{member.filename}: {dtype} {shape} in {rest} bytes")
        return np.frombuffer(file.read(), dtype).reshape(shape, order="F" if is_fortran else "C")
