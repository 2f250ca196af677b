"""Paths that stand in people's tables."""

import os
from pathlib import Path, PurePosixPath, PureWindowsPath

from zoo.storage.files import DataError


def path_below(folder: Path, name: str, *, table: str | os.PathLike, row: int) -> Path:
    """Return the path of a file that a table names, which lies below the table's folder as it is written.

    What the path leads to does not matter: a link to a store elsewhere (git-annex, DVC, a hub's cache) is such a file.

    Args:
        folder: of the table.
        name: as it stands in the table.
        table, row: where, for the message.
    Raises:
        DataError: an absolute name, one with `..`, a NUL or a name that no system takes, or no such file.
    """
    parts = (*PurePosixPath(name).parts, *PureWindowsPath(name).parts)
    outside = PurePosixPath(name).is_absolute() or PureWindowsPath(name).anchor or ".." in parts
    if not outside:
        try:
            if (folder / name).exists():
                return folder / name
        except (ValueError, OSError):  # a NUL, or more letters than a name may have
            pass
    received = f"{name!r:.80} in row {row}" + (", which lies outside" if outside else "")
    raise DataError(table, None, f"names of files that stand below {folder}", received)


def typed_file(text: str) -> Path | None:
    """Return the path that a person typed as an input, if it is that of a file."""
    try:
        path = Path(text).expanduser()
        return path if path.is_file() else None
    except (OSError, RuntimeError):  # a text that is too long for a name; "~" before no user's name
        return None
