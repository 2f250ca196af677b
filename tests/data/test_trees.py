import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoo.data.trees import Tree, TreeError, arrays, balanced, parse, relabelled, right_branching

FILM = "(3 (2 a) (4 (3 lovely) (2 film)))"

words = st.one_of(
    st.sampled_from(["(", ")", "[", "/", "\\/", "\\", "*", "a/b", "\\*", "-", "-LRB", "8\N{NO-BREAK SPACE}1/2", ":-)"]),
    st.text("ab\\/*()-\N{NO-BREAK SPACE}\x85", min_size=1, max_size=6),
)
labels = st.one_of(st.none(), st.sampled_from(["0", "NP", "-LRB-", "a\\/b"]))
trees = st.recursive(
    st.builds(Tree, labels, words),
    lambda below: st.builds(Tree, labels, st.none(), st.lists(below, min_size=1, max_size=4).map(tuple)),
    max_leaves=12,
)


def test_a_tree_by_hand():
    film = Tree("4", children=(Tree("3", "lovely"), Tree("2", "film")))
    tree = Tree("3", children=(Tree("2", "a"), film))
    assert parse(FILM) == tree
    assert [node.label for node in tree.nodes()] == ["2", "3", "2", "4", "3"]
    assert [node.token for node in tree.nodes()] == ["a", "lovely", "film", None, None]
    assert tree.nodes()[3] is film and tree.nodes()[-1] is tree
    assert tree.tokens() == ["a", "lovely", "film"]
    assert tree.brackets() == FILM
    assert repr(film) == "parse('(4 (3 lovely) (2 film))')"


@given(trees)
def test_brackets_hold_the_whole_tree(tree):
    line = tree.brackets()
    assert parse(line) == tree
    assert not set("\n\t") & set(line)
    assert line.count("(") == line.count(")") == len(tree.nodes())


@given(trees)
def test_post_order_is_that_of_the_recursion(tree):
    def walk(node):
        return [found for child in node.children for found in walk(child)] + [node]

    assert list(map(id, tree.nodes())) == list(map(id, walk(tree)))
    assert tree.tokens() == [node.token for node in walk(tree) if not node.children]


@given(trees)
def test_arrays_tell_the_children(tree):
    children, leaves = arrays(tree, arity=4)
    assert children.dtype == leaves.dtype == np.int32
    nodes = tree.nodes()
    assert [nodes[place].token for place in leaves] == tree.tokens()
    assert children.shape == (len(nodes), 4)
    for node, row in zip(nodes, children, strict=True):
        assert [id(nodes[place]) for place in row[: len(node.children)]] == list(map(id, node.children))
        assert (row[len(node.children) :] == -1).all()


def test_equal_trees_and_others():
    assert parse(FILM) == parse(f" {FILM.replace(' ', '  ')}\n") and hash(parse(FILM)) == hash(parse(FILM))
    texts = ["((a) ((b) (c)))", "(((a) (b)) (c))", "((a) (b) (c))", "((a) (b))", "(a)", "(a b)", "((a b))", "((a))"]
    assert len({parse(text) for text in texts}) == len(texts)
    assert parse("(a)") != "(a)"


def test_without_labels():
    assert parse("(word)") == Tree(token="word")
    assert parse("((a) (b))") == Tree(children=(Tree(token="a"), Tree(token="b")))
    assert parse("(x (a) (y b))") == Tree("x", children=(Tree(token="a"), Tree("y", "b")))
    # The Penn Treebank puts a pair of brackets around every sentence.
    assert parse("( (S (NP I)) )") == Tree(children=(Tree("S", children=(Tree("NP", "I"),)),))


