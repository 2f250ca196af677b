"""The process in which trials run: `python -m zoo.tuning.worker`. It reads and writes one JSON object a line.

It reads the name of a function and its arguments, and writes the metrics of each epoch, then the result of the trial.
It ends with its standard input, so that no trial outlives its search.
"""

import importlib
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from zoo.experiments.trial import ConfigurationError
from zoo.lookup import UnknownNameError
from zoo.storage.data_error import DataError, parse_json
from zoo.training.callbacks.nan_guard import DivergedError

# Errors of a program or of its installation: no other values would avoid them.
FATAL_ERRORS = (ConfigurationError, UnknownNameError, TypeError, NameError, AttributeError, ImportError, SyntaxError)
# Messages of the backends when memory is exhausted.
OUT_OF_MEMORY_MESSAGES = (
    "resource_exhausted",
    "resourceexhausted",
    "out of memory",
    "outofmemory",
    "oom when allocating",
)


def attempt(function: str, values: Mapping[str, Any], options: Mapping[str, Any], report: Any = None) -> dict[str, Any]:
    """Run a trial and return its result, or the status of its error.

    Args:
        function: "module:name" of a function `(values, **options, report) -> dict`.
        values, options: what it is given.
        report: what it calls after every epoch.
    Returns:
        What the function returned, with `memory`, the process's in bytes; or a status (misconfigured, nan,
        out_of_memory, failed) with `error` and `traceback`.
    """
    try:
        result = load_function(function)(values, **options, report=report)
    except ConfigurationError as error:  # its message suffices
        result = {"status": status_of(error), "error": str(error)}
    except Exception as error:
        result = {
            "status": status_of(error),
            "error": f"{type(error).__name__}: {error}",
            "traceback": traceback.format_exc(),
        }
    return {**result, "memory": memory()}


def load_function(function: str) -> Any:
    """The function of "module:name"."""
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(module), name)


def status_of(error: BaseException) -> str:
    """Return the status of a trial that raised an error."""
    if isinstance(error, FATAL_ERRORS):
        return "misconfigured"
    if isinstance(error, DivergedError):
        return "nan"
    message = f"{type(error).__name__} {error}".lower()
    if isinstance(error, MemoryError) or any(sign in message for sign in OUT_OF_MEMORY_MESSAGES):
        return "out_of_memory"
    return "failed"


def memory() -> int:
    """Bytes of memory that this process holds now; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def receive(lines: Iterable[str], trials: SimpleQueue) -> int:
    """Put the trials of lines of JSON into a queue; return the exit code at the end: 2 after a line that is none."""
    try:
        for line in lines:
            trials.put(parse_json(line, "standard input", expected="a trial as JSON"))
    except DataError as error:
        print(error, file=sys.stderr, flush=True)
        return 2
    return 0


def main() -> None:
    """Tries what it is given until its input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted search ends its workers itself
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what training prints goes to the log, and never between the answers
    queue: SimpleQueue[dict[str, Any]] = SimpleQueue()

    def send(**message: Any) -> None:
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    # The process ends with its input: a thread that ended alone would leave the search waiting.
    threading.Thread(target=lambda: os._exit(receive(sys.stdin, queue)), daemon=True).start()
    send(ready=True)
    while True:
        trial = queue.get()
        result = attempt(
            trial["function"], trial["values"], trial["options"], report=lambda metrics: send(epoch=metrics)
        )
        send(result=result)


if __name__ == "__main__":
    main()
