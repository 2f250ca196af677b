"""One process at a time in a folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Held during a training or a search; held while a commit moves files.
WORK_LOCK, COMMIT_LOCK = ".lock", ".commit.lock"
LOCKS = (WORK_LOCK, COMMIT_LOCK)


class FolderInUseError(OSError):
    """Another process works in a folder."""


@contextmanager
def exclusive_lock(folder: str | os.PathLike, *, name: str = WORK_LOCK, wait: bool = False) -> Iterator[None]:
    """Make sure that no other process does the same in a folder. A process that dies lets go of its lock.

    Args:
        folder: made if it does not exist, and removed again if nothing was left in it.
        name: of the lock's file.
        wait: until the other has ended, instead of raising.
    Raises:
        FolderInUseError: another process works there.
    """
    folder = Path(folder)
    try:
        import fcntl
    except ModuleNotFoundError:  # a system without such locks
        folder.mkdir(parents=True, exist_ok=True)
        yield
        return
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    while True:
        with open(path, "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError as error:
                raise FolderInUseError(
                    f"Another process works in {folder}: wait for it, end it, or choose another folder."
                ) from error
            if not _is_at(lock, path):  # the process that held it before has removed it: lock the next one
                continue
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
                if made and not any(folder.iterdir()):
                    folder.rmdir()
            return


def _is_at(file, path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except FileNotFoundError:
        return False


def is_empty(folder: str | os.PathLike) -> bool:
    """Return whether a folder does not exist, or holds nothing but the files of locks."""
    folder = Path(folder)
    return not folder.exists() or (folder.is_dir() and all(path.name in LOCKS for path in folder.iterdir()))
