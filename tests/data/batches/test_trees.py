import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoo.data.batches.trees import TreeBatches
from zoo.data.trees import Tree, arrays, balanced, parse, right_branching
from zoo.data.vocabularies.vocabulary import Vocabulary

WORDS = [f"w{number}" for number in range(50)]
VOCABULARY = Vocabulary(WORDS[:-1])  # one word is unknown


def grown(lengths):
    """Trees over random words, of both shapes."""
    random = np.random.default_rng(len(lengths))
    builders = balanced, right_branching
    return [builders[number % 2](random.choice(WORDS, length).tolist()) for number, length in enumerate(lengths)]


def classes(trees):
    """Of every node the words below it, and -1 of every third."""
    found = []
    for tree in trees:
        row = np.array([len(node.tokens()) for node in tree.nodes()])
        row[::3] = -1
        found.append(row)
    return found


def texts(inputs):
    """The word ids below every node asked, as the schedule would compute them."""
    tokens, children = inputs["tokens"], inputs["children"]
    rounds, lanes, _ = children.shape
    buffer = [()] + [(int(token),) for token in tokens] + [None] * (rounds * lanes)
    for turn in range(rounds):
        made = [sum((buffer[row] for row in rows), ()) for rows in children[turn].tolist()]
        start = 1 + len(tokens) + turn * lanes
        buffer[start : start + lanes] = made
    return [[buffer[row] for row in rows] for rows in inputs["node_rows"].tolist()]


def below(tree):
    return [tuple(VOCABULARY.encode(node.tokens()).tolist()) for node in tree.nodes()]


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=12),
    st.integers(1, 5),
    st.booleans(),
    st.integers(0, 3),
    st.integers(1, 8),
)
def test_every_node_of_every_tree_is_found_once(lengths, batch_size, shuffle, epoch, lanes):
    trees = grown(lengths)
    wanted = classes(trees)
    batches = TreeBatches(trees, VOCABULARY, wanted, batch_size=batch_size, shuffle=shuffle, lanes=lanes)
    batches.epoch = epoch
    seen = []
    for index in range(len(batches)):
        inputs, targets, weights = batches[index]
        rows = batches.indices(index)
        assert inputs["node_rows"].shape == targets.shape == weights.shape and len(targets) == batch_size
        assert (len(inputs["tokens"]) % 128, len(inputs["children"]) % 8, targets.shape[1] % 32) == (0, 0, 0)
        assert inputs["children"].shape[1:] == (lanes, 2)
        assert {array.dtype for array in (*inputs.values(), targets)} == {np.dtype("int32")}
        assert weights.dtype == np.float32
        for said, number, target, weight in zip(texts(inputs), rows, targets, weights, strict=False):
            nodes = len(trees[number].nodes())
            assert said[:nodes] == below(trees[number])
            assert not any(said[nodes:]) and not target[nodes:].any() and not weight[nodes:].any()
            assert target[:nodes].tolist() == np.maximum(wanted[number], 0).tolist()
            assert weight[:nodes].tolist() == (wanted[number] >= 0).tolist()
        assert not any(array[len(rows) :].any() for array in (inputs["node_rows"], targets, weights))
        seen += rows.tolist()
    assert sorted(seen) == list(range(len(lengths)))
    assert batches.examples == len(lengths)


def test_the_root_alone():
    trees = [*grown([3, 1, 20]), parse("((a) (b))")]
    wanted = [np.full(len(tree.nodes()), 2) for tree in trees]
    wanted[0][-1], wanted[2][-1], wanted[3][:-1] = 1, -1, -1
    inputs, targets, weights = TreeBatches(trees, VOCABULARY, wanted, batch_size=5, nodes="root")[0]
    assert [row[0] for row in texts(inputs)] == [*(below(tree)[-1] for tree in trees), ()]
    assert targets.tolist() == [[1], [2], [0], [2], [0]]
    assert weights.tolist() == [[1], [1], [0], [1], [0]]


def test_to_predict():
    trees = grown([3, 5])
    (inputs,) = TreeBatches(trees, VOCABULARY)[0]
    assert set(inputs) == {"tokens", "children", "node_rows"}
    assert inputs["node_rows"].shape == (32, 32)


def test_what_is_asked_of_a_tree():
    trees = grown([3, 1])
    wanted = classes(trees)
    every, root = (TreeBatches(trees, VOCABULARY, wanted, nodes=nodes) for nodes in ("every", "root"))
    assert [node_rows.tolist() for node_rows in every.inputs["node_rows"]] == [[0, 1, 2, 3, 4], [0]]
    assert [node_rows.tolist() for node_rows in root.inputs["node_rows"]] == [[4], [0]]
    assert [row.tolist() for row in every.targets] == [row.tolist() for row in wanted]
    assert [row.tolist() for row in root.targets] == [[wanted[0][-1]], [-1]]


def test_more_children():
    tree = parse("((w1) ((w2) (w3) (w4)))")
    (inputs,) = TreeBatches([tree], VOCABULARY, batch_size=1, arity=4)[0]
    assert inputs["children"].shape == (8, 32, 4)
    assert texts(inputs)[0][: len(tree.nodes())] == below(tree)


def order(batches):
    return [batches.indices(index).tolist() for index in range(len(batches))]


