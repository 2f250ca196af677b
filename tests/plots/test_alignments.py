import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import imread

from tests.plots.figures import boxes, overlaps
from zoo.plots.alignments import plot_alignment, plot_alignments


def weights(random, target, source):
    return random.dirichlet(np.ones(source), target)


def ticks(axis):
    return [tick.get_text() for tick in axis.get_ticklabels()]


def test_words_of_both_sides_stand_at_their_weights(drawn, random, tmp_path):
    alignment = weights(random, 3, 4)
    plot_alignment(alignment, ["a", "$5", " ", "$6"], ["x", "y", "<end>"], tmp_path / "a.png", title="one")
    axes = drawn[0].axes[0]
    assert (ticks(axes.xaxis), ticks(axes.yaxis)) == (["a", "$5", "␣", "$6"], ["x", "y", "<end>"])
    np.testing.assert_array_equal(axes.images[0].get_array(), alignment)
    assert axes.get_title(loc="left") == "one"
    assert not any(tick.get_parse_math() for tick in axes.xaxis.get_ticklabels())


@pytest.mark.parametrize(("target", "source"), [(1, 1), (3, 25), (60, 60)])
def test_no_word_is_written_over_another(drawn, random, tmp_path, target, source):
    words = [("Donaudampfschifffahrtsgesellschaft", "и", "word")[n % 3] for n in range(max(target, source))]
    plot_alignment(weights(random, target, source), words[:source], words[:target], tmp_path / "a.png", title="title")
    axes = drawn[0].axes[0]
    found = [*axes.xaxis.get_ticklabels(), *axes.yaxis.get_ticklabels()]
    assert overlaps(boxes(drawn[0], found)) == []
    assert min(text.get_fontsize() for text in found) > 6


def test_a_sheet_holds_all_sentences_side_by_side(drawn, random, tmp_path):
    sizes = [(2, 9), (5, 3), (1, 1), (4, 4), (7, 2)]
    sentences = [(weights(random, t, s) / 2, ["extraordinarily"] * s, ["word"] * t) for t, s in sizes]
    plot_alignments(sentences, tmp_path / "sheet.png", titles=[f"title {n}" for n in range(5)], columns=2)
    *panels, colours = drawn[0].axes
    assert [axes.images[0].get_array().shape for axes in panels] == sizes
    assert len({axes.images[0].get_clim() for axes in panels}) == 1
    renderer = FigureCanvasAgg(drawn[0]).get_renderer()
    assert overlaps([(axes.get_title(loc="left"), axes.get_tightbbox(renderer)) for axes in [*panels, colours]]) == []


def test_the_file_is_a_picture_of_the_size_of_the_sentence(random, tmp_path):
    for size in (1, 60):
        plot_alignment(weights(random, size, size), ["a"] * size, ["b"] * size, tmp_path / f"{size}.png")
    small, large = imread(tmp_path / "1.png"), imread(tmp_path / "60.png")
    assert small.std() > 0.01 and large.std() > 0.01
    assert small.shape[0] < 300 and large.shape[0] > 900


def test_what_does_not_fit(random, tmp_path):
    with pytest.raises(ValueError, match=r"\(2, 3\) in sentence 0\. Received: \(3, 2\)"):
        plot_alignment(weights(random, 3, 2), ["a"] * 3, ["b"] * 2, tmp_path / "a.png")
    with pytest.raises(ValueError, match="no sentence was given"):
        plot_alignments([], tmp_path / "a.png")
