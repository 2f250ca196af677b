import errno
import io
import os
import re
import sys
from types import SimpleNamespace

import pytest

from zoo.cli import terminal
from zoo.cli.terminal import (
    ProgressBar,
    errors_in_one_line,
    quiet_import,
    read_lines,
    write_json_line,
    write_line,
)

CHATTER = (
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
    "I0000 00:00:1790000000.157898   14897 port.cc:153] oneDNN custom operations are on.\n"
    "2026-01-31 10:00:00.123456: I tensorflow/core/util/port.cc:153] oneDNN custom operations are on.\n"
)
REAL = "E0000 00:00:1790000000.157898   14897 loader.cc:1] the library is broken\n"


@pytest.fixture
def first_import(monkeypatch):
    """As in a process that has not imported Keras."""
    monkeypatch.delitem(sys.modules, "keras")
    monkeypatch.delenv("ZOO_TRACEBACK", raising=False)


def test_chatter_is_kept_back_and_nothing_else(first_import, capfd):
    with quiet_import():
        os.write(2, (CHATTER + REAL + CHATTER).encode())
    os.write(2, b"after\n")
    assert capfd.readouterr().err == REAL + "after\n"


def test_an_error_while_importing_is_told(first_import, capfd):
    def fail():
        os.write(2, (CHATTER + REAL).encode())
        raise ImportError("no such library")

    with pytest.raises(ImportError, match="no such library"), quiet_import():
        fail()
    assert capfd.readouterr().err == REAL


def test_everything_is_shown_on_demand(first_import, capfd, monkeypatch):
    monkeypatch.setenv("ZOO_TRACEBACK", "1")
    with quiet_import():
        os.write(2, CHATTER.encode())
    assert capfd.readouterr().err == CHATTER
    with pytest.raises(ValueError, match="wrong"), errors_in_one_line():
        raise ValueError("wrong")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("the rule.\n  The remedy."), "zoo: the rule. The remedy."),
        (FileNotFoundError("No such file: x"), "zoo: No such file: x"),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "zoo: [Errno 28] No space left on device. What was saved before is still there: make room, then continue a "
            "training with --resume",
        ),
    ],
)
def test_an_error_is_one_line_and_exit_code_2(error, line, capsys):
    with pytest.raises(SystemExit) as ended, errors_in_one_line():
        raise error
    assert ended.value.code == 2
    assert capsys.readouterr().err == line + "\n"


def test_a_defect_of_ours_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError), errors_in_one_line():
        1 / 0  # noqa: B018


@pytest.mark.parametrize("is_terminal", [False, True])
def test_interrupted(capsys, monkeypatch, is_terminal):
    monkeypatch.setattr("sys.stderr.isatty", lambda: is_terminal)
    with pytest.raises(SystemExit) as ended, errors_in_one_line():
        raise KeyboardInterrupt
    assert ended.value.code == 130
    assert capsys.readouterr().err == "\n" * is_terminal + "zoo: interrupted.\n"


@pytest.mark.parametrize(
    ("text", "is_option"),
    [("--units", True), ("--units=3", True), ("--no-json", True), ("-5 degrees", False), ("-ing", False)],
)
def test_options_and_texts_with_a_hyphen_are_told_apart(text, is_option):
    assert bool(terminal.OPTION.fullmatch(text)) == is_option


@pytest.fixture
def clock(monkeypatch):
    """A clock that is set by hand."""
    now = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr(terminal.time, "monotonic", lambda: now.seconds)
    return now


def test_progress_is_shown_after_a_moment_and_wiped(clock, capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with ProgressBar("texts") as bar:
        clock.seconds += 1.9
        bar(8, 32)
        assert capsys.readouterr().err == ""
        clock.seconds += 0.1
        bar(8, 32)
        assert capsys.readouterr().err == f"\r8/32 texts [{'=' * 5}{' ' * 15}] 6 s left"
        clock.seconds += 0.1
        bar(9, 32)  # too soon to look again
        clock.seconds += 5.9
        bar(16, 32)
        assert capsys.readouterr().err == f"\r16/32 texts [{'=' * 10}{' ' * 10}] 8 s left"
    assert capsys.readouterr().err == "\r" + " " * 43 + "\r"


def test_no_progress_of_short_commands_or_in_files(clock, capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with ProgressBar() as bar:
        clock.seconds += 1
        bar(1, 1)
    monkeypatch.setattr("sys.stderr.isatty", lambda: False)
    with ProgressBar() as bar:
        clock.seconds += 99
        bar(1, 2)
    assert capsys.readouterr().err == ""


def test_progress_is_wiped_before_an_error(clock, capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)

    def fail():
        with ProgressBar() as bar:
            clock.seconds += 3
            bar(1, 2)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert re.fullmatch(r"\r1/2 inputs .* left\r +\r", capsys.readouterr().err)


def test_what_controls_a_terminal_is_escaped(capsys):
    write_line("\x1b]0;owned\x07")
    with pytest.raises(SystemExit), errors_in_one_line():
        raise ValueError("label '\x1b[31m'")
    output, errors = capsys.readouterr()
    assert "\x1b" not in output + errors
    assert "\\x1b[31m" in errors


def test_json_lines_hold_no_infinite_numbers(capsys):
    write_json_line({"text": "ä\x1b", "perplexity": float("inf")})
    assert capsys.readouterr().out == '{"text": "ä\\u001b", "perplexity": null}\n'


def test_standard_input_may_begin_with_a_byte_order_mark(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("\ufeffa film\n\n  \nanother\n"))
    assert read_lines() == ["a film", "another"]
