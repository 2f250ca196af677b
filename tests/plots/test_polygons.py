from itertools import pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.image import imread
from matplotlib.patches import Rectangle

from tests.plots.figures import boxes, overlaps, texts
from zoo.plots.polygons import ANSWER, TRUE, WRONG, plot_polygons

POINTS = np.array([(0, 0), (3, 0), (3, 2), (0, 2), (1, 1)], "float32")


def lines(axes, colour):
    """The ends of all lines of a colour."""
    return [
        line.get_xydata().tolist()
        for line in axes.lines
        if to_hex(line.get_color()) == colour and len(line.get_xdata()) > 1
    ]


def heads(axes):
    """Arrow heads: where they stand and, in degrees, where they point."""
    return [(*line.get_xydata()[0], line.get_marker()[2] + 90) for line in axes.lines if len(line.get_xdata()) == 1]


def drawn_alone(drawn, tmp_path, *panel):
    plot_polygons([panel], tmp_path / "p.png")
    return drawn[0].axes


def test_a_right_answer_lies_on_the_true_one(drawn, tmp_path):
    axes, *_ = drawn_alone(drawn, tmp_path, POINTS, [0, 1, 2, 3], [2, 1, 0, 3], None)
    assert lines(axes, ANSWER) == [[[0, 0], [3, 0]], [[3, 0], [3, 2]], [[3, 2], [0, 2]], [[0, 2], [0, 0]]]
    assert lines(axes, WRONG) == []
    assert lines(axes, TRUE) == [[[3, 2], [3, 0], [0, 0], [0, 2], [3, 2]]]
    assert sorted(texts(axes)) == ["0", "1", "2", "3", "4"]
    assert axes.get_aspect() == "auto" and np.ptp(axes.get_xlim()) == pytest.approx(np.ptp(axes.get_ylim()))
    size = axes.get_position()
    assert size.width == pytest.approx(size.height)


def test_arrows_go_the_said_way(drawn, tmp_path):
    axes, *_ = drawn_alone(drawn, tmp_path, POINTS, [0, 1, 2, 3], None, None)
    np.testing.assert_allclose(heads(axes), [(1.5, 0, 0), (3, 1, 90), (1.5, 2, 180), (0, 1, -90)])
    ring = axes.collections[-1]
    assert ring.get_offsets().tolist() == [[0, 0]] and not len(ring.get_facecolors())


def test_wrong_sides_are_red(drawn, tmp_path):
    axes, *_ = drawn_alone(drawn, tmp_path, POINTS, [0, 1, 3, 2], [0, 1, 2, 3], None)
    assert lines(axes, ANSWER) == [[[0, 0], [3, 0]], [[0, 2], [3, 2]]]
    assert lines(axes, WRONG) == [[[3, 0], [0, 2]], [[3, 2], [0, 0]]]
    (legend,) = drawn[0].legends
    assert "predicted, but no side of the true one" in [text.get_text() for text in legend.get_texts()]


@pytest.mark.parametrize(("said", "sides"), [([], 0), ([2], 0), ([2, 0], 1), ([2, 0, 2], 3)])
def test_answers_that_are_no_polygons(drawn, tmp_path, said, sides):
    weights = np.full((len(said) + 1, 5), 0.2)
    axes, *_ = drawn_alone(drawn, tmp_path, POINTS, said, None, weights)
    assert len(lines(axes, ANSWER)) == sides


def test_weights_are_below_with_what_was_said(drawn, random, tmp_path):
    weights = random.dirichlet(np.ones(6), 4)[:, :5]
    axes, below, _ = drawn_alone(drawn, tmp_path, POINTS, [4, 1, 2], None, weights)
    (image,) = below.images
    np.testing.assert_array_equal(image.get_array(), weights)
    assert image.get_clim() == (0, 1)
    assert [tick.get_text() for tick in below.get_yticklabels()] == ["4", "1", "2", "end"]
    assert [tick.get_text() for tick in below.get_xticklabels()] == ["0", "1", "2", "3", "4"]
    frames = [patch.get_center() for patch in below.patches if isinstance(patch, Rectangle)]
    assert [tuple(map(float, place)) for place in frames] == [(4, 0), (1, 1), (2, 2)]
    assert below.get_position().y1 < axes.get_position().y0


