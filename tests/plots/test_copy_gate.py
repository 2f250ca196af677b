import numpy as np
import pytest
from matplotlib.image import imread

from tests.plots.figures import boxes, overlaps, texts
from zoo.plots.copy_gate import UNKNOWN, WIDTH, plot_copy_gates

TOKENS = ["Ada", "ordered", "$5", " ", "tolmin"]
GATES = [0.9, 0.0, 0.3, 0.5, 1.0]
KNOWN = [False, True, True, True, False]


def brightness(patch):
    return sum(patch.get_facecolor()[:3])


def underlines(axes):
    """Of all lines but the legend's, the last: where each begins."""
    return [line.get_xdata()[0] for line in axes.get_lines() if line.get_color() == UNKNOWN][:-1]


def test_each_token_stands_on_the_colour_of_its_gate(drawn, tmp_path):
    plot_copy_gates([(TOKENS, GATES, KNOWN)], tmp_path / "gates.png")
    axes, bar = drawn[0].axes
    assert texts(axes) == ["Ada", "ordered", "$5", "␣", "tolmin", "not in the vocabulary"]
    assert len(axes.patches) == 5
    for patch, (_, box) in zip(axes.patches, boxes(drawn[0], axes.texts), strict=False):
        assert patch.contains_point(((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
    assert np.argsort([-brightness(patch) for patch in axes.patches]).tolist() == np.argsort(GATES).tolist()
    assert axes.patches[1].get_facecolor() == (1.0, 1.0, 1.0, 1.0)
    assert [text.get_color() for text in axes.texts[:5]] == ["white", "black", "black", "black", "white"]
    assert not axes.texts[2].get_parse_math()
    assert bar.get_xlim() == (0.0, 1.0)


def test_what_the_vocabulary_lacks_is_underlined(drawn, tmp_path):
    plot_copy_gates([(TOKENS, GATES, KNOWN)], tmp_path / "gates.png")
    axes = drawn[0].axes[0]
    begun = [text.get_position()[0] for text in axes.texts]
    assert underlines(axes) == pytest.approx([begun[0], begun[4]])
    plot_copy_gates([(TOKENS, GATES, [True] * 5)], tmp_path / "gates.png")
    assert underlines(drawn[1].axes[0]) == []


def test_long_outputs_go_on_below_and_nothing_is_written_over_another(drawn, tmp_path):
    tokens = ["слово", "Donaudampfschifffahrtsgesellschaft", "a", ","] * 12
    outputs = [(tokens, np.linspace(0, 1, 48), [True, False] * 24), (["b"], [0.5], [True])]
    plot_copy_gates(outputs, tmp_path / "gates.png", titles=["what was read " * 20, "short"])
    axes, bar = drawn[0].axes
    assert overlaps(boxes(drawn[0], [*axes.texts, bar.title, *bar.get_xticklabels()])) == []
    assert 7.0 < axes.get_xlim()[1] <= WIDTH
    assert len({text.get_position()[1] for text in axes.texts}) > 8
    read = texts(axes)
    assert read[:60] == ["what", "was", "read"] * 20
    assert read[60:62] == ["слово", tokens[1][:14] + "…" + tokens[1][-15:]]
    assert read[-3:] == ["short", "b", "not in the vocabulary"]


def test_the_file_is_a_picture_of_the_size_of_its_text(tmp_path):
    for size in (1, 200):
        plot_copy_gates([(["word"] * size, [0.5] * size, [True] * size)], tmp_path / f"{size}.png")
    small, large = imread(tmp_path / "1.png"), imread(tmp_path / "200.png")
    assert small.std() > 0.01 and large.std() > 0.01
    assert small.shape[0] < 200 < 500 < large.shape[0]
    assert small.shape[1] < 600 < large.shape[1] < 1000


@pytest.mark.parametrize(
    ("shown", "titles", "message"),
    [
        ([], None, "no output was given"),
        ([([], [], [])], None, "Output 0 needs tokens.*Received: 0 tokens"),
        ([(["a"], [0.1], [True]), (["a", "b"], [0.1], [True, True])], None, "Output 1 .*2 tokens, 1 gates, 2 marks"),
        ([(["a"], [0.1], [])], None, "Output 0 .*1 tokens, 1 gates, 0 marks"),
        ([(["a", "b"], [0.1, 1.5], [True, True])], None, r"Output 0: the gate of 'b' .*Received: 1\.5"),
        ([(["a"], [float("nan")], [True])], None, "the gate of 'a' .*Received: nan"),
        ([(["a"], [0.1], [True])], ["one", "two"], r"the 1 outputs\. Received: \['one', 'two'\]"),
        ([(["a"], [0.1], [True])], [" "], r"Received: \[' '\]"),
    ],
)
def test_what_cannot_be_drawn(tmp_path, shown, titles, message):
    with pytest.raises(ValueError, match=message):
        plot_copy_gates(shown, tmp_path / "gates.png", titles=titles)
