import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.image import imread

from tests.plots.figures import boxes, overlaps, texts
from zoo.plots.hops import RIGHT, SUPPORTING, WRONG, plot_hops, text_hops

STORY = ["Ada ran to the tower.", "Ben slept.", "Ada lifted $x_1$ there."]
HOPS = np.array([[0.05, 0.05, 0.9], [0.7, 0.3, 0.0]])
SHOWN = (STORY, "Where is it?", "tower", HOPS, [0, 2], "tower")


def written(axes, content):
    """The one text of these words."""
    (found,) = [text for text in axes.texts if text.get_text() == content]
    return found


def height(patch):
    return patch.get_y() + patch.get_height() / 2


def marked(axes):
    """Heights of the bars of supporting sentences, without the legend's, which comes last."""
    return [height(patch) for patch in axes.patches if to_hex(patch.get_facecolor()) == SUPPORTING][:-1]


def cells(axes):
    """Of every weight, the number that is written and the brightness of its colour, by sentence and hop."""
    rows = {}
    for patch in axes.patches:
        if to_hex(patch.get_facecolor()) != SUPPORTING:
            (text,) = [
                text for text in axes.texts if patch.contains_point(axes.transData.transform(text.get_position()))
            ]
            rows.setdefault(round(height(patch), 3), []).append((text.get_text(), sum(patch.get_facecolor()[:3])))
    return [rows[place] for place in sorted(rows, reverse=True)]


def test_weights_stand_beside_their_sentences(drawn, tmp_path):
    plot_hops([SHOWN], tmp_path / "hops.png")
    (axes,) = drawn[0].axes
    assert texts(axes) == [
        *["Where is it?", "✓ tower", "1", STORY[0], "2", STORY[1], "3", STORY[2], "supporting sentence"],
        *["hop 1", "hop 2", "0.05", "0.70", "0.05", "0.30", "0.90", "0.00"],
    ]
    rows = cells(axes)
    assert [[number for number, _ in row] for row in rows] == [["0.05", "0.70"], ["0.05", "0.30"], ["0.90", "0.00"]]
    shades = np.array([[shade for _, shade in row] for row in rows])
    assert np.argsort(-shades.flatten(), kind="stable").tolist() == np.argsort(HOPS.T.flatten(), kind="stable").tolist()
    for sentence, number in zip(STORY, ("0.70", "0.30", "0.90"), strict=True):
        assert written(axes, sentence).get_position()[1] == written(axes, number).get_position()[1]
    assert not written(axes, STORY[2]).get_parse_math()
    assert written(axes, "0.90").get_color() == "white" and written(axes, "0.30").get_color() == "black"


def test_supporting_sentences_are_marked(drawn, tmp_path):
    plot_hops([SHOWN], tmp_path / "hops.png")
    axes = drawn[0].axes[0]
    assert marked(axes) == pytest.approx([written(axes, STORY[at]).get_position()[1] for at in (0, 2)])
    for supporting in (None, []):
        plot_hops([(STORY, "Where?", "tower", HOPS, supporting, None)], tmp_path / "hops.png")
        assert len(drawn[-1].axes[0].patches) == 6 and "supporting sentence" not in texts(drawn[-1].axes[0])


@pytest.mark.parametrize(
    ("said", "true", "verdict", "colour"),
    [
        ("tower", "Tower", "✓ tower", RIGHT),
        ("hall", "tower", "✗ hall (true: tower)", WRONG),
        ("hall", None, "hall", "black"),
    ],
)
def test_the_answer_and_whether_it_is_true(drawn, tmp_path, said, true, verdict, colour):
    plot_hops([(STORY, "Where?", said, HOPS, None, true)], tmp_path / "hops.png")
    assert written(drawn[0].axes[0], verdict).get_color() == colour


def test_of_long_stories_only_what_matters(drawn, tmp_path):
    story = [f"Sentence {number}." for number in range(1, 201)]
    hops = np.zeros((2, 200))
    hops[0, 199], hops[1, 99], hops[1, 98], hops[0, 97] = 1.0, 0.98, 0.0101, 0.0099
    plot_hops([(story, "Which?", "x", hops, [4], "x"), SHOWN], tmp_path / "hops.png")
    read = texts(drawn[0].axes[0])
    assert [text for text in read if text.startswith("Sentence")] == [story[at] for at in (4, 98, 99, 199)]
    assert "196 of 200 sentences, none above 0.01, are left out" in read
    assert sum("left out" in text for text in read) == 1
    assert drawn[0].axes[0].get_ylim()[0] > -8


