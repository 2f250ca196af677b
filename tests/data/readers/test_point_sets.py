import numpy as np
import pytest

from zoo.data.readers.point_sets import read
from zoo.data.synthetic.convex_hulls import hull
from zoo.storage.files import DataError

SQUARE = "0 0 1 0 1 1 0 1"


@pytest.mark.parametrize("name", ["hulls.txt", "hulls.txt.gz"])
def test_points_and_positions(write, name):
    first, second = read(write(name, f"{SQUARE} output 1 2 3 4 1 \n0.5 0.25 .75 1e-3 -2 3 output 2 1 3 2\n"))
    np.testing.assert_array_equal(first["source"], [[0, 0], [1, 0], [1, 1], [0, 1]])
    np.testing.assert_array_equal(second["source"], np.array([[0.5, 0.25], [0.75, 0.001], [-2, 3]], "float32"))
    assert (first["target"], second["target"]) == ([0, 1, 2, 3], [1, 0, 2])
    assert first["source"].dtype == "float32"


def test_points_without_an_answer(write):
    examples = read(write("points.txt", f"{SQUARE}\n{SQUARE} output 2 3 4 2\n"))
    assert [example["target"] for example in examples] == [[], [1, 2, 3]]


def test_sequences_that_do_not_come_back(write):
    examples = read(write("points.txt", f"{SQUARE} output 3 1\n{SQUARE} output 4\n"), closed=False)
    assert [example["target"] for example in examples] == [[2, 0], [3]]


@pytest.mark.parametrize(
    ("line", "expected", "found"),
    [
        ("0 0 1 0 output 1 2 1", "3 points or more", "2"),
        ("0 0 1 0 1 output 1 2 1", "pairs of coordinates", "5 numbers"),
        ("0 0 1 0 1 one output 1 2 1", "numbers", "'one'"),
        ("0 0 1 0 1 1 Output 1 2 3 1", "numbers", "'Output'"),
        ("0 0 1 0 1 nan output 1 2 3 1", "finite coordinates", "'nan'"),
        ("0 0 1 0 1 -inf output 1 2 3 1", "finite coordinates", "'-inf'"),
        ("0 0 1 0.5 0 1 1.0 .5 output 1 2 3 1", "points that differ", r"points 2 and 4 both at \[1.0, 0.5\]"),
        ("0 0 1 0.5 0 1 1.00000000001 .5 output 1 2 3 1", "points that differ", "points 2 and 4"),
        ("0.1 0.1 0.2 0.2 0.3 0.3 output 1 2 3 1", "points that are not all on one line", r"\[\[0.1, 0.1\]"),
        ("0 0 0.1 0.3 0.2 0.6 0.3 0.9 output 1 2 3 1", "points that are not all on one line", r"\[\["),
        (f"{SQUARE} output 1 2 5 1", "positions of 1 to 4", "'5'"),
        (f"{SQUARE} output 1 2 0 1", "positions of 1 to 4", "'0'"),
        (f"{SQUARE} output 1 2 -3 1", "positions of 1 to 4", "'-3'"),
        (f"{SQUARE} output 1 2 3.0 1", "positions of 1 to 4", "'3.0'"),
        (f"{SQUARE} output 1 2 3 output 1", "positions of 1 to 4", "'output'"),
        (f"{SQUARE} output 1 2 3 4", "a closed tour", "'1 2 3 4'"),
        (f"{SQUARE} output", "a closed tour", "''"),
        (f"{SQUARE} output 1", "a closed tour", "'1'"),
        (f"{SQUARE} output 1 2 1", "3 positions or more", "'1 2 1'"),
        (f"{SQUARE} output 1 2 3 2 1", "every position once", "2 again in '1 2 3 2 1'"),
    ],
)
def test_malformed(write, line, expected, found):
    with pytest.raises(DataError, match=rf"hulls\.txt:2: expected {expected}.*, found {found}"):
        read(write("hulls.txt", f"{SQUARE} output 1 2 3 1\n{line}\n{SQUARE} output 1 2 3 1\n"))


@pytest.mark.parametrize("answer", ["", " 1 2 1"])
def test_malformed_sequence(write, answer):
    with pytest.raises(DataError, match=r"hulls\.txt:1: expected (1 positions or more|every position once)"):
        read(write("hulls.txt", f"{SQUARE} output{answer}\n"), closed=False)


@pytest.mark.real_data
def test_published_hulls(real_data):
    examples = read(real_data / "convex_hull_5" / "convex_hull_5_test.txt.gz")
    assert len(examples) == 10_000
    assert {example["source"].shape for example in examples} == {(5, 2)}
    wrong = [number for number, example in enumerate(examples) if hull(example["source"]) != example["target"]]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("0 0 1e39 0 1 1 output 1 2 3 1", "finite coordinates, found '1e39'"),
        ("0 0 1_5 0 1 1 output 1 2 3 1", "numbers x1 y1 .* found '1_5'"),
        (f"0 0 1 0 1 1 output 1 2 {'3' * 5000} 1", "positions of 1 to 3"),
    ],
)
def test_numbers_that_are_none(write, line, found):
    with pytest.raises(DataError, match=rf"a\.txt:1: expected {found}"):
        read(write("a.txt", line))


def test_empty_lines_are_passed_over(write):
    assert len(read(write("a.txt", "0 0 0 1 1 0 output 1 2 3 1\n\n"))) == 1