@pytest.mark.parametrize("points", [3, 12, 50])
def test_nothing_is_written_over_another(drawn, random, tmp_path, points):
    panels = []
    for number in range(5):
        said = random.permutation(points).tolist()
        weights = random.dirichlet(np.ones(points), points + number % 2)
        # Places on a grid, as points that touch leave no room for numbers.
        x, y = np.divmod(random.permutation(64)[:points], 8)
        panels.append((np.stack([x, y], axis=1), said, said[::-1], None if number == 3 else weights))
    plot_polygons(panels, tmp_path / "sheet.png", titles=[f"title {number}" for number in range(5)], columns=2)
    figure = drawn[0]
    renderer = FigureCanvasAgg(figure).get_renderer()
    placed = [(axes, axes.get_tightbbox(renderer)) for axes in figure.axes]
    placed += [("legend", figure.legends[0].get_window_extent(renderer))]
    assert len(placed) == 5 + 4 + 1 + 1
    assert overlaps(placed) == []
    for axes in figure.axes:
        found = [*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()]
        assert overlaps(boxes(figure, found)) == []


def test_numbers_keep_off_the_lines(drawn, random, tmp_path):
    angles = np.arange(10) * np.pi / 5
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    (axes,) = drawn_alone(drawn, tmp_path, circle, list(range(10)), list(range(10)), None)
    renderer = FigureCanvasAgg(drawn[0]).get_renderer()
    along = np.linspace(0, 1, 50)[:, None]
    closed = [*circle, circle[0]]
    sides = np.concatenate([a + along * (b - a) for a, b in pairwise(closed)])
    for text in axes.texts:
        box = text.get_window_extent(renderer)
        inside = [box.contains(*place) for place in axes.transData.transform(sides)]
        assert not any(inside)
        # Beside its own point and no other.
        distances = np.linalg.norm(circle - text.get_position(), axis=1)
        assert distances.argmin() == int(text.get_text())


def test_of_many_points_none_has_a_number(drawn, random, tmp_path):
    axes, *_ = drawn_alone(drawn, tmp_path, random.random((300, 2)), [3, 5, 8], None, np.full((3, 300), 1 / 300))
    assert texts(axes) == []


def test_points_at_one_place(drawn, tmp_path):
    axes, *_ = drawn_alone(drawn, tmp_path, np.ones((4, 2)), [0, 1, 2], [0, 1, 2], None)
    assert np.isfinite([*axes.get_xlim(), *axes.get_ylim()]).all()


def test_the_file_is_a_picture(random, tmp_path):
    plot_polygons([(POINTS, [0, 1, 2], [0, 1, 2, 3], np.full((4, 5), 0.2))] * 4, tmp_path / "p.png", columns=2)
    picture = imread(tmp_path / "p.png")
    assert picture.std() > 0.01 and min(picture.shape[:2]) > 500


@pytest.mark.parametrize(
    ("panel", "message"),
    [
        ((np.zeros((4, 3)), [0], None, None), r"Received: \(4, 3\) in panel 1"),
        ((np.full((4, 2), np.inf), [0], None, None), "finite"),
        ((POINTS, [0, 5], None, None), "Received: 5 in panel 1"),
        ((POINTS, [0], [-1, 2], None), "Received: -1 in panel 1"),
        ((POINTS, [0, 1, 2], None, np.ones((5, 5))), r"Received: \(5, 5\) in panel 1"),
        ((POINTS, [0, 1, 2], None, np.ones((3, 6))), r"Received: \(3, 6\) in panel 1"),
    ],
)
def test_what_does_not_fit(tmp_path, panel, message):
    with pytest.raises(ValueError, match=message):
        plot_polygons([(POINTS, [0, 1, 2], None, None), panel], tmp_path / "p.png")
    with pytest.raises(ValueError, match="no panel was given"):
        plot_polygons([], tmp_path / "p.png")