def test_sentences_before_the_memory_have_no_weights(drawn, tmp_path):
    plot_hops([(["Zoe sang.", "Yan sang.", *STORY], "Where?", "hall", HOPS, [0, 3], "tower")], tmp_path / "hops.png")
    axes = drawn[0].axes[0]
    read = texts(axes)
    assert "Zoe sang." in read and "Yan sang." not in read
    assert "1 of 5 sentences, none above 0.01, are left out" in read
    assert read.count("–") == 2 and "– not in the memory" in read
    assert written(axes, "Zoe sang.").get_position()[1] in marked(axes)
    assert next([number for number, _ in row] for row in cells(axes)) == ["0.05", "0.70"]
    assert written(axes, STORY[0]).get_position()[1] == written(axes, "0.70").get_position()[1]
    plot_hops([SHOWN], tmp_path / "hops.png")
    assert "– not in the memory" not in texts(drawn[1].axes[0])


def test_nothing_is_written_over_another_and_all_is_inside(drawn, tmp_path):
    long = ["Ада пришла в башню " * 20, "b", "c"]
    shown = [SHOWN, (long, "and " * 50, "answer " * 30, np.full((4, 3), 0.01), [1], "other"), SHOWN]
    plot_hops(shown, tmp_path / "hops.png")
    axes = drawn[0].axes[0]
    placed = boxes(drawn[0], axes.texts)
    assert overlaps(placed) == []
    frame = axes.get_window_extent()
    assert all(frame.x0 - 1 <= box.x0 and box.x1 <= frame.x1 + 1 for _, box in placed)
    assert all(frame.y0 - 1 <= box.y0 and box.y1 <= frame.y1 + 1 for _, box in placed)
    assert frame.width / 120 < 12 and all(len(text) <= 80 for text in texts(axes))
    assert texts(axes).count("hop 4") == 1 and texts(axes).count("hop 2") == 3


def test_the_file_is_a_picture_of_the_size_of_its_stories(tmp_path):
    for size in (1, 6):
        plot_hops([SHOWN] * size, tmp_path / f"{size}.png")
    small, large = imread(tmp_path / "1.png"), imread(tmp_path / "6.png")
    assert small.std() > 0.01 and large.std() > 0.01
    assert 100 < small.shape[0] < 350 < 1000 < large.shape[0] and small.shape[1] == large.shape[1]


def test_for_a_terminal():
    assert text_hops(STORY, HOPS).split("\n") == [
        "hop 1       hop 2",
        "0.05 ▎      0.70 ███▌   Ada ran to the tower.",
        "0.05 ▎      0.30 █▌     Ben slept.",
        "0.90 ████▌  0.00        Ada lifted $x_1$ there.",
    ]
    # One float32 above 1 is a whole bar; what was not in the memory has none, and a sentence is one line.
    assert text_hops(["one\n two", "b"], np.array([[1.00001]])).split("\n") == [
        "hop 1",
        "-           one two",
        "1.00 █████  b",
    ]


@pytest.mark.parametrize("weight", np.linspace(0, 1, 21))
def test_bars_are_as_long_as_their_weights(weight):
    bar = text_hops(["x"], np.array([[weight]])).split("\n")[1].removesuffix("x").split()[1:]
    eighths = sum(8 if letter == "█" else " ▏▎▍▌▋▊▉".index(letter) for letter in "".join(bar))
    assert eighths == pytest.approx(40 * weight, abs=0.51)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({3: HOPS[0]}, r"Question 1 needs a row of weights .*the 3 sentences.*Received: shape \(3,\)"),
        ({3: np.ones((2, 4)) / 4}, r"Question 1 .*Received: shape \(2, 4\)"),
        ({3: np.ones((0, 3))}, r"Received: shape \(0, 3\)"),
        ({0: [], 3: np.ones((1, 0))}, r"Received: shape \(1, 0\)"),
        ({3: HOPS - 0.2}, r"Question 1: every weight of a hop is 0 to 1\. Received: -0\.15"),
        ({3: HOPS * 2}, r"is 0 to 1\. Received: 1\.8"),
        ({3: HOPS * np.nan}, "is 0 to 1.*Received: nan"),
        ({4: [3]}, r"Question 1: supporting sentences .*story of 3 sentences, from 0\. Received: \[3\]"),
        ({4: [-1]}, r"Received: \[-1\]"),
    ],
)
def test_what_cannot_be_drawn(tmp_path, change, message):
    wrong = tuple(change.get(place, part) for place, part in enumerate(SHOWN))
    with pytest.raises(ValueError, match=message):
        plot_hops([SHOWN, wrong], tmp_path / "hops.png")
    if 4 not in change:
        with pytest.raises(ValueError, match=r"The story.*Received"):
            text_hops(wrong[0], wrong[3])


def test_nothing_to_draw(tmp_path):
    with pytest.raises(ValueError, match="no question was given"):
        plot_hops([], tmp_path / "hops.png")
