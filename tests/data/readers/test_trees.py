from collections import Counter
from pathlib import Path

import pytest

from zoo.data.readers import trees
from zoo.data.trees import Tree, parse
from zoo.storage.files import DataError, open_text

CASES = Path(__file__).parents[1] / "cases"

LINES = "(3 (2 a) (4 (3 lovely) (2 film)))\n(1 bad)\n((0 worse) (word))\n"


@pytest.mark.parametrize("name", ["trees.txt", "trees.txt.gz"])
@pytest.mark.parametrize("end", ["", "\n", "\n \t\n\n"])
def test_a_tree_a_line(write, name, end):
    found = trees.read(write(name, LINES.rstrip() + end), labels="01234", arity=2)
    assert found == [parse(line) for line in LINES.splitlines()]


def test_labels_and_arity_are_free_unless_named(write):
    path = write("trees.txt", "(S (NP (NNP Mary)) (VP (VBD gave) (NP him) (NP this)))\n")
    assert trees.read(path)[0].tokens() == ["Mary", "gave", "him", "this"]
    assert len(trees.read(path, arity=3)) == 1
    with pytest.raises(DataError, match=r"txt:1: expected at most 1 children in an inner node, found 3 in '\(VP"):
        trees.read(path, arity=1)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("(2 (3 a) (2 b)", r"a \) for every \(, found 1 still open at the end, this one the last \(column 1\)"),
        ("(2 a))", r"found '\)' \(column 6\)"),
        ("(2 (3 a) ())", r"an empty one: \(\) \(column 10\)"),
        ("word", "a tree to begin with"),
        ("\n(2 a)", "a tree a line, found an empty line"),
        (" \t\n\n(2 a)", "a tree a line, found an empty line"),
        ("(2 (5 a) (2 b))", r"labels of 0, 1, 2, 3, 4, found '5' in '\(5 a\)'"),
        ("(12 (1 a) (2 b))", "labels of 0, 1, 2, 3, 4, found '12'"),
        ("(2 (1 a) (1 b) (1 c))", "exactly two children in an inner node, found 3 in"),
        ("(2 (1 (0 a)) (1 b))", r"exactly two children in an inner node, found 1 in '\(1 \(0 a\)\)'"),
    ],
)
def test_malformed(write, line, message):
    with pytest.raises(DataError, match=rf"trees\.txt:2: expected .*{message}"):
        trees.read(write("trees.txt", f"(3 (2 a) (1 b))\n{line}\n"), labels=["0", "1", "2", "3", "4"], arity=2)


def test_labels_are_whole_words(write):
    """A text of labels is a list of its letters: "12" is none of "01234"."""
    with pytest.raises(DataError, match="found '12'"):
        trees.read(write("trees.txt", "(12 a)\n"), labels="01234")


def test_trees_over_several_lines():
    """As the Penn Treebank is published: in brackets of their own, indented."""
    first, second = trees.read(CASES / "trees" / "wsj.mrg")
    assert first.brackets() == "(S (NP-SBJ (DT The) (NN cat)) (VP (VBZ sleeps)) (. .))"
    assert second.tokens() == ["It", "is", "grey", "."]
    with pytest.raises(DataError, match=r"wsj\.mrg:2: expected exactly two children .*binarize the trees first"):
        trees.read(CASES / "trees" / "wsj.mrg", arity=2)


def test_damage_in_a_tree_of_several_lines_is_named_by_its_own_line(write):
    path = write("a.mrg", "( (S\n   (NP (a b c))\n  (VP d)))\n\n( (S (a b)))\n")
    with pytest.raises(DataError, match=r"a\.mrg:2: expected .*'a b c' \(column 8\)"):
        trees.read(path)
    path = write("b.mrg", "( (S\n   (NP a)\n( (S (a b)))\n")
    with pytest.raises(DataError, match=r"b\.mrg:1: expected a \) for every \(, found 2 still open at the end"):
        trees.read(path)


def test_empty_lines_around_trees_of_several_lines(write):
    assert len(trees.read(write("a.mrg", "\n\n(S\n (a b))\n\n(S\n (c d))\n\n(e f)\n"))) == 3


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "count", "nodes"), [("dev", 1101, 41447), ("test", 2210, 82600)])
def test_real_trees(real_data, name, count, nodes):
    check(real_data / "sst_trees" / f"{name}.txt.gz", count, nodes)


@pytest.mark.slow
@pytest.mark.real_data
def test_real_training_trees(real_data):
    found = check(real_data / "sst_trees" / "train.txt.gz", 8544, 318582)
    # Three sentences hold a word with a no-break space; the sentences of each class are those the paper's authors tell.
    assert sum("\N{NO-BREAK SPACE}" in line for line in map(Tree.brackets, found)) == 3
    classes = Counter(tree.label for tree in found)
    assert [classes[label] for label in "01234"] == [1092, 2218, 1624, 2322, 1288]


def check(path, count, nodes):
    found = trees.read(path, labels="01234", arity=2)
    lines = list(open_text(path))
    assert len(found) == count
    assert [tree.brackets() for tree in found] == lines
    assert sum(line.count("(") for line in lines) == nodes
    tokens = [tree.tokens() for tree in found]
    assert sum(2 * len(words) - 1 for words in tokens) == nodes
    distinct = set().union(*tokens)
    assert "(" in distinct and not any(mark in token for token in distinct for mark in ("-LRB-", "-RRB-", "\\/"))
    return found
