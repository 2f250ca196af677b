import keras
import numpy as np
import pytest

from zoo.data.batches.padded import Batches
from zoo.recipes.common import mapping_metrics


class Table(keras.Model):
    """Says of a first token what a table says, whatever comes after it; of every token, if `aligned`."""

    def __init__(self, rows, aligned=False):
        tokens = keras.Input((None,), dtype="int32", name="tokens")
        rows = np.array(rows, "float32")
        said = keras.layers.Embedding(*rows.shape, embeddings_initializer=keras.initializers.Constant(rows))(tokens)
        super().__init__(tokens, said if aligned else said[:, 0])


@pytest.fixture
def classes():
    # Of token i: classes 0, 0, 1, 2, 1 with these probabilities.
    rows = [[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.2, 0.3, 0.5], [0.4, 0.6, 0.0]]
    tokens = [np.array([4, 1, 1, 1]), np.array([0]), np.array([1, 2]), np.array([2]), np.array([3, 3, 3])]
    return Table(rows), Batches({"tokens": tokens}, [2, 0, 1, 1, 2], batch_size=2, buckets=2)


def test_gather_keeps_the_order_of_the_examples(classes):
    outputs, targets = mapping_metrics.gather(*classes)
    assert [output.argmax() for output in outputs] == [1, 0, 0, 1, 2]
    assert targets == [2, 0, 1, 1, 2]


def test_classification_counted_by_hand(classes):
    figures = mapping_metrics.classification_metrics(*classes)
    assert figures["accuracy"] == pytest.approx(3 / 5)
    # F1: class 0 said twice, right once, there once; class 1 said twice, right once, there twice; class 2: 1, 1, 2.
    assert figures["f1"] == pytest.approx((2 / 3 + 2 / 4 + 2 / 3) / 3)
    # A probability of 0 for what is true costs a finite sum.
    assert figures["nats"] == pytest.approx(-np.mean(np.log([1e-9, 0.7, 0.3, 0.8, 0.5])), rel=1e-5)


def test_yes_or_no_counted_by_hand():
    tokens = [np.array([1, 2, 3]), np.array([2])]
    targets = [np.array([[1.0], [0.0], [1.0]]), np.array([[0.0]])]
    model = Table([[0.9], [0.9], [0.2], [0.4]], aligned=True)  # padding would be a yes
    figures = mapping_metrics.binary_metrics(model, Batches({"tokens": tokens}, targets, aligned=True))
    assert figures == {"accuracy": pytest.approx(3 / 4), "f1": pytest.approx(2 * 1 / (1 + 2))}


def test_tagging_counts_real_steps_and_whole_spans():
    names = ["O", "B-person", "I-person"]
    tokens = [np.array([1, 2, 0 + 3]), np.array([3, 1])]
    targets = [np.array([1, 2, 0]), np.array([1, 1])]
    model = Table([[0, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]], aligned=True)
    batches = Batches({"tokens": tokens}, targets, aligned=True, buckets=1)
    said, expected = mapping_metrics.tags(model, batches)
    assert [tags.tolist() for tags in said] == [[1, 2, 0], [0, 1]]
    assert [tags.tolist() for tags in expected] == [[1, 2, 0], [1, 1]]
    figures = mapping_metrics.tagging_metrics(model, batches, names)
    assert figures == {"accuracy": pytest.approx(4 / 5), "f1": pytest.approx(2 * 2 / (2 + 3))}
    assert set(mapping_metrics.tagging_metrics(model, batches, ["noun", "verb", "other"])) == {"accuracy"}


def test_the_scheme_of_tags_is_recognised():
    assert mapping_metrics.mark_spans(["B-person", "I-person", "O"])
    assert not mapping_metrics.mark_spans(["NOUN", "VERB", "O"])
    assert not mapping_metrics.mark_spans(["B-person", "I-person"])
