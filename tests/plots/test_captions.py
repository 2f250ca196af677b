import numpy as np
import pytest
from matplotlib.image import imread

from tests.plots.figures import boxes, overlaps, texts
from zoo.plots.captions import plot_captions, plot_clips


def captioned(random, words, grid=(2, 3), size=(20, 30)):
    alignment = random.dirichlet(np.ones(grid[0] * grid[1]), len(words))
    return random.integers(0, 256, (*size, 3), "uint8"), words, alignment, grid


def test_every_word_has_a_panel_lit_where_the_model_looked(drawn, tmp_path):
    picture = np.full((4, 6, 1), 200, "uint8")
    alignment = np.array([[0.1, 0, 0, 0, 0, 0.9], [1, 0, 0, 0, 0, 0]])
    plot_captions([(picture, ["a", "$5"], alignment, (2, 3))], tmp_path / "a.png", titles=["a $5"])
    whole, first, second = drawn[0].axes
    np.testing.assert_allclose(whole.images[0].get_array(), 200 / 255)
    light = first.images[0].get_array()[..., 0] / (200 / 255)
    np.testing.assert_allclose(light[2:, 4:], 1)  # the last region, of 2 x 2 pixels
    np.testing.assert_allclose(light[:2, :2], 0.25 + 0.75 / 9, atol=1e-6)
    np.testing.assert_allclose(light[:2, 2:], 0.25)
    assert texts(first) == ["a", "0.90"] and texts(second) == ["$5", "1.00"]
    assert [text.get_text() for text in drawn[0].texts] == ["a $5"]


@pytest.mark.parametrize("size", [(20, 80), (30, 30), (80, 20)])
def test_no_word_and_no_panel_lies_on_another(drawn, random, tmp_path, size):
    words = ["left", "of", "a", "triangle"] * 5
    shown = [captioned(random, words, size=size), captioned(random, words[:2], size=size)]
    plot_captions(shown, tmp_path / "a.png", titles=["one", "two"])
    figure = drawn[0]
    placed = [(str(number), axes.get_window_extent()) for number, axes in enumerate(figure.axes)]
    assert len(placed) == 21 + 3 and overlaps(placed) == []
    above = boxes(figure, [axes.texts[0] for axes in figure.axes if axes.texts])
    assert overlaps([*placed, *boxes(figure, figure.texts)]) == []
    assert overlaps(above) == []


def test_a_film_stands_over_its_weights(drawn, random, tmp_path):
    frames = random.random((3, 8, 16, 3))
    alignment = np.array([[0.7, 0.3, 0.0], [0, 0, 1.0]])
    plot_clips([(frames, ["moves", "left"], alignment)], tmp_path / "a.png", titles=["moves left"])
    *film, weights = drawn[0].axes
    np.testing.assert_array_equal(weights.images[0].get_array(), alignment)
    assert [tick.get_text() for tick in weights.get_yticklabels()] == ["moves", "left"]
    assert texts(weights) == ["0.70", "0.30", "1.00"]
    for place, axes in enumerate(film):
        np.testing.assert_allclose(axes.images[0].get_array(), frames[place])
        column = weights.transData.transform([(place - 0.5, 0), (place + 0.5, 0)])[:, 0]
        np.testing.assert_allclose(axes.get_window_extent().intervalx, column, atol=1)


def test_the_files_are_pictures(random, tmp_path):
    plot_captions([captioned(random, ["a", "b"])], tmp_path / "a.png")
    plot_clips([(random.random((2, 4, 4, 1)), ["a"], np.array([[0.5, 0.5]]))], tmp_path / "b.png")
    assert imread(tmp_path / "a.png").std() > 0.05 and imread(tmp_path / "b.png").std() > 0.05


def test_what_does_not_fit(random, tmp_path):
    picture, words, alignment, grid = captioned(random, ["a", "b"])
    with pytest.raises(ValueError, match=r"shape \(2, 6\): words by regions. Received: \(2, 5\)"):
        plot_captions([(picture, words, alignment[:, :5], grid)], tmp_path / "a.png")
    with pytest.raises(ValueError, match=r"shape \(1, 4\): words by frames. Received: \(2, 6\)"):
        plot_clips([(np.zeros((4, 2, 2, 3)), ["a"], alignment)], tmp_path / "a.png")
    for plot, what in ((plot_captions, "picture"), (plot_clips, "clip")):
        with pytest.raises(ValueError, match=f"no {what} was given"):
            plot([], tmp_path / "a.png")
