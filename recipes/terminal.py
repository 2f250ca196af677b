"""What a person at a terminal sees: no chatter of the machinery, and one line for an error of theirs."""

import errno
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from cyclopts import CycloptsError

# For the search of a defect: everything that is written, and tracebacks.
EVERYTHING = "ZOO_TRACEBACK"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
CHATTER = re.compile(rb"I\d{4} |WARNING: All log messages before absl::InitializeLog|\d{4}-\d\d-\d\d [\d:.]+: I ")


@contextmanager
def quiet_import() -> Iterator[None]:
    """Keeps back what TensorFlow's C++ says for information while it is imported; all else is told after the import.

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
    """Ends the program with one line and the exit code 2 after an error of use or of data."""
    try:
        yield
    except BrokenPipeError:  # the reader has seen enough: zoo predict ... | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except (CycloptsError, ValueError, TypeError, OSError, ModuleNotFoundError) as error:
        if os.environ.get(EVERYTHING):
            raise
        remedy = ""
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG):
            remedy = ". What was saved before is still there: make room, then continue a training with --resume"
        print(f"zoo: {printable(' '.join(str(error).split()))}{remedy}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("zoo: interrupted; continue a training with --resume", file=sys.stderr)
        sys.exit(130)


def printable(text: str) -> str:
    r"""Escape control characters (\x1b for ESC), by which a text from a file would move the cursor or worse."""
    return CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def write_line(text: str, end: str = "\n") -> None:
    """Print a text that may come from files or models, for a person or the next program."""
    print(printable(text), end=end, flush=True)


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
