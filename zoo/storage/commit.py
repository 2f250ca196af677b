"""Several files of a folder replaced together: all of them or none, whenever the process is killed."""

import ctypes
import errno
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from zoo.storage.files import replace_file, sync_folder
from zoo.storage.lock import COMMIT_LOCK, LOCKS, exclusive_lock

# The folder of a commit whose files are not all moved yet, and the list of what to move and remove.
PENDING = ".commit"
LIST = "commit.json"
TEMPORARY = re.compile(r"\.[0-9a-f]{8}\..+")


@contextmanager
def staging_folder(folder: str | os.PathLike) -> Iterator[Path]:
    """Yield a new folder within `folder`, to be filled and committed; it is removed after an exception."""
    staged = Path(folder) / f".{uuid4().hex[:8]}.staged"
    staged.mkdir(parents=True)
    try:
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def commit(staged: Path, folder: Path, *, remove: Iterable[str] = ()) -> None:
    """Move all files below `staged`, a folder within `folder`, to the same places below `folder`.

    One rename decides. Killed before it, the folder is what it was; killed after it, `finish_commit` moves the rest,
    and every reader and writer of the folder calls that first.

    Args:
        staged: what is to be moved; gone afterwards.
        folder: where to.
        remove: names in `folder` that go at the same time, unless they are replaced.
    """
    files = [path.relative_to(staged).as_posix() for path in _files(staged)]
    content = {"move": files, "remove": [name for name in remove if name not in files]}
    with exclusive_lock(folder, name=COMMIT_LOCK, wait=True):
        _finish(folder)
        with replace_file(staged / LIST) as temporary:
            temporary.write_text(json.dumps(content), encoding="utf-8")
        for path in _files(staged):
            with open(path, "rb+") as file:
                os.fsync(file.fileno())
        for path in [*(path for path in staged.rglob("*") if path.is_dir()), staged]:
            sync_folder(path)
        os.rename(staged, folder / PENDING)
        sync_folder(folder)
        _finish(folder)


def finish_commit(folder: str | os.PathLike) -> None:
    """Complete a commit that was killed, if there is one.

    Raises:
        OSError: the folder cannot be written, and what it holds does not belong together.
    """
    folder = Path(folder)
    if (folder / PENDING).is_dir():
        with exclusive_lock(folder, name=COMMIT_LOCK, wait=True):
            _finish(folder)


def _finish(folder):
    pending = folder / PENDING
    if (pending / LIST).is_file():  # without it nothing but the cleaning is left
        content = json.loads((pending / LIST).read_text(encoding="utf-8"))
        for name in content["move"]:
            if (pending / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                os.replace(pending / name, folder / name)
        for name in content["remove"]:
            if (folder / name).is_dir() and not (folder / name).is_symlink():
                _remove_below(folder / name, except_for={folder / moved for moved in content["move"]})
            else:
                (folder / name).unlink(missing_ok=True)
        sync_folder(folder)
        (pending / LIST).unlink()
    shutil.rmtree(pending, ignore_errors=True)


def _remove_below(folder, except_for):
    for path in sorted(folder.rglob("*"), reverse=True):  # a folder after what is in it
        if not path.is_dir():
            if path not in except_for:
                path.unlink(missing_ok=True)
        elif not any(path.iterdir()):
            path.rmdir()
    if not any(folder.iterdir()):
        folder.rmdir()


def remove_temporaries(folder: str | os.PathLike) -> None:
    """Remove what killed writers left in a folder; no other process may write there meanwhile."""
    for path in Path(folder).rglob(".*"):
        if TEMPORARY.fullmatch(path.name):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def replace_folder(made: Path, folder: Path) -> None:
    """Put the folder `made` in the place of `folder`, of the same parent: readers find the old one or the new one.

    On Linux the two change places in one step. Elsewhere there is a moment without either; killed in it, the old one
    lies at `.NAME.previous`, from where `restore_folder` takes it back.
    """
    if not folder.exists():
        os.rename(made, folder)
    elif _exchange(made, folder):
        shutil.rmtree(made)
    else:
        previous = _previous(folder)
        os.rename(folder, previous)
        os.rename(made, folder)
        shutil.rmtree(previous)
    sync_folder(folder.parent)


def restore_folder(folder: Path) -> None:
    """Undo a `replace_folder` that was killed between its two steps."""
    if _previous(folder).is_dir():
        if folder.exists():
            shutil.rmtree(_previous(folder))
        else:
            os.rename(_previous(folder), folder)


def _previous(folder):
    return folder.with_name(f".{folder.name}.previous")


def _exchange(one, other) -> bool:
    """Return whether two folders have changed places: renameat2(2) with RENAME_EXCHANGE, which Python does not
    offer.
    """
    if sys.platform != "linux":
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    try:
        code = ctypes.CDLL(None, use_errno=True).renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange)
    except AttributeError:  # a C library without it
        return False
    if code and ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(one), None, str(other))
    return code == 0


def _files(folder) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in (*LOCKS, LIST))
