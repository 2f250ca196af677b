import keras
import numpy as np
import pytest

import zoo
from zoo.data.batches.padded import Batches
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.inference.predict import Prediction, outputs

TEXTS = ["a good film", "good", "not a good film at all", "a film"]
VOCABULARIES = {"tokens": Vocabulary(["a", "good", "film", "not"]), "labels": Labels(["neg", "other", "pos"])}


def build(name, **arguments):
    return zoo.build(name, outputs=3, units=3, **{"vocabulary_size": 8, "embedding_size": 3, **arguments})


def scores(model, text):
    """The model on one text alone, without padding."""
    return keras.ops.convert_to_numpy(model(VOCABULARIES["tokens"].encode(text)[None]))[0]


@pytest.mark.each_backend
def test_classes_come_with_their_probabilities_in_the_order_of_the_texts():
    model = build("many_to_one")
    for batch_size in (1, 3, 64):
        said = zoo.predict(model, TEXTS, vocabularies=VOCABULARIES, batch_size=batch_size)
        assert [prediction.input for prediction in said] == TEXTS
        for prediction, text in zip(said, TEXTS, strict=True):
            expected = scores(model, text)
            assert prediction.output == ["neg", "other", "pos"][expected.argmax()]
            assert prediction.probability == pytest.approx(expected.max(), abs=1e-5)
            assert list(prediction.probabilities) == ["neg", "other", "pos"]
            assert list(prediction.probabilities.values()) == pytest.approx(expected.tolist(), abs=1e-5)


def test_without_labels_a_class_is_its_number():
    model = build("many_to_one")
    (said,) = zoo.predict(model, ["good"], vocabularies={"tokens": VOCABULARIES["tokens"]})
    assert said.output == scores(model, "good").argmax()
    assert set(said.probabilities) == {"0", "1", "2"}


def test_tags_are_as_many_as_tokens():
    model = build("many_to_many")
    for prediction, text in zip(zoo.predict(model, TEXTS, vocabularies=VOCABULARIES), TEXTS, strict=True):
        expected = scores(model, text)
        assert prediction.input == text.split()
        assert prediction.output == [["neg", "other", "pos"][tag] for tag in expected.argmax(-1)]
        assert prediction.probability == pytest.approx(expected.max(-1).tolist(), abs=1e-5)
    tokens = zoo.predict(model, [["a", "film"]], vocabularies=VOCABULARIES)
    assert tokens[0].input == ["a", "film"]


def test_the_path_of_a_crf():
    model = build("crf_tagger")
    said = zoo.predict(model, TEXTS, vocabularies=VOCABULARIES)
    assert [len(prediction.output) for prediction in said] == [len(text.split()) for text in TEXTS]
    assert {tag for prediction in said for tag in prediction.output} <= {"neg", "other", "pos"}
    assert all(prediction.probability is None for prediction in said)


def test_several_labels_at_once():
    model = build("many_to_one", activation="sigmoid")
    for prediction, text in zip(zoo.predict(model, TEXTS, vocabularies=VOCABULARIES), TEXTS, strict=True):
        expected = scores(model, text)
        assert prediction.output == [name for name, p in zip(("neg", "other", "pos"), expected, strict=True) if p > 0.5]
        assert list(prediction.probabilities.values()) == pytest.approx(expected.tolist(), abs=1e-5)


@pytest.mark.parametrize("variable", [False, True])
def test_numbers_of_frames(random, variable):
    model = build("many_to_one", vocabulary_size=None, features=2, activation=None, variable_length=variable)
    frames = [random.normal(size=(length, 2)).astype("float32") for length in ((3, 5, 2) if variable else (4, 4, 4))]
    for prediction, example in zip(zoo.predict(model, frames), frames, strict=True):
        inputs = {"frames": example[None], "lengths": np.array([len(example)], "int32")} if variable else example[None]
        expected = keras.ops.convert_to_numpy(model(inputs))[0].tolist()
        assert prediction == Prediction(None, pytest.approx(expected, abs=1e-5))


@pytest.mark.parametrize("batch_size", [1, 64])
def test_progress_is_reported_for_every_text(batch_size):
    reports = []
    model = build("many_to_one")
    zoo.predict(
        model,
        TEXTS,
        vocabularies=VOCABULARIES,
        batch_size=batch_size,
        on_batch=lambda *counts: reports.append(counts),
    )
    assert reports == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_frames_of_another_width_are_named():
    model = build("many_to_one", vocabulary_size=None, features=2)
    with pytest.raises(ValueError, match="The model reads 2 numbers a step. Received: 5 in example 0"):
        zoo.predict(model, [np.zeros((3, 5))])


def test_nothing_in_nothing_out():
    assert zoo.predict(build("many_to_one"), [], vocabularies=VOCABULARIES) == []


@pytest.mark.parametrize(
    ("inputs", "error", "message"),
    [
        (
            "a good film",
            TypeError,
            r"`inputs` is a list of texts\. Received one text: 'a good film'\. Put it in a list",
        ),
        (["good", ""], ValueError, "example 1: tokens needs at least one token, received: ''"),
        ([["good"], []], ValueError, r"example 1: tokens needs at least one token, received: \[\]"),
        (["good", 3], ValueError, "example 1: tokens must be a text or a list of tokens, received: 3"),
    ],
)
def test_wrong_texts(inputs, error, message):
    with pytest.raises(error, match=message):
        zoo.predict(build("many_to_one"), inputs, vocabularies=VOCABULARIES)


@pytest.mark.parametrize(
    ("frames", "message"),
    [
        (np.zeros((0, 2)), r"example 1: frames must be numbers .*, received: shape \(0, 2\)"),
        (np.array([[1.0, np.nan]]), r"example 1: frames must be finite, received: frame 0 .*Fill or drop"),
        (np.zeros((3, 5)), "example 1: frames must have the 2 numbers of example 0, received: 5"),
        (["good"], "example 1: frames must be a table of numbers"),
    ],
)
def test_wrong_frames(frames, message):
    model = build("many_to_one", vocabulary_size=None, features=2)
    with pytest.raises(ValueError, match=message):
        zoo.predict(model, [np.zeros((3, 2)), frames])


def test_outputs_walks_batches_of_several_lengths():
    model = build("many_to_many")
    tokens = [VOCABULARIES["tokens"].encode(text) for text in TEXTS]
    found = dict(outputs(model, Batches({"tokens": tokens}, batch_size=2, buckets=3)))
    assert sorted(found) == [0, 1, 2, 3]
    for number, text in enumerate(TEXTS):
        np.testing.assert_allclose(found[number], scores(model, text), atol=1e-5)
