"""What the model says of phrases against the float64 recursion, from trees as data; learning; its errors."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import numpy, weights_by_name, with_drawn_weights
from tests.cells.tree.forest import BINARY, BROAD, UNITS, WORDS, packed
from tests.reference import trees as reference
from zoo.data.batches.trees import TreeBatches
from zoo.data.trees import parse
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.models.recursive_tree import recursive_tree

ACTIVATIONS = {
    "softmax": lambda scores: np.exp(scores) / np.exp(scores).sum(-1, keepdims=True),
    "sigmoid": lambda scores: 1 / (1 + np.exp(-scores)),
    None: lambda scores: scores,
}


def built(composition="tree_lstm", **options):
    model = recursive_tree(vocabulary_size=WORDS, outputs=3, composition=composition, units=UNITS, **options)
    with_drawn_weights(model.get_layer("recursion"))
    with_drawn_weights(model.get_layer("head"))
    return model


def said(model, given):
    return numpy(model({name: ops.convert_to_tensor(array) for name, array in given.items()}))


def expected(model, tree, activation):
    """What is said of all nodes in post-order."""
    recursion = model.get_layer("recursion")
    entries, kind = weights_by_name(recursion.embedding)["embeddings"], recursion.composition.name
    vectors = reference.nodes(kind, tree, entries, weights_by_name(recursion.composition))[:, :UNITS]
    kernel, bias = model.get_layer("head").get_weights()
    return ACTIVATIONS[activation](vectors @ kernel + bias)


@pytest.mark.each_backend
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("composition", ["tensor", "child_sum_tree_lstm"])
def test_agrees_with_the_equations(composition, activation):
    broad = composition == "child_sum_tree_lstm"
    trees, arity = (BROAD, 4) if broad else (BINARY, 2)
    model = built(composition, arity=arity, activation=activation)
    found = said(model, packed(trees, arity))
    for row, tree in enumerate(trees):
        probabilities = expected(model, tree, activation)
        np.testing.assert_allclose(found[row, : len(probabilities)], probabilities, rtol=1e-5, atol=1e-5)
        # Where nothing is asked it says what it says of zeros.
        of_nothing = ACTIVATIONS[activation](model.get_layer("head").get_weights()[1])
        rest = found[row, len(probabilities) :]
        assert len(rest)
        np.testing.assert_allclose(rest, np.broadcast_to(of_nothing, rest.shape), rtol=1e-5)


def brackets(tree):
    """Words are named by their numbers, which begin at 1 in BINARY and in the vocabulary behind what it reserves."""
    return f"({' '.join(map(brackets, tree))})" if isinstance(tree, tuple) else f"(w{tree})"


@pytest.mark.parametrize("asked", ["every", "root"])
def test_trees_as_data_are_said_the_same_of(asked):
    """Through `TreeBatches` and `predict`, three trees a batch."""
    vocabulary = Vocabulary([f"w{number}" for number in range(1, WORDS)])
    trees = [parse(brackets(tree)) for tree in BINARY]
    batches = TreeBatches(trees, vocabulary, batch_size=3, nodes=asked, lanes=2)
    model = recursive_tree(vocabulary_size=len(vocabulary), outputs=3, units=UNITS)
    recursion = with_drawn_weights(model.get_layer("recursion"))
    if asked == "root":
        found = model.predict(batches, verbose=0)
    else:  # as many places as its largest tree has nodes, in every batch
        found = [row for number in range(len(batches)) for row in said(model, *batches[number])]
    # The same words under the numbers of the tests.
    ids = vocabulary.encode([f"w{number}" for number in range(1, WORDS)])
    entries = np.zeros((WORDS, recursion.embedding.output_dim))
    entries[1:] = weights_by_name(recursion.embedding)["embeddings"][ids]
    kernel, bias = model.get_layer("head").get_weights()
    for row, tree in enumerate(BINARY):
        states = reference.nodes("tree_lstm", tree, entries, weights_by_name(recursion.composition))
        scores = ACTIVATIONS["softmax"](states[:, :UNITS] @ kernel + bias)
        scores = scores if asked == "every" else scores[-1:]
        np.testing.assert_allclose(found[row][: len(scores)], scores, rtol=1e-5, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("composition", ["matrix", "child_sum_tree_lstm"])
def test_it_learns_what_no_bag_of_words_tells(composition):
    """((a) ((b) (c))) and (((a) (b)) (c)) are the same words; which it is, the root says."""
    words = [(a, b, c) for a in (1, 2) for b in (3, 4) for c in (5, 6)]
    trees = [(a, (b, c)) for a, b, c in words] + [((a, b), c) for a, b, c in words]
    given = packed(trees)
    given["node_rows"] = np.array([[max(row)] for row in given["node_rows"]], "int32")  # its root, which was made last
    targets = np.repeat([0, 1], len(words))[:, None]
    model = recursive_tree(vocabulary_size=WORDS, outputs=2, composition=composition, units=8)
    model.compile(keras.optimizers.Adam(0.05), "sparse_categorical_crossentropy")
    for _ in range(200):
        if model.train_on_batch(given, targets) < 0.05:
            break
        model.reset_metrics()
    assert (said(model, given).argmax(-1) == targets).all()


def test_dropout_is_for_training():
    model, given = built(dropout=0.5), packed(BINARY)
    one = said(model, given)
    np.testing.assert_array_equal(said(model, given), one)
    tensors = {name: ops.convert_to_tensor(array) for name, array in given.items()}
    assert np.abs(numpy(model(tensors, training=True)) - one).max() > 1e-3


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"composition": "tree_ltsm"}, "Unknown composition: 'tree_ltsm'. Did you mean 'tree_lstm'"),
        ({"arity": 3}, "tree_lstm makes a node of 2 children. Received: arity=3"),
        ({"arity": 1, "composition": "tensor"}, "tensor makes a node of 2 children. Received: arity=1"),
        ({"arity": 0, "composition": "child_sum_tree_lstm"}, "makes a node of one or more children. Received: arity=0"),
        ({"embedding_size": 5, "composition": "matrix"}, "leave `embedding_size` out"),
        ({"units": 0}, "`units` must be at least 1"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        recursive_tree(vocabulary_size=WORDS, **wrong)
