import numpy as np
import pytest
from matplotlib.image import imread

from zoo.plots.drawings import plot_drawings

L = np.array([[0, 0], [0, 20], [10, 20]])
DASH = np.array([[15, 5], [25, 5]])


def test_drawings_stand_in_rows_with_their_names(drawn, tmp_path):
    plot_drawings([("true", [[L, DASH], [DASH], []]), ("temperature 0.5", [[L]])], tmp_path / "d.png")
    (figure,) = drawn
    places = [axes.get_position() for axes in figure.axes]
    assert len(places) == 4
    assert places[0].y0 == places[2].y0 > places[3].y0
    assert places[0].x0 == places[3].x0 < places[1].x0
    assert places[0].width * figure.get_figwidth() == pytest.approx(places[0].height * figure.get_figheight())
    assert [text.get_text() for text in figure.texts] == ["true", "temperature 0.5"]
    assert len(figure.axes[2].lines) == 0


def test_lines_are_where_they_were_drawn_with_y_down(drawn, tmp_path):
    plot_drawings([("", [[L, DASH]])], tmp_path / "d.png")
    (axes,) = drawn[0].axes
    assert [line.get_xydata().tolist() for line in axes.lines] == [L.tolist(), DASH.tolist()]
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    assert bottom - top == pytest.approx(right - left)  # y grows downwards, and a square is one
    assert left < 0 and right > 25 and top < 0 and bottom > 20
    first, second = (line.get_color() for line in axes.lines)
    assert sum(first[:3]) < sum(second[:3])


def test_the_file_is_a_picture(tmp_path):
    plot_drawings([("one", [[L, DASH]])], tmp_path / "d.png")
    assert imread(tmp_path / "d.png").std() > 0.01


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "no drawing was given"),
        ([("a", [])], "no drawing was given"),
        ([("a", [[L], [np.zeros((2, 3))]])], r"shape \(2, 3\) in drawing 1 of row 'a'"),
        ([("a", [[np.full((2, 2), np.nan)]])], "finite numbers"),
    ],
)
def test_what_cannot_be_drawn(tmp_path, rows, message):
    with pytest.raises(ValueError, match=message):
        plot_drawings(rows, tmp_path / "d.png")
