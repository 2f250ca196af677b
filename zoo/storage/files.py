"""Files: lines read with their place, results written whole or not at all, contents named by a fingerprint."""

import codecs
import gzip
import hashlib
import io
import json
import math
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from zoo.storage.containers import BoundedGzipFile
from zoo.storage.data_error import DataError, parse_json


def open_text(path: str | os.PathLike, *, encoding: str = "utf-8") -> Iterator[str]:
    """Iterates over the lines of a plain or gzipped (`.gz`) text file, without their line ends.

    Args:
        path: the file.
        encoding: any encoding of text. In UTF-8 a byte order mark is dropped.
    Raises:
        DataError: bytes that the encoding does not know, a NUL, a damaged gzip file or one that unpacks to more than
            `zoo.storage.containers.expansion_limit`, or a file without any text.
        ValueError: an unknown encoding.
    """
    encoding = known_encoding(encoding)
    line, blank = 0, True
    with BoundedGzipFile(path) if Path(path).suffix == ".gz" else open(path, "rb") as file:
        try:
            for line, text in enumerate(_lines(file, encoding), 1):
                if "\0" in text:
                    raise DataError(
                        path, line, "text (convert UTF-16 and UTF-32 to UTF-8, or name the encoding)", "the byte 0x00"
                    )
                blank = blank and not text.strip()
                yield text
        except UnicodeError as error:
            received = f"damage: {error}"
            if isinstance(error, UnicodeDecodeError):
                received = f"the byte 0x{error.object[error.start]:02x}"
                line += error.object[: error.start].decode(encoding, "ignore").count("\n")  # lines decoded together
            remedy = "convert the file to UTF-8, or name its encoding" if "utf-8" in encoding else "name its encoding"
            raise DataError(path, line + 1, f"{encoding.removesuffix('-sig')} text ({remedy})", received) from error
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataError(path, line + 1, "a whole gzip file (fetch it again)", f"damage: {error}") from error
    if blank:
        raise DataError(path, max(line, 1), "at least one line of text", "an empty file")


def known_encoding(name: str) -> str:
    """Return the name of an encoding, for UTF-8 of the one that drops a byte order mark.

    Raises:
        ValueError: no encoding of text has this name.
    """
    try:
        "".encode(name)
        encoding = codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        rule = "`encoding` names an encoding of text, as utf-8, latin-1, cp1252 or utf-16."
        raise ValueError(f"{rule} Received: {name!r}.") from error
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _lines(file: Any, encoding: str) -> Iterator[str]:
    """Decode line by line, so that an error has its line."""
    if "\n".encode(encoding).removeprefix("".encode(encoding)) != b"\n":  # UTF-16, UTF-32: the byte 10 ends no line
        with io.TextIOWrapper(file, encoding, newline="\n") as texts:
            yield from _without_ends(texts)
    else:
        # A byte order mark in a later line is text, and stays.
        later = encoding.removesuffix("-sig")
        yield from _without_ends(raw.decode(later if line else encoding) for line, raw in enumerate(file))


def _without_ends(texts: Iterable[str]) -> Iterator[str]:
    """Lines without their ends. Those of CR alone count in a file that has no others."""
    for line, text in enumerate(texts):
        if line or text.endswith("\n"):
            yield text.rstrip("\r\n")
        else:
            yield from text.rstrip("\r").split("\r")


def load_json(path: str | os.PathLike, *, encoding: str = "utf-8") -> Any:
    """Load a file of JSON, plain or gzipped (`.gz`).

    Raises:
        DataError: as `open_text` and `zoo.storage.data_error.parse_json`.
    """
    return parse_json("\n".join(open_text(path, encoding=encoding)), path)


def dump_json(value: Any, *, indent: int | None = None) -> str:
    """Return the JSON of a value; a number that JSON does not have (NaN, infinite) becomes null.

    Args:
        value: of dicts, lists, tuples, texts, numbers, booleans and None.
        indent: blanks of a level, for a person; None: one line.
    """
    return json.dumps(finite(value), indent=indent, ensure_ascii=False, allow_nan=False)


def finite(value: Any) -> Any:
    """Return the value with None for every number in it that JSON does not have."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [finite(each) for each in value]
    return value


def visible_files(folder: str | os.PathLike) -> list[Path]:
    """The files and folders within a folder by their names, without those that a system adds unasked.

    These begin with a dot (.DS_Store, and the ._NAME that macOS writes beside every NAME), or are `__MACOSX` or, on
    Windows, `desktop.ini` and `Thumbs.db`.
    """
    return sorted(
        path
        for path in Path(folder).iterdir()
        if not path.name.startswith((".", "__MACOSX")) and path.name.lower() not in ("desktop.ini", "thumbs.db")
    )


@contextmanager
def replace_file(path: str | os.PathLike) -> Iterator[Path]:
    """Yields a temporary path in the same folder; what was written there takes the place of `path` at the end.

    The replacement is atomic and on the disk before it happens: a reader of `path`, even after a crash, finds the old
    contents or the new ones, never half of them. After an exception the old file is untouched and the temporary gone.
    The temporary ends in the name of `path`, for writers that choose their format by it.
    """
    path = Path(path)
    temporary = path.with_name(f".{uuid4().hex[:8]}.{path.name}")
    try:
        yield temporary
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def sync_folder(path: str | os.PathLike) -> None:
    """Write the names in a folder to the disk, where the system can do that."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    except OSError:  # nor does every network file system
        pass
    finally:
        os.close(handle)


def fingerprint(*sources: Any) -> str:
    """Names contents: "sha256:" and 16 hexadecimal digits, equal for equal contents on every machine.

    Args:
        sources: each a path (str or Path: the bytes of the file; of a folder, all files below it by relative name), or
            data: arrays, numbers and None in any nesting of lists, tuples and dicts, where a nested str is a text.
    """
    digest = hashlib.sha256()
    for source in sources:
        for part in _path_parts(Path(source)) if isinstance(source, str | os.PathLike) else _data_parts(source):
            # The length in front keeps ("ab", "c") apart from ("a", "bc").
            digest.update(len(part).to_bytes(8, "little"))
            digest.update(part)
    return f"sha256:{digest.hexdigest()[:16]}"


def file_hash(path: str | os.PathLike) -> str:
    """ "sha256:" and 64 hexadecimal digits of a file's bytes."""
    with open(path, "rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _path_parts(path: Path) -> Iterator[bytes]:
    if not path.is_dir():
        yield path.read_bytes()
        return
    for name, file in sorted((file.relative_to(path).as_posix(), file) for file in path.rglob("*") if file.is_file()):
        yield name.encode()
        yield file.read_bytes()


def _data_parts(data: Any) -> Iterator[bytes]:
    if data is None:
        yield b"none"
    elif isinstance(data, str | os.PathLike):
        yield b"text" + os.fspath(data).encode()
    elif isinstance(data, Mapping):
        yield b"mapping %d" % len(data)
        for key, value in data.items():
            yield str(key).encode()
            yield from _data_parts(value)
    elif isinstance(data, list | tuple):
        yield b"sequence %d" % len(data)
        for value in data:
            yield from _data_parts(value)
    else:
        array = np.asarray(data)
        if array.dtype == object:
            raise ValueError(
                f"fingerprint takes paths, arrays, numbers, texts, lists and dicts, received: {type(data)}. "
                "Convert the data to one of these."
            )
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        yield f"{array.dtype.str} {array.shape}".encode()
        yield array.tobytes()
