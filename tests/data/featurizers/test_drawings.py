"""Movements to lines and back, by hand and by any drawing."""

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from zoo.data.featurizers.drawings import DOWN, END, SIDE, UP, Drawings, lines, movements, to_text, write_svg
from zoo.storage.files import DataError

# An L, and a dash to its right: the pen goes over the paper from (10, 20) to (15, 5).
LINES = [np.array([[0, 0], [0, 20], [10, 20]]), np.array([[15, 5], [25, 5]])]
MOVES = np.array([[0, 20, DOWN], [10, 0, UP], [5, -15, DOWN], [10, 0, UP]], "float32")

POINTS = arrays.arrays("int32", st.tuples(st.integers(2, 5), st.just(2)), elements=st.integers(-50, 50))


def test_lines_are_movements():
    np.testing.assert_array_equal(movements(LINES), MOVES)
    assert movements(LINES).dtype == np.float32
    for found, expected in zip(lines(MOVES), LINES, strict=True):
        np.testing.assert_array_equal(found, expected)


@given(st.lists(POINTS, min_size=1, max_size=4))
def test_any_drawing_comes_back(drawing):
    found = lines(movements(drawing))
    assert len(found) == len(drawing)
    for line, expected in zip(found, drawing, strict=True):
        np.testing.assert_array_equal(line, expected - drawing[0][0])


def test_what_a_model_may_draw():
    ended = np.concatenate([MOVES[:2], [[0, 0, END], [9, 9, DOWN]]])
    assert [line.tolist() for line in lines(ended)] == [LINES[0].tolist()]
    lifted = np.array([[1, 0, UP], [2, 0, UP], [3, 0, UP], [4, 0, DOWN], [5, 0, DOWN]])
    assert [line[:, 0].tolist() for line in lines(lifted)] == [[0, 1], [10, 15]]
    assert lines(np.zeros((0, 3))) == []


def test_the_scale_leaves_the_pen_alone_and_adds_the_end():
    encoder = Drawings(10.0)
    expected = [[0, 2, DOWN], [1, 0, UP], [0.5, -1.5, DOWN], [1, 0, UP], [0, 0, END]]
    for value in (MOVES, [line.tolist() for line in LINES]):
        np.testing.assert_allclose(encoder.encode(value), expected)
    far = np.array([0, 20, 10, 0, 5, -15, 10, 0])
    assert Drawings.of([MOVES[:2], MOVES[2:]]).scale == pytest.approx(far.std())
    assert Drawings.of([np.zeros((2, 3))]).scale == 1.0


def test_it_is_kept_in_a_file(tmp_path):
    Drawings(12.5).save(tmp_path / "drawings.json")
    assert Drawings.load(tmp_path / "drawings.json") == Drawings(12.5)
    (tmp_path / "wrong.json").write_text('{"kind": "drawings", "scale": 0}')
    with pytest.raises(DataError, match="The scale of movements is above 0. Received: 0"):
        Drawings.load(tmp_path / "wrong.json")


def test_a_picture_of_vectors(tmp_path):
    path = tmp_path / "drawing.svg"
    write_svg(path, MOVES)
    root = ElementTree.parse(path).getroot()
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    assert max(width, height) == pytest.approx(SIDE, abs=0.01)
    drawn = [
        np.array([point.split(",") for point in line.attrib["points"].split()], "float64")
        for line in root.iter("{http://www.w3.org/2000/svg}polyline")
    ]
    assert [len(line) for line in drawn] == [3, 2]
    unit = (drawn[1] - drawn[0][0])[1, 0] / 25
    for line, expected in zip(drawn, LINES, strict=True):
        np.testing.assert_allclose(line, drawn[0][0] + expected * unit, atol=0.02)
        assert (line >= 0).all() and (line <= [width, height]).all()


def test_a_drawing_in_characters():
    """A square of eight columns is four rows high; a stroke along its diagonal goes down a row every two columns."""
    square = movements([[[0, 0], [70, 0], [70, 70], [0, 70], [0, 0]]])
    assert to_text(square, columns=8).split("\n") == ["########", "#      #", "#      #", "########"]
    diagonal = movements([[[0, 0], [7, 7]]])
    assert to_text(diagonal, columns=8).split("\n") == ["##", "  ##", "    ##", "      ##"]
    assert to_text(movements([[[0, 5], [0, 9]]]), columns=4) == "#\n#"
    assert to_text(np.array([[0, 0, END]]), columns=4) == "(no line)"


def test_an_empty_drawing_is_an_empty_picture(tmp_path):
    write_svg(tmp_path / "empty.svg", np.zeros((0, 3)))
    assert "<polyline" not in (tmp_path / "empty.svg").read_text()


@pytest.mark.parametrize(
    ("drawing", "message"),
    [
        ([], "at least one line. Received: none"),
        ([[[0, 0]]], r"two points or more.*shape \(1, 2\) as line 0"),
        ([LINES[0], np.zeros((2, 3))], r"shape \(2, 3\) as line 1"),
        ([LINES[0], np.full((2, 2), np.nan)], "as line 1"),
    ],
)
def test_what_is_no_drawing(drawing, message):
    with pytest.raises(ValueError, match=message):
        movements(drawing)


@pytest.mark.parametrize("drawing", [np.zeros((3, 2)), np.full((1, 3), np.inf)])
def test_what_are_no_movements(drawing):
    with pytest.raises(ValueError, match="rows of three finite numbers"):
        lines(drawing)
