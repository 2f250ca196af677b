import re
from itertools import combinations
from math import dist

import pytest
from matplotlib.colors import to_hex
from matplotlib.image import imread
from matplotlib.patches import FancyBboxPatch

from tests.plots.figures import boxes, overlaps, texts
from zoo.data.trees import Tree, parse, right_branching
from zoo.plots.trees import MEANING, plot_trees, text_tree

FILM = parse("(4 (2 a) (3 (3 lovely) (2 $film$)))")
TRUTH = parse("(4 (1 a) (3 (3 lovely) ($film$)))")
LABELS = list("01234")


def nodes(axes):
    """Of every node but the legend's: its label, middle and colour; and the middles of rings."""
    pills, rings = [], []
    for patch in axes.patches:
        assert isinstance(patch, FancyBboxPatch)
        middle = patch.get_x() + patch.get_width() / 2, patch.get_y() + patch.get_height() / 2
        if patch.get_facecolor()[3]:
            (text,) = [text for text in axes.texts if text.get_position() == pytest.approx(middle)]
            pills.append((text.get_text(), middle, to_hex(patch.get_facecolor())))
        else:
            rings.append(middle)
    return pills, rings


def positions(axes):
    return {text.get_text(): text.get_position() for text in axes.texts}


def test_words_stand_in_a_row_and_parents_over_their_children(drawn, tmp_path):
    plot_trees([(FILM, None)], tmp_path / "t.png", labels=LABELS)
    axes = drawn[0].axes[0]
    pills, rings = nodes(axes)
    assert not rings and MEANING not in texts(axes)
    (a, lovely, film, inner, root), legend = pills[:5], pills[5:]
    assert [name for name, *_ in (a, lovely, film, inner, root)] == ["2", "3", "2", "3", "4"]
    assert [name for name, *_ in legend] == LABELS
    words = positions(axes)
    for (_, (x, y), _), word in ((a, "a"), (lovely, "lovely"), (film, "$film$")):
        assert words[word][0] == x and words[word][1] < y
    assert a[1][1] == lovely[1][1] == film[1][1] < inner[1][1] < root[1][1]
    assert a[1][0] < lovely[1][0] < film[1][0]
    assert inner[1][0] == pytest.approx((lovely[1][0] + film[1][0]) / 2)
    assert root[1][0] == pytest.approx((a[1][0] + inner[1][0]) / 2)
    assert not any(text.get_parse_math() for text in axes.texts)


def test_edges_join_every_node_with_its_children(drawn, tmp_path):
    plot_trees([(FILM, None)], tmp_path / "t.png", labels=LABELS)
    axes = drawn[0].axes[0]
    a, lovely, film, inner, root = (middle for _, middle, _ in nodes(axes)[0][:5])
    ends = sorted((*line.get_xydata()[0], *line.get_xydata()[-1]) for line in axes.get_lines())
    wanted = sorted([(*root, *a), (*root, *inner), (*inner, *lovely), (*inner, *film)])
    assert len(ends) == 4 and all(one == pytest.approx(other) for one, other in zip(ends, wanted, strict=True))


def test_colours_run_from_red_over_grey_to_green_blue(drawn, tmp_path):
    plot_trees([(FILM, None)], tmp_path / "t.png", labels=LABELS)
    pills, _ = nodes(drawn[0].axes[0])
    colours = {name: colour for name, _, colour in pills}
    assert all(colours[name] == colour for name, _, colour in pills)
    rgb = [[int(colours[name][start : start + 2], 16) for start in (1, 3, 5)] for name in LABELS]
    assert all(red > max(green, blue) + 50 for red, green, blue in rgb[:2])
    assert max(rgb[2]) - min(rgb[2]) < 5
    assert all(red < min(green, blue) - 50 for red, green, blue in rgb[3:])
    # Who sees no difference of red and green sees that of their mean, and of blue.
    seen = [((red + green) / 2, blue) for red, green, blue in rgb]
    assert min(dist(one, other) for one, other in combinations(seen, 2)) > 60


@pytest.mark.parametrize("labels", [["1"], ["0", "1"]])
def test_few_labels(drawn, tmp_path, labels):
    plot_trees([(parse("(1 word)"), None)], tmp_path / "t.png", labels=labels)
    colours = [colour for _, _, colour in nodes(drawn[0].axes[0])[0]]
    assert len(set(colours)) == len(labels) and colours[0] == colours[-1]


def test_what_the_truth_has_otherwise_is_ringed(drawn, tmp_path):
    plot_trees([(FILM, TRUTH), (FILM, None)], tmp_path / "t.png", labels=LABELS)
    axes = drawn[0].axes[0]
    pills, rings = nodes(axes)
    # The last ring is the legend's. A node that the truth does not label is not wrong.
    assert len(rings) == 2 and rings[0] == pytest.approx(pills[0][1])
    (beside,) = [text for text in axes.texts if text.get_text() == "1" and text.get_fontsize() < 8]
    assert 0 < beside.get_position()[0] - rings[0][0] < 0.4 and abs(beside.get_position()[1] - rings[0][1]) < 0.3
    assert MEANING in texts(axes)


