"""The tagger's path, loss and accuracy against the listing of every path."""

from itertools import pairwise

import keras
import numpy as np
import pytest

from tests.reference import crf as reference
from zoo.layers import legal_transitions
from zoo.models.crf_tagger import crf_tagger

TINY = {"vocabulary_size": 8, "embedding_size": 3, "units": 4, "outputs": 3}
TOKENS = np.array([[3, 1, 7, 2], [5, 6, 0, 0], [4, 0, 0, 0]], "int32")
LENGTHS = (TOKENS > 0).sum(axis=1)
TAGS = np.array([[0, 2, 1, 1], [2, 2, 0, 0], [1, 0, 0, 0]], "int32")


@pytest.fixture
def model(random):
    model = crf_tagger(**TINY, cell="gru")
    model.compile("adam")
    layer = model.get_layer("crf")
    layer.set_weights([random.normal(size=weight.shape, scale=2.0) for weight in layer.weights])
    return model


def tables(model):
    return [weight.astype("float64") for weight in model.get_layer("crf").get_weights()]


def likelihoods(model):
    """-log p(tags | tokens) of each row, and the scores by which it was counted."""
    scores = model.predict(TOKENS, verbose=0)["scores"].astype("float64")
    found = []
    for row, length in enumerate(LENGTHS):
        cut = scores[row, :length]
        path = reference.path_score(cut, tuple(TAGS[row, :length]), *tables(model))
        found.append(reference.log_partition(cut, *tables(model)) - path)
    return np.array(found)


def test_tags_are_the_best_path_of_all(model):
    said = model.predict(TOKENS, verbose=0)
    np.testing.assert_array_equal(said["mask"], TOKENS > 0)
    for row, length in enumerate(LENGTHS):
        best, _ = reference.best_path(said["scores"][row, :length].astype("float64"), *tables(model))
        np.testing.assert_array_equal(said["tags"][row, :length], best)
        assert (said["tags"][row, length:] == 0).all()


@pytest.mark.usefixtures("either_way")
def test_the_loss_is_in_nats_per_real_token(model):
    expected = likelihoods(model).sum() / LENGTHS.sum()
    assert model.evaluate(TOKENS, TAGS, verbose=0, return_dict=True)["loss"] == pytest.approx(expected, rel=1e-5)


@pytest.mark.usefixtures("either_way")
def test_weights_count_examples_or_mark_the_padding(model):
    by_step = (TOKENS > 0).astype("float32")
    expected = likelihoods(model).sum() / LENGTHS.sum()
    marked = model.test_on_batch(TOKENS, TAGS, by_step, return_dict=True)["loss"]
    assert marked == pytest.approx(expected, rel=1e-5)
    weights = np.array([2.0, 0.0, 1.0], "float32")
    expected = (likelihoods(model) * weights).sum() / (LENGTHS * weights).sum()
    model.compile("adam")  # a compiled function takes weights of one rank
    counted = model.test_on_batch(TOKENS, TAGS, weights, return_dict=True)["loss"]
    assert counted == pytest.approx(expected, rel=1e-5)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("kind", ["zeros and ones", "any"])
def test_weights_of_tokens_count_tags_given_those_before(model, kind):
    """In the loss and in the accuracy; of all paths, those that begin alike."""
    weights = {
        "zeros and ones": np.array([[1, 0, 1, 1], [0, 1, 1, 1], [1, 1, 1, 1]], "float32"),
        "any": np.random.default_rng(4).random((3, 4)).astype("float32"),
    }[kind]
    outputs, total, right = model.predict(TOKENS, verbose=0), 0.0, 0.0
    for row, length in enumerate(LENGTHS):
        tags, cut = tuple(TAGS[row, :length]), outputs["scores"][row, :length].astype("float64")
        steps = reference.conditional_log_probabilities(cut, tags, *tables(model))
        total -= steps @ weights[row, :length]
        right += (outputs["tags"][row, :length] == tags) @ weights[row, :length]
    counted = weights[TOKENS > 0].sum()
    measured = model.test_on_batch(TOKENS, TAGS, weights, return_dict=True)
    assert measured["loss"] == pytest.approx(total / counted, rel=1e-4)
    assert measured["nats"] == pytest.approx(total / counted, rel=1e-4)
    assert measured["accuracy"] == pytest.approx(right / counted, rel=1e-5)
    assert measured["loss"] != pytest.approx(likelihoods(model).sum() / LENGTHS.sum(), rel=1e-3)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("small", [1e-3, 1.0])
def test_the_scale_of_weights_does_not_matter(model, small):
    weights = np.full(TOKENS.shape, small, "float32")
    measured = model.test_on_batch(TOKENS, TAGS, weights, return_dict=True)
    assert measured["loss"] == pytest.approx(likelihoods(model).sum() / LENGTHS.sum(), rel=1e-4)


@pytest.mark.usefixtures("either_way")
def test_metrics_of_compile_read_the_best_path():
    """On real tokens, weighted where they are to be; by Keras' names of accuracies, too."""
    model = crf_tagger(**TINY)
    model.compile("adam", metrics=["acc"], weighted_metrics=[keras.metrics.SparseCategoricalAccuracy(name="weighted")])
    tags, weights = model.predict(TOKENS, verbose=0)["tags"], np.array([2.0, 0.5, 1.0], "float32")
    right, by_row = tags == TAGS, (TOKENS > 0) * weights[:, None]
    measured = model.test_on_batch(TOKENS, TAGS, weights, return_dict=True)
    assert measured["acc"] == pytest.approx(right[TOKENS > 0].mean())
    assert measured["weighted"] == pytest.approx((right * by_row).sum() / by_row.sum())


@pytest.mark.usefixtures("either_way")
def test_accuracy_counts_real_tokens_only(model):
    tags = model.predict(TOKENS, verbose=0)["tags"]
    right = (tags == TAGS)[TOKENS > 0]
    measured = model.evaluate(TOKENS, TAGS, verbose=0, return_dict=True)["accuracy"]
    assert measured == pytest.approx(right.mean(), abs=1e-6)
    assert measured != pytest.approx((tags == TAGS).mean())


def test_its_paths_keep_to_the_scheme():
    """However wrong the scores, no I without its B."""
    names = ["O", "B-X", "I-X"]
    model = crf_tagger(**TINY, allowed=legal_transitions(names))
    model.get_layer("head").bias.assign([0.0, 0.0, 50.0])
    tokens = np.random.default_rng(0).integers(1, 8, (30, 7)).astype("int32")
    for row in model.predict(tokens, verbose=0)["tags"]:
        spoken = [names[tag] for tag in row]
        assert spoken[0] != "I-X"
        assert all(before != "O" for before, after in pairwise(spoken) if after == "I-X")
        assert "I-X" in spoken


@pytest.mark.usefixtures("either_way")
def test_training_moves_the_transitions_and_knows_its_loss():
    model = crf_tagger(**TINY)
    model.compile("adam")
    history = model.fit(TOKENS, TAGS, epochs=2, verbose=0).history
    assert set(history) == {"loss", "nats", "accuracy"}
    assert all((np.abs(weight) > 0).any() for weight in tables(model))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"allowed": [[1, 1], [1, 0]]}, "`allowed` must be 4 lists of 4"), ({"features": 3}, "either tokens")],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        crf_tagger(**{**TINY, **wrong})