def test_order_depends_on_seed_and_epoch_alone():
    trees = grown([1] * 40)

    def batches(seed, epoch):
        made = TreeBatches(trees, VOCABULARY, batch_size=4, shuffle=True, seed=seed)
        made.epoch = epoch
        return made

    run, orders = batches(1, 0), []
    for _ in range(3):
        orders.append(order(run))
        run.on_epoch_end()
    assert run.epoch == 3 and orders == [order(batches(1, epoch)) for epoch in range(3)]
    assert len({str(found) for found in [*orders, order(batches(2, 0))]}) == 4
    still = TreeBatches(trees, VOCABULARY, batch_size=16)
    still.on_epoch_end()
    assert order(still) == [list(range(16)), list(range(16, 32)), list(range(32, 40))]


@pytest.mark.parametrize("lengths", [[2] * 6, [40] * 6, [3, 3, 40, 40, 1, 1], [1, 1, 90, 90, 30, 30]])
def test_the_first_two_batches_differ_in_every_length_that_may(lengths):
    trees = grown(lengths)
    batches = TreeBatches(trees, VOCABULARY, classes(trees), batch_size=2, lanes=4)
    first, second = ((len(i["tokens"]), len(i["children"]), t.shape[1]) for i, t, _ in (batches[0], batches[1]))
    assert all(one != other for one, other in zip(first, second, strict=True))


class Sums(keras.Model):
    """Trains on anything, and adds up what it is given."""

    def build(self, shape):
        self.factor = self.add_weight(shape=(256,), name="factor")  # more classes than nodes

    def call(self, inputs):
        tokens, children = (keras.ops.cast(inputs[name], "float32") for name in ("tokens", "children"))
        total = keras.ops.sum(tokens) + keras.ops.sum(children)
        scores = total * keras.ops.ones_like(inputs["node_rows"], dtype="float32")
        return keras.ops.softmax(self.factor * scores[..., None])


def test_keras_trains_on_batches_of_all_sizes():
    trees = grown([20, 20, 18, 20, 90, 60, 1, 1, 200, 4])
    batches = TreeBatches(trees, VOCABULARY, classes(trees), batch_size=2, lanes=4)
    sizes = {tuple(array.shape for array in batches[index][0].values()) for index in range(len(batches))}
    assert len(sizes) > 3
    model = Sums()
    model.compile("sgd", "sparse_categorical_crossentropy", jit_compile=False)
    assert np.isfinite(model.fit(batches, shuffle=False, verbose=0).history["loss"]).all()


def test_joined_batches_hold_all_trees_in_the_form_of_the_last():
    some, others = grown([3, 1]), grown([7, 4, 2])
    parts = [
        TreeBatches(some, VOCABULARY, classes(some), batch_size=2, shuffle=True),
        TreeBatches(others, VOCABULARY, classes(others), batch_size=5, nodes="root", arity=3, lanes=8, shuffle=True),
    ]
    whole = TreeBatches.join(parts)
    assert list(whole.trees) == some + others
    assert (whole.batch_size, whole.nodes, whole.arity, whole.lanes, whole.shuffle) == (5, "root", 3, 8, False)
    assert [row.tolist() for row in whole.targets] == [row[-1:].tolist() for row in classes(some + others)]
    assert TreeBatches.join([TreeBatches(some, VOCABULARY)] * 2).targets is None
    with pytest.raises(ValueError, match="part 0 has no targets, the last has"):
        TreeBatches.join([TreeBatches(some, VOCABULARY), parts[1]])


@pytest.mark.parametrize(
    ("trees", "targets", "options", "message"),
    [
        ([], None, {}, "at least one tree, received none"),
        (["(a)", "(b)"], [[1]], {}, "2 trees, 1 targets"),
        (["(a)", "((a) (b))"], [[1], [1]], {}, r"tree 1: .* its 3 nodes, .* received: int64 of shape \(1,\)"),
        (["(a)"], [1], {}, r"tree 0: .* of shape \(\)"),
        (["(a)"], [[0.5]], {}, "tree 0: .* received: float64"),
        (["(a)"], [["pos"]], {}, "tree 0: .* received: <U3"),
        (["((a) (b))"], [[0, -2, 1]], {}, r"tree 0: .* int64 of shape \(3,\), \[0, -2, 1\]"),
        (["(a)", "((a) (b) (c))"], None, {}, "tree 1: A node has at most 2 children. Received: 3"),
        (["(a)"], None, {"nodes": "leaves"}, '"every" or "root", received: \'leaves\''),
        (["(a)"], None, {"batch_size": 0}, "at least 1, received: batch_size=0"),
        (["(a)"], None, {"lanes": 0}, "lanes=0"),
    ],
)
def test_what_does_not_belong_together_is_named(trees, targets, options, message):
    with pytest.raises(ValueError, match=message):
        TreeBatches([parse(tree) for tree in trees], VOCABULARY, targets, **options)


def test_children_are_as_the_tree_has_them():
    """The schedule reads what `arrays` says: a tree whose left and right differ."""
    tree = Tree(children=(Tree(token="w7"), right_branching(["w1", "w2", "w3"])))
    (inputs,) = TreeBatches([tree], VOCABULARY, batch_size=1)[0]
    children = arrays(tree)[0]
    rows = dict(zip(range(len(children)), inputs["node_rows"][0], strict=False))
    size, lanes = len(inputs["tokens"]), inputs["children"].shape[1]
    for node, pair in enumerate(children):
        if (pair >= 0).any():
            turn, lane = divmod(rows[node] - 1 - size, lanes)
            assert inputs["children"][turn, lane].tolist() == [rows[child] for child in pair]