def test_unlabelled_nodes_are_dots(drawn, tmp_path):
    plot_trees([(parse("(1 (0 true) ((and) (1 true)))"), None)], tmp_path / "t.png", labels=["0", "1"])
    axes = drawn[0].axes[0]
    pills, _ = nodes(axes)
    assert [name for name, *_ in pills] == ["0", "1", "1", "0", "1"]
    dots = [line for line in axes.get_lines() if line.get_marker() == "o"]
    assert len(dots) == 2 and dots[0].get_xydata()[0][0] == positions(axes)["and"][0]


def test_nothing_is_written_over_another_and_many_words_make_it_wide(drawn, tmp_path):
    words = ["Donaudampfschifffahrtsgesellschaft", "a", "слово", "of"] * 10
    labels = ["very-negative", "0", "positive"]

    def tree(name):
        made = Tree("0", words[-1])
        for word in words[-2::-1]:
            made = Tree(name, children=(Tree(name, word), made))
        return made

    plot_trees([(tree("positive"), tree("very-negative")), (FILM, None)], tmp_path / "t.png", labels=[*labels, *"1234"])
    figure = drawn[0]
    axes = figure.axes[0]
    assert overlaps(boxes(figure, axes.texts)) == []
    width, height = (high - low for low, high in (axes.get_xlim(), axes.get_ylim()))
    assert width > 40 * 0.8 and height > 40 * 0.3
    plot_trees([(FILM, None)], tmp_path / "t.png", labels=LABELS)
    assert drawn[1].axes[0].get_xlim()[1] < 3
    for drawing in (axes, drawn[1].axes[0]):
        (left, right), (low, high) = drawing.get_xlim(), drawing.get_ylim()
        for text in drawing.texts:
            assert left < text.get_position()[0] < right and low < text.get_position()[1] < high


def test_the_file_is_a_picture(tmp_path):
    plot_trees([(FILM, TRUTH), (parse("(0 word)"), None)], tmp_path / "t.png", labels=LABELS)
    picture = imread(tmp_path / "t.png")
    assert picture.std() > 0.01 and min(picture.shape[:2]) > 150


def test_a_tree_for_a_terminal():
    tree = parse("(4 (2 a) (3 (3 lovely) ((2 film) (of) (1 ours))))")
    assert text_tree(tree, labels=LABELS, colour=False).splitlines() == [
        "4 a lovely film of ours",
        "├─ 2 a",
        "└─ 3 lovely film of ours",
        "   ├─ 3 lovely",
        "   └─ · film of ours",
        "      ├─ 2 film",
        "      ├─ · of",
        "      └─ 1 ours",
    ]
    left = parse("(2 (1 (0 not) (3 good)) (2 .))")
    assert text_tree(left, labels=LABELS, colour=False).splitlines() == [
        "2 not good .",
        "├─ 1 not good",
        "│  ├─ 0 not",
        "│  └─ 3 good",
        "└─ 2 .",
    ]


def test_colours_in_a_terminal_only_if_asked():
    plain, coloured = (text_tree(FILM, labels=LABELS, colour=colour) for colour in (False, True))
    assert "\x1b" not in plain
    chip = r"\x1b\[48;2;([\d;]+)m\x1b\[38;5;\d+m (\d) \x1b\[0m"
    assert re.sub(chip, r"\2", coloured) == plain
    assert len(re.findall(chip, coloured)) == 5 and len(set(re.findall(chip, coloured))) == len({"2", "3", "4"})


def test_long_phrases_are_shortened():
    tokens = [f"word{number}" for number in range(400)]
    first, *_, last = text_tree(right_branching(tokens), labels=["0"], colour=False).splitlines()
    assert re.fullmatch(r"· word0 word1 .* … .*word398 word399", first) and len(first) <= 62
    assert last.endswith("└─ · word399")
    assert len(text_tree(parse(f"(0 (0 {'a' * 80}) (0 b))"), labels=["0"], colour=False).splitlines()[0]) <= 63


@pytest.mark.parametrize(
    ("shown", "labels", "message"),
    [
        ([], LABELS, "no tree was given"),
        ([(FILM, None)], list("012"), "Labels are among 0, 1, 2. Received: '3' in tree 0"),
        ([(FILM, None), (parse("(1 a)"), parse("(7 a)"))], LABELS, "Received: '7' in truth 1"),
        ([(FILM, parse("(4 (2 a) (3 film))"))], LABELS, "Tree 0 and its truth .* and 'a film'"),
        ([(FILM, parse("(4 ((2 a) (3 lovely)) (2 $film$))"))], LABELS, "the same words in the same shape"),
        ([(FILM, None)], [], "at least one. Received: \\[\\]"),
        ([(FILM, None)], ["2", "3", "2"], "distinct names"),
        ([(right_branching(["a"] * 301), None)], LABELS, "at most 300 words. Received: 301 in tree 0. Use text_tree"),
    ],
)
def test_what_cannot_be_drawn(tmp_path, shown, labels, message):
    with pytest.raises(ValueError, match=message):
        plot_trees(shown, tmp_path / "t.png", labels=labels)


def test_labels_of_text_are_checked_too():
    with pytest.raises(ValueError, match="Received: '4' in the tree"):
        text_tree(FILM, labels=["2", "3"], colour=False)
