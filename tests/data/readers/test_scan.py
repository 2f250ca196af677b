import pytest

from zoo.data.readers import scan
from zoo.storage.files import DataError


@pytest.mark.parametrize("name", ["tasks.txt", "tasks.txt.gz"])
def test_commands_and_actions(write, name):
    path = write(name, "IN: jump twice OUT: I_JUMP I_JUMP\nIN: look OUT: I_LOOK \n")
    assert scan.read(path) == [
        {"source": "jump twice", "target": "I_JUMP I_JUMP"},
        {"source": "look", "target": "I_LOOK"},
    ]


@pytest.mark.parametrize(
    "line", ["jump twice", "IN: jump", "IN:  OUT: I_JUMP", "IN: jump OUT: ", "in: jump out: I_JUMP"]
)
def test_malformed(write, line):
    with pytest.raises(DataError, match=r"tasks\.txt:2: expected IN: a command OUT: its actions, found "):
        scan.read(write("tasks.txt", f"IN: look OUT: I_LOOK\n{line}\nIN: look OUT: I_LOOK\n"))


def test_blanks_cost_no_more_than_other_letters(write):
    """By a regular expression this took hours."""
    path = write("tasks.txt", "IN: a OUT: b" + " " * 1_000_000 + "c\nIN: a OUT: b" + " " * 1_000_000 + "\n")
    first, second = scan.read(path)
    assert (len(first["target"]), second["target"]) == (1_000_002, "b")


@pytest.mark.real_data
def test_real_commands(real_data):
    folder = real_data / "scan_simple_length"
    simple = scan.read(folder / "tasks_train_simple.txt.gz"), scan.read(folder / "tasks_test_simple.txt.gz")
    assert [len(part) for part in simple] == [16728, 4182]
    assert len({example["source"] for part in simple for example in part}) == 20910
    longest = max(len(example["target"].split()) for example in scan.read(folder / "tasks_train_length.txt.gz"))
    assert longest == 22


def test_empty_lines_are_passed_over(write):
    assert len(scan.read(write("a.txt", "IN: jump OUT: I_JUMP\n\nIN: run OUT: I_RUN\n\n"))) == 2


def test_two_rows_in_one_line(write):
    with pytest.raises(DataError, match=r"a\.txt:1: expected IN: a command OUT: its actions"):
        scan.read(write("a.txt", "IN: jump OUT: I_JUMPIN: run OUT: I_RUN\n"))
