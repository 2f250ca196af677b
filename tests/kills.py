"""A process killed at one of its file operations, simulated within this one: from then on nothing changes any file."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate"}
_watchers: list["_Watcher"] = []


class KilledError(BaseException):
    """The process is dead: no `except Exception` and no `finally` can bring it back."""


class _Watcher:
    def __init__(self, folder: Path, at: int | None, torn: bool):
        self.folder, self.at, self.torn = str(folder), at, torn
        self.operations: list[tuple[str, str]] = []
        self.killed_at: str | None = None

    def __call__(self, event, arguments):
        if event == "open":
            path, _, flags = arguments
            if not isinstance(path, str) or not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                return
        elif event == "ctypes.dlsym":  # renameat2 has no event of its own
            path = self.folder if arguments[1] == "renameat2" else None
        elif event in CHANGES:
            path = arguments[0]
        else:
            return
        if path is None or not os.fspath(path).startswith(self.folder):
            return
        if self.at is not None and len(self.operations) >= self.at:
            if len(self.operations) == self.at and self.torn and event == "open":
                self.operations.append((event, path))  # what this open asks for is done, and nothing after it
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY | (os.O_TRUNC if flags & os.O_TRUNC else 0)))
            self.killed_at = self.killed_at or event
            raise KilledError(f"{event} {path}")
        self.operations.append((event, os.fspath(path)))


def _hook(event, arguments):
    if _watchers and (event in CHANGES or event in ("open", "ctypes.dlsym")):
        watcher = _watchers.pop()  # what the hook itself does is not watched
        try:
            watcher(event, arguments)
        finally:
            _watchers.append(watcher)


sys.addaudithook(_hook)


@contextmanager
def watched(folder: Path, at: int | None = None, torn: bool = False) -> Iterator[_Watcher]:
    """Collect the operations that change files below `folder`; with `at` the process dies at that one."""
    _watchers.append(_Watcher(folder, at, torn))
    try:
        yield _watchers[0]
    except KilledError:
        pass
    finally:
        _watchers.clear()


def each_kill(prepare: Callable[[Path], None], act: Callable[[Path], None], root: Path) -> Iterator[tuple[Path, str]]:
    """Kill `act(folder)` at each of its file operations in turn, each time in a new folder made by `prepare`.

    Yields:
        The folder as the kill left it, and the operation: of one that opens a file also with the file torn, and last
        the folder after an `act` that nobody killed.
    """
    number, torn = 0, False
    while True:
        folder = root / f"{number}{'torn' * torn}"
        folder.mkdir()
        prepare(folder)
        with watched(folder, at=number, torn=torn) as process:
            act(folder)
        yield folder, f"operation {number}, after {process.operations[-1:]}{', torn' * torn}"
        if process.killed_at is None:
            return
        torn = process.killed_at == "open" and not torn
        number += not torn