def test_what_stands_for_other_marks():
    assert parse(r"((-LRB- -LRB-) (2 and\/or) (2 -RSB-) (2 \*\*\*))").tokens() == ["(", "and/or", "]", "***"]
    assert parse(r"((-LRB- -LRB-) (-RRB- x-RRB-))").nodes()[0].label == "-LRB-"
    assert Tree("2", ":-)/").brackets() == r"(2 :--RRB-\/)"
    assert parse("(2 8\N{NO-BREAK SPACE}1\\/2)").tokens() == ["8\N{NO-BREAK SPACE}1/2"]


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 1, "a tree in brackets, found ''"),
        (" \t", 1, "a tree in brackets"),
        ("word", 1, r"to begin with \(, found 'word'"),
        (" )", 2, r"to begin with \(, found '\)'"),
        ("(2 a", 1, r"a \) for every \(, found 1 still open"),
        ("(2 (3 a) (2 b)", 1, "found 1 still open"),
        ("(2 (3 a) (2 b", 10, "found 2 still open"),
        ("(2 a))", 6, r"nothing behind the tree's last bracket, found '\)'"),
        ("(2 a) (2 b)", 7, r"nothing behind .* found '\(2 b\)'"),
        ("(2 a) b", 7, "nothing behind .* found 'b'"),
        ("()", 1, r"a word or children, found an empty one: \(\)"),
        ("(2 (3 a) ( ))", 10, "an empty one"),
        ("(2 a b)", 1, "a label and one word in a leaf, found '2 a b'"),
        ("(2 (2 it) (2 's  all over))", 11, r"found \"2 's all over\""),
        ("(2 a (3 b))", 1, "a word or of children, not both, found '2 a' before children"),
        ("(2 (3 b) a)", 10, "a word or of children, not both, found 'a' behind children"),
    ],
)
def test_what_is_no_tree(text, column, message):
    with pytest.raises(TreeError, match=rf"column {column}: expected .*{message}"):
        parse(text)
    with pytest.raises(ValueError):
        parse(text)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("2",), "token=None and 0 children"),
        (("2", "a", (Tree("2", "b"),)), "token='a' and 1 children"),
        (("2", ""), "A token is one word. Received: ''"),
        (("2", "a b"), "A token is one word. Received: 'a b'"),
        (("2 3", "a"), "A label is one word without brackets. Received: '2 3'"),
        (("(", "a"), r"Received: '\('"),
        (("", "a"), "Received: ''"),
    ],
)
def test_nodes_that_brackets_cannot_hold(arguments, message):
    with pytest.raises(ValueError, match=message):
        Tree(*arguments)


@given(trees)
def test_other_labels_on_the_same_tree(tree):
    labels = [None if number % 3 == 0 else str(number) for number in range(len(tree.nodes()))]
    other = relabelled(tree, labels)
    assert [node.label for node in other.nodes()] == labels
    assert relabelled(other, [node.label for node in tree.nodes()]) == tree
    with pytest.raises(ValueError):
        relabelled(tree, labels[1:])


def test_too_many_children():
    tree = parse("((a) ((b) (c) (d)))")
    with pytest.raises(ValueError, match="at most 2 children. Received: 3 in .*'.*b.*c.*d.*Raise `arity`"):
        arrays(tree)
    assert arrays(tree, arity=3)[0].tolist()[-2:] == [[1, 2, 3], [0, 4, -1]]


def test_trees_over_words_alone():
    assert right_branching(list("abcd")).brackets() == "((a) ((b) ((c) (d))))"
    assert balanced(list("abcd")).brackets() == "(((a) (b)) ((c) (d)))"
    assert balanced(list("abcde")).brackets() == "(((a) (b)) ((c) ((d) (e))))"
    for build in (balanced, right_branching):
        assert build(["a"]) == Tree(token="a")
        for length in (2, 3, 7, 64):
            tokens = [str(number) for number in range(length)]
            tree = build(tokens)
            assert tree.tokens() == tokens
            assert {len(node.children) for node in tree.nodes()} == {0, 2}
        with pytest.raises(ValueError, match="at least one token. Received none"):
            build([])
        with pytest.raises(TypeError, match="Received one text: 'a b'. Split it"):
            build("a b")


def test_a_balanced_tree_is_as_low_as_can_be():
    def height(node):
        return 1 + max(map(height, node.children)) if node.children else 0

    assert [height(balanced(["a"] * length)) for length in range(1, 18)] == [
        int(np.ceil(np.log2(length))) for length in range(1, 18)
    ]


def test_a_tree_as_deep_as_it_has_words():
    tokens = [str(number) for number in range(5000)]
    tree = right_branching(tokens)
    assert parse(tree.brackets()) == tree and hash(tree) == hash(right_branching(tokens))
    assert tree.tokens() == tokens
    children, leaves = arrays(tree)
    # Post-order of such a tree: all words, then the nodes from the last two words up.
    assert leaves.tolist() == list(range(5000))
    assert children[5000].tolist() == [4998, 4999] and children[-1].tolist() == [0, 9997]
