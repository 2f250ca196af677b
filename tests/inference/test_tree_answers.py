import keras
import numpy as np
import pytest

import zoo
from zoo.data.trees import Tree, balanced, parse
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.inference import tree_answers

KNOWN = {"tokens": Vocabulary(["a", "dull", "film"], lowercase=True), "labels": Labels(["bad", "good", "so-so"])}
TREE = "((a) ((dull) (film)))"


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return zoo.build("recursive_tree", vocabulary_size=len(KNOWN["tokens"]), outputs=3, composition="matrix", units=4)


def test_brackets_trees_and_sentences_are_asked_alike(model):
    found = zoo.predict(model, [TREE, parse(TREE), "A dull film"], vocabularies=KNOWN)
    assert found[0].trace == found[1].trace
    assert [each.input for each in found] == [TREE, None, "A dull film"]
    assert tree_answers.tree_of("A dull film", KNOWN) == balanced(["a", "dull", "film"])
    root = found[0].probabilities
    assert set(root) == set(KNOWN["labels"].names)
    assert found[0].output == max(root, key=root.get)
    assert found[0].probability == pytest.approx(root[found[0].output])


def test_every_phrase_has_the_label_that_the_model_gives_it(model):
    (said,) = zoo.predict(model, [TREE], vocabularies=KNOWN)
    for node in parse(said.trace).nodes():
        alone = Tree(None, node.token, node.children)
        assert zoo.predict(model, [alone], vocabularies=KNOWN)[0].output == node.label


def test_trees_of_all_sizes_keep_their_places(model):
    sources = ["film", TREE, "a dull film a dull film a", "dull"]
    together = zoo.predict(model, sources, vocabularies=KNOWN, batch_size=3)
    for source, said in zip(sources, together, strict=True):
        (alone,) = zoo.predict(model, [source], vocabularies=KNOWN)
        assert (said.input, said.output, said.trace) == (source, alone.output, alone.trace)
        np.testing.assert_allclose(said.probability, alone.probability, rtol=1e-5)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("(a", "still open"),
        (" ", "at least one"),
        ("((a) (a) (a))", "input 1: every phrase has 2 parts here. Received: 3"),
        ("((a))", "Received: 1 in"),
    ],
)
def test_what_is_no_tree_is_named(model, wrong, said):
    with pytest.raises(ValueError, match=said):
        zoo.predict(model, [TREE, wrong], vocabularies=KNOWN)


def test_what_cannot_be_told_is_said(model):
    with pytest.raises(ValueError, match="pass both"):
        zoo.predict(model, [TREE], vocabularies={"tokens": KNOWN["tokens"]})
    scores = zoo.build("recursive_tree", vocabulary_size=7, outputs=3, composition="matrix", units=2, activation=None)
    with pytest.raises(ValueError, match="activation='softmax'"):
        zoo.predict(scores, [TREE], vocabularies=KNOWN)
