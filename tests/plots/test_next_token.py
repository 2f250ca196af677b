import pytest
from matplotlib.colors import to_rgba
from matplotlib.image import imread

from tests.plots.figures import boxes, overlaps, texts
from zoo.plots.next_token import TRUE, plot_next_tokens

TOKENS = ["the", "cat", "$5", "<end>"]
CANDIDATES = [
    [("a", 0.3), ("the", 0.45), ("I", 0.004)],
    [("dog", 0.5)],
    [(" ", 0.25), ("$5", 0.2), ("extraordinarily-long-word", 0.2)],
    [("<end>", 1.0)],
]


def marked(axes):
    return [patch for patch in axes.patches if patch.get_edgecolor() == to_rgba(TRUE)]


def test_the_likeliest_stand_below_their_token(drawn, tmp_path):
    plot_next_tokens(TOKENS, CANDIDATES, tmp_path / "next.png")
    axes = drawn[0].axes[0]
    found = texts(axes)
    assert found[:7] == ["the", "the", "45%", "a", "30%", "I", "<1%"]
    assert found[7:10] == ["cat", "dog", "50%"]
    assert found[10:12] == ["$5", "␣"]
    assert len(marked(axes)) == 3  # all but the cat
    assert overlaps(boxes(drawn[0], axes.texts)) == []


def test_the_frame_is_at_the_true_token(drawn, tmp_path):
    plot_next_tokens(TOKENS, CANDIDATES, tmp_path / "next.png")
    axes = drawn[0].axes[0]
    for patch, token in zip(marked(axes), ("the", "$5", "<end>"), strict=True):
        inside = [
            text.get_text()
            for text in axes.texts
            if patch.contains_point(axes.transData.transform(text.get_position()))
        ]
        assert inside[0] == token


def test_only_the_top_is_drawn(drawn, tmp_path):
    plot_next_tokens(TOKENS, CANDIDATES, tmp_path / "next.png", top=1)
    found = texts(drawn[0].axes[0])
    assert "I" not in found and "a" not in found
    assert len(marked(drawn[0].axes[0])) == 2  # of "$5" the blank was likelier


def test_a_long_sentence_goes_on_below(drawn, tmp_path):
    plot_next_tokens(["слово"] * 60, [[("слово", 0.6), ("漢字", 0.4)]] * 60, tmp_path / "next.png")
    axes = drawn[0].axes[0]
    assert axes.get_xlim()[1] <= 12.0
    lines = {text.get_position()[1] for text in axes.texts if text.get_fontweight() == "bold"}
    assert len(lines) > 3
    assert overlaps(boxes(drawn[0], [text for text in axes.texts if text.get_text() != "漢字"])) == []


def test_the_file_is_a_picture(tmp_path):
    plot_next_tokens(["a"], [[("a", 1.0)]], tmp_path / "next.png")
    assert imread(tmp_path / "next.png").std() > 0.01


def test_what_does_not_pair_up(tmp_path):
    with pytest.raises(ValueError, match="Received: 2 tokens, 1 lists"):
        plot_next_tokens(["a", "b"], [[("a", 1.0)]], tmp_path / "next.png")
    with pytest.raises(ValueError, match="Received: 0 tokens"):
        plot_next_tokens([], [], tmp_path / "next.png")
    with pytest.raises(ValueError, match=r"Place 0: 'a' must have a probability\. Received: -0\.5"):
        plot_next_tokens(["a"], [[("a", -0.5)]], tmp_path / "next.png")
