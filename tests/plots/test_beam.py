import pytest
from matplotlib.colors import to_rgba
from matplotlib.image import imread

from tests.plots.figures import boxes, overlaps, texts
from zoo.plots.beam import FINISHED, Branch, plot_beam

# the cat <end> is the best that is finished; "down" is better than the other one, but not finished.
TREE = [
    [Branch("the", None, -0.5), Branch("a", None, -1.1), Branch("extraordinarily-long-word", None, -2.0)],
    [Branch("cat", 0, -0.9), Branch("dog", 0, -1.2), Branch("мир", 1, -1.6)],
    [Branch("<end>", 0, -1.0, True), Branch("sat", 1, -1.5), Branch("$5 or $6", 0, -1.9)],
    [Branch("down", 1, -1.6), Branch(" ", 1, -1.8), Branch("<end>", 2, -2.2, True)],
]


def highlighted(figure):
    return [text.get_text() for text in figure.axes[0].texts if text.get_fontweight() == "bold"]


def test_every_branch_has_its_word_and_score(drawn, tmp_path):
    plot_beam(TREE, tmp_path / "beam.png")
    found = texts(drawn[0].axes[0])
    for word in ("the", "a", "cat", "dog", "мир", "sat", "$5␣or␣$6", "down", "␣"):
        assert found.count(word) == 1
    assert found.count("<end>") == 2
    assert [text for text in found if text.startswith("-")] == [f"{b.score:.2f}" for step in TREE for b in step]
    assert len(drawn[0].axes[0].patches) == 9  # an edge for each branch behind the first step
    assert overlaps(boxes(drawn[0], drawn[0].axes[0].texts)) == []


@pytest.mark.parametrize(
    ("kept", "words"),
    [(1, ["the", "cat", "<end>"]), (2, ["the", "cat", "<end>", "$5␣or␣$6", "<end>"]), (0, [])],
)
def test_the_best_finished_paths_are_highlighted(drawn, tmp_path, kept, words):
    plot_beam(TREE, tmp_path / "beam.png", highlighted=kept)
    assert highlighted(drawn[0]) == words


def test_without_a_finished_one_it_is_the_best_of_the_last_step(drawn, tmp_path):
    plot_beam([*TREE[:2], [Branch("sat", 1, -1.5), Branch("ran", 2, -1.4)]], tmp_path / "beam.png")
    assert highlighted(drawn[0]) == ["a", "мир", "ran"]


def test_finished_branches_have_a_frame_of_their_own(drawn, tmp_path):
    plot_beam(TREE, tmp_path / "beam.png")
    framed = [t for t in drawn[0].axes[0].texts if t.get_bbox_patch()]
    green = [t.get_text() for t in framed if t.get_bbox_patch().get_edgecolor() == to_rgba(FINISHED)]
    assert green == ["<end>", "<end>"]


def test_wide_and_narrow_trees_are_pictures(tmp_path):
    wide = [[Branch(f"word {n}", None if step == 0 else n // 2, -step - n / 9) for n in range(10)] for step in range(9)]
    plot_beam(wide, tmp_path / "wide.png")
    plot_beam([[Branch("a", None, -0.1)]], tmp_path / "narrow.png")
    wide, narrow = imread(tmp_path / "wide.png"), imread(tmp_path / "narrow.png")
    assert wide.std() > 0.01 and narrow.std() > 0.01
    assert wide.shape[1] > 9 * narrow.shape[1]


def test_what_is_no_tree(tmp_path):
    with pytest.raises(ValueError, match="holds no branch"):
        plot_beam([[]], tmp_path / "beam.png")
    with pytest.raises(ValueError, match=r"branch 0 of step 1 must be a position among the 1 branches .*Received: 1"):
        plot_beam([[Branch("a", None, 0.0)], [Branch("b", 1, 0.0)]], tmp_path / "beam.png")
    with pytest.raises(ValueError, match="branch 0 of step 0 must be None"):
        plot_beam([[Branch("a", 0, 0.0)]], tmp_path / "beam.png")
