import keras
import numpy as np
import pytest

import zoo
from zoo.data.batches.stories import build_vocabulary
from zoo.data.vocabularies.vocabulary import Labels
from zoo.inference import story_answers

STORY = {"story": ["Ann went home.", "Bob left.", "Ann sat down."], "question": "Where is Ann?"}
VOCABULARY = build_vocabulary([STORY | {"answer": "home"}])


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    model = zoo.build("memory_network", vocabulary_size=len(VOCABULARY), units=4, hops=2, memory_size=3)
    for weight in model.weights:
        weight.assign(np.random.default_rng(1).normal(size=weight.shape))
    return model


def asked(model, *inputs):
    return zoo.predict(model, list(inputs), vocabularies={"tokens": VOCABULARY})


def test_texts_and_dicts_are_asked_alike(model):
    one, other = asked(model, "Ann went home. Bob left.\nAnn sat down. Where is Ann?", STORY)
    assert (one.output, one.probability, one.trace) == (other.output, other.probability, other.trace)
    assert one.input.startswith("Ann went") and other.input is None
    assert one.probability == max(one.probabilities.values())
    assert len(one.probabilities) == 5
    assert one.trace["story"] == STORY["story"]


def test_the_hops_are_those_of_the_model(model):
    (said,) = asked(model, STORY)
    inputs = story_answers.batches(model, [STORY], {"tokens": VOCABULARY}, 1)[0][0]
    found = model.get_layer("hops")(inputs["story"], inputs["question"])
    np.testing.assert_allclose(said.trace["hops"], keras.ops.convert_to_numpy(found["alignment"])[0], rtol=1e-5)
    best = VOCABULARY.tokens[int(np.argmax(keras.ops.convert_to_numpy(found["scores"])[0]))]
    assert said.output == best


def test_of_a_long_story_the_end_is_read_and_the_rest_is_counted(model):
    long = STORY | {"story": ["Bob went home.", *STORY["story"]]}
    with pytest.warns(UserWarning, match="1 of 2 stories are longer than the model's memory: their last 3 sentences"):
        cut, whole = asked(model, long, STORY)
    assert cut.output == whole.output
    assert [hop[0] for hop in cut.trace["hops"]] == [0, 0]
    np.testing.assert_allclose([hop[1:] for hop in cut.trace["hops"]], whole.trace["hops"], rtol=1e-5)


def test_stories_of_all_lengths_keep_their_places(model):
    short = {"story": ["Bob left."], "question": "Where is Bob?"}
    first, second, third = asked(model, STORY, short, STORY)
    assert first.trace == third.trace
    assert np.shape(second.trace["hops"]) == (2, 1)


def test_in_a_linear_start_there_are_no_hops():
    linear = zoo.build("memory_network", vocabulary_size=len(VOCABULARY), units=4, linear_updates=3)
    (said,) = asked(linear, STORY)
    assert said.trace["hops"] is None and said.output in VOCABULARY.tokens


def test_answers_can_have_labels_of_their_own():
    model = zoo.build("memory_network", vocabulary_size=len(VOCABULARY), units=4, outputs=2, tying="none")
    known = {"tokens": VOCABULARY, "labels": Labels(["no", "yes"])}
    (said,) = zoo.predict(model, [STORY], vocabularies=known)
    assert set(said.probabilities) == {"no", "yes"}


@pytest.mark.parametrize(
    "wrong", ["Ann left.", {"story": "Ann left.", "question": "Who?"}, {"story": ["Ann left."]}, 3]
)
def test_what_is_no_story_is_named(model, wrong):
    with pytest.raises(ValueError, match="input 1"):
        asked(model, STORY, wrong)
