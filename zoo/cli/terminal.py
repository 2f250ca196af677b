"""Output for a terminal: quiet imports, errors on one line, progress bars."""

import errno
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from cyclopts import CycloptsError, UnknownOptionError

from zoo.storage.printable import printable

# For the search of a defect: everything that is written, and tracebacks.
EVERYTHING = "ZOO_TRACEBACK"
# An option as it is written; what else begins with a hyphen is a text of a person's.
OPTION = re.compile(r"--[A-Za-z][\w-]*(=.*)?", re.DOTALL)
# Seconds after which a person wonders whether a command still works, and between two looks at its progress.
MOMENT, REFRESH = 2.0, 0.2
CHATTER = re.compile(rb"I\d{4} |WARNING: All log messages before absl::InitializeLog|\d{4}-\d\d-\d\d [\d:.]+: I ")


def import_library() -> None:
    """Import the public names of zoo, and with them every layer that a saved model may hold."""
    with quiet_import():
        from zoo import load  # noqa: F401 (the first public name imports all)


@contextmanager
def quiet_import() -> Iterator[None]:
    """Suppress the log lines of TensorFlow's C++ during its import; other lines are printed after it.

    TF_CPP_MIN_LOG_LEVEL does not reach these lines: they are written to file descriptor 2 before it is read.
    """
    if "keras" in sys.modules or os.environ.get(EVERYTHING):
        yield
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    terminal = os.dup(2)
    with tempfile.TemporaryFile() as written:
        os.dup2(written.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(terminal, 2)
            os.close(terminal)
            written.seek(0)
            for line in written:
                if not CHATTER.match(line):
                    os.write(2, line)


@contextmanager
def errors_in_one_line() -> Iterator[None]:
    """End the program with one line and the exit code 2 after an error of use or of data, 130 after Ctrl-C."""
    try:
        yield
    except BrokenPipeError:  # the reader has seen enough: zoo predict ... | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except (CycloptsError, ValueError, TypeError, OSError, ModuleNotFoundError) as error:
        if os.environ.get(EVERYTHING):
            raise
        remedy = ""
        if isinstance(error, UnknownOptionError) and not OPTION.fullmatch(error.token.keyword or error.token.value):
            remedy = " A text that begins with a hyphen stands behind --, after all options: zoo predict RUN -- TEXT"
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG):
            remedy = ". What was saved before is still there: make room, then continue a training with --resume"
        print(f"zoo: {printable(' '.join(str(error).split()))}{remedy}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        end_interrupted()


def end_interrupted(how: str = "") -> NoReturn:
    """End the program after Ctrl-C with one line, which may name the command that continues."""
    line = f"zoo: interrupted. {how}".rstrip()
    print(f"\n{line}" if sys.stderr.isatty() else line, file=sys.stderr)  # below ^C and what was being written
    sys.exit(130)


@contextmanager
def interruptible(how_to_continue: Callable[[], str]) -> Iterator[None]:
    """End a training or a search that is interrupted by saying with which command it continues."""
    try:
        yield
    except KeyboardInterrupt:
        end_interrupted(how_to_continue())


class ProgressBar:
    """Progress of a long command: a line on standard error that is erased at its end.

    Nothing is shown in the first `MOMENT`, or where standard error is no terminal.

    Args:
        unit: what is counted.
    """

    def __init__(self, unit: str = "inputs"):
        self._unit, self._width = unit, 0
        self._started = self._shown = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._started < MOMENT or now - self._shown < REFRESH or not sys.stderr.isatty():
            return
        self._shown = now
        bar = "=" * (20 * done // total)
        text = f"{done}/{total} {self._unit} [{bar:<20}] {(now - self._started) / done * (total - done):.0f} s left"
        print(f"\r{text:<{self._width}}", end="", file=sys.stderr, flush=True)
        self._width = len(text)

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(self, *error: object) -> None:
        if self._width:
            print(f"\r{'':<{self._width}}\r", end="", file=sys.stderr, flush=True)


def write_line(text: str, end: str = "\n") -> None:
    """Print a text that may come from files or models, for a person or the next program."""
    print(printable(text), end=end, flush=True)


def write_json_line(value: Any) -> None:
    """Print a value as one line of JSON, see `zoo.storage.files.dump_json`."""
    from zoo.storage.files import dump_json

    write_line(dump_json(value))


def read_lines() -> list[str]:
    """The lines of standard input that are not blank."""
    try:
        text = sys.stdin.read().removeprefix("\ufeff")  # a byte order mark, as Windows writes it
        lines = [line for line in text.split("\n") if line.strip()]
    except UnicodeDecodeError as error:
        raise ValueError(f"Standard input must be UTF-8 text: convert it. Received: {error}") from error
    if not lines:
        raise ValueError("There is nothing to work on: give texts, or lines on standard input.")
    return lines
