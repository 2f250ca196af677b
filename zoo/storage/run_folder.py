"""The folder in which work grows: a training, several starts of one, a trial or a search; empty, started or
finished.
"""

import json
import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from zoo.storage.commit import commit, finish_commit, remove_temporaries
from zoo.storage.json_files import read_json, write_json
from zoo.storage.lock import is_empty

# Work that will replace finished work grows here; the finished work stays as it is until then.
NEXT = ".next"
State = Literal["empty", "started", "finished"]


@dataclass(frozen=True)
class RunFolder:
    """A folder with a record of what its work was started with, and a result once the work has finished.

    Args:
        path: of the folder, which need not exist.
        noun: what the work is called in messages: "run", "search".
        record: name of the JSON file that is written first.
        result: name of the file that is written last.
        contents: names of all files and folders that the work writes; others are a person's own.
        required: keys of the record.
    """

    path: Path
    noun: str
    record: str
    result: str
    contents: tuple[str, ...]
    required: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        if (self.path / self.result).is_file():
            return "finished"
        return "started" if (self.path / self.record).is_file() else "empty"

    @property
    def next(self) -> "RunFolder":
        """The folder of the work that will replace this one's."""
        return self._at(self.path / NEXT)

    @property
    def current(self) -> "RunFolder":
        """The folder of the work that was started last: beside finished work it is `next`."""
        return self if self.next.state == "empty" else self.next

    def _at(self, path: Path) -> "RunFolder":
        return RunFolder(path, self.noun, self.record, self.result, self.contents, self.required)

    def recover(self) -> None:
        """Complete what a killed process left half done. The caller holds the folder's lock."""
        finish_commit(self.path)
        remove_temporaries(self.path)
        if self.next.state == "finished":
            self.publish()

    def read(self) -> dict[str, Any]:
        """Return the record; {} if there is none.

        Raises:
            DataError: the file is damaged.
        """
        return read_json(self.path / self.record, self.required)

    def start(self, record: Mapping[str, Any]) -> None:
        """Write the record: from now on the folder is started."""
        self.path.mkdir(parents=True, exist_ok=True)
        write_json(self.path / self.record, dict(record))

    def check_free(self, *, resume: bool, force: bool) -> None:
        """Make sure that work may start or continue here.

        Raises:
            ValueError: resume and force together.
            FileExistsError: the folder holds something that is neither to be resumed nor to be replaced.
        """
        if resume and force:
            raise ValueError(f"Resume continues a {self.noun} and force starts over: choose one of them.")
        if force or is_empty(self.path) or (resume and self.current.state != "empty"):
            return
        holds = f"holds no {self.noun} to resume: start" if resume else "is not empty. Continue with --resume, start"
        raise FileExistsError(f"{self.path} {holds} over with --force, or choose another folder.")

    def publish(self) -> None:
        """Put the work in `next`, which is whole, in the place of this."""
        commit(self.next.path, self.path, remove=self.contents)

    def clear(self) -> None:
        """Remove what the work writes, and nothing else."""
        for name in (*self.contents, NEXT):
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def check_same(
    folder: str | os.PathLike, started: Mapping[str, Any], current: Mapping[str, Any], *, free: Collection[str] = ()
) -> None:
    """Make sure that work is resumed with what it was started with: the one rule of runs, starts, trials and searches.

    Args:
        folder: of the work.
        started: settings and arguments of its start.
        current: those that are specified now.
        free: names of those that may change.
    Raises:
        ValueError: another value, or one of which the start had none.
    """
    for name, value in json.loads(json.dumps(dict(current))).items():
        if name in free or (name in started and started[name] == value):
            continue
        before = f"{name}={started[name]!r}" if name in started else f"no {name}"
        raise ValueError(
            f"{folder} was started with {before}, which resuming keeps. Received: {name}={value!r}. Omit it, or start "
            "over with --force."
        )


def is_same(started: Mapping[str, Any], current: Mapping[str, Any]) -> bool:
    """Return whether `check_same` would pass."""
    try:
        check_same("", started, current)
    except ValueError:
        return False
    return True
