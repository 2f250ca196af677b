import numpy as np
import pytest
from matplotlib.image import imread

from zoo.plots.pictures import plot_pictures


def pictures(rows, columns, height=4, width=6):
    return np.random.default_rng(0).random((rows, columns, height, width))


def tints(axes):
    return [patch.get_xy() for patch in axes.patches]


def area(corners):
    """Of a polygon, in pixels."""
    x, y = corners.T
    return 0.5 * abs(float(x[:-1] @ y[1:] - x[1:] @ y[:-1]))


def test_each_stands_at_its_place(drawn, tmp_path):
    given = pictures(2, 3)
    plot_pictures(given, tmp_path / "pictures.png", titles=["a", "b", "c"])
    axes = np.array(drawn[0].axes).reshape(2, 3)
    for place, one in np.ndenumerate(axes):
        (image,) = one.images
        np.testing.assert_array_equal(image.get_array(), given[place])
        assert image.get_clim() == (0, 1)
        assert not tints(one)
    assert [one.get_title() for one in axes[0]] == ["a", "b", "c"]
    assert not drawn[0].get_supxlabel()


@pytest.mark.parametrize("count", [6, 12, 8, 1, 24])
def test_the_given_part_is_tinted_pixel_by_pixel(drawn, tmp_path, count):
    plot_pictures(pictures(1, 2), tmp_path / "pictures.png", observed=np.array([[0, count]]))
    first, second = drawn[0].axes
    assert not tints(first)
    (corners,) = tints(second)
    assert area(corners) == pytest.approx(count)
    lines = [line.get_ydata() for line in second.get_lines()]
    if count < 24:  # along the end of what is given
        assert {float(y) for y in lines[0]} == {count // 6 - 0.5} | ({count // 6 + 0.5} if count % 6 else set())
    assert drawn[0].get_supxlabel() == "tinted: given"


def test_the_file_is_a_picture(tmp_path):
    plot_pictures(pictures(3, 5, 28, 28), tmp_path / "pictures.png", observed=np.full((3, 5), 392))
    assert imread(tmp_path / "pictures.png").std() > 0.01


@pytest.mark.parametrize(
    ("shown", "options", "message"),
    [
        (np.zeros((2, 3, 4)), {}, r"\(rows, columns, height, width\). Received: \(2, 3, 4\)"),
        (np.zeros((0, 3, 4, 4)), {}, r"Received: \(0, 3, 4, 4\)"),
        (np.full((1, 1, 2, 2), 255), {}, "from 0 to 1. Received: 255.0 to 255.0"),
        (np.zeros((1, 2, 2, 2)), {"observed": np.array([[0, 5]])}, "from 0 to 4 for each of 1 x 2 pictures"),
        (np.zeros((1, 2, 2, 2)), {"observed": np.array([1, 1])}, "for each of 1 x 2 pictures"),
        (np.zeros((1, 2, 2, 2)), {"titles": ["one"]}, "each of 2 columns or none. Received: 1"),
    ],
)
def test_what_cannot_be_drawn(tmp_path, shown, options, message):
    with pytest.raises(ValueError, match=message):
        plot_pictures(shown, tmp_path / "pictures.png", **options)


def test_titles_are_no_mathematics(drawn, tmp_path):
    plot_pictures(pictures(1, 1), tmp_path / "pictures.png", titles=["$a$"])
    title = drawn[0].axes[0].title
    assert (title.get_text(), title.get_parse_math()) == ("$a$", False)
