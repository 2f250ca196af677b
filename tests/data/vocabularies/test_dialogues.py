import numpy as np
import pytest

import zoo
from zoo.data.batches.teacher_forcing import teacher_forced_batches
from zoo.data.vocabularies.dialogues import Utterances, answers, joined, without_empty
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.models.dialogue import Dialogue
from zoo.storage.files import DataError

WORDS = Vocabulary(["hi", "which", "film", "?", "two"])


def test_each_utterance_is_a_row_of_words():
    known = Utterances(WORDS, maximum_words=3)
    ids = {word: 4 + place for place, word in enumerate(["hi", "which", "film", "?", "two"])}
    expected = [[ids["hi"], 0, 0], [ids["which"], ids["film"], ids["?"]], [1, 0, 0]]
    np.testing.assert_array_equal(known.encode(["hi", ["which", "film", "?"], "thanks"]), expected)
    assert known.encode(["hi"]).dtype == "int32"


def test_the_last_utterances_and_the_first_words_are_read():
    known = Utterances(WORDS, maximum_utterances=2, maximum_words=2)
    np.testing.assert_array_equal(known.encode(["two", "hi", "which film ?"]), known.encode(["hi", "which film"]))
    assert known.split(["two", "", "hi", "which film ?"]) == ["hi", "which film ?"]


@pytest.mark.parametrize(
    ("history", "message"), [("hi", "a list of utterances, received one text"), (["", " "], "an utterance with words")]
)
def test_other_histories_are_refused(history, message):
    with pytest.raises(ValueError, match=message):
        Utterances(WORDS).encode(history)


def test_what_cannot_be():
    with pytest.raises(ValueError, match="word by word"):
        Utterances(Vocabulary(["a"], level="character"))
    with pytest.raises(ValueError, match="at least 1. Received: 0 and 4"):
        Utterances(WORDS, maximum_utterances=0, maximum_words=4)


def test_a_damaged_file_is_told(tmp_path):
    path = tmp_path / "source.json"
    Utterances(WORDS).save(path)
    path.write_text(path.read_text().replace('"hi"', "3"), encoding="utf-8")
    with pytest.raises(DataError, match=r"source\.json:1.*saved utterances"):
        Utterances.load(path)


def test_empty_turns_are_left_out_and_counted():
    with pytest.warns(UserWarning, match="2 empty turns were left out"):
        assert without_empty([["hi", " ", "film"], ["", "two"]]) == [["hi", "film"], ["two"]]
    with pytest.raises(ValueError, match="dialogue 1: there is no utterance"):
        without_empty([["hi"], [" "]])


def test_every_turn_answers_those_before_it():
    turns = ["a", "b", "c", "d"]
    found = answers([turns, ["x"]])
    assert [(one["source"], one["target"]) for one in found] == [
        (["a"], "b"),
        (["a", "b"], "c"),
        (["a", "b", "c"], "d"),
    ]
    assert [one["target"] for one in answers([turns], of="first")] == ["c"]
    assert [one["target"] for one in answers([turns], of="second")] == ["b", "d"]
    assert joined(["a b", "c"]) == "a b | c"


def test_a_model_is_trained_on_histories_and_asked_by_them(either_way):
    vocabularies = {"source": Utterances(WORDS, maximum_words=4), "target": WORDS}
    examples = answers([["hi", "which film ?", "two"], ["two", "hi"]])
    model = Dialogue(
        source_vocabulary_size=9, target_vocabulary_size=9, units=4, embedding_size=3, memory_level="utterances"
    )
    model.compile("adam")
    model.fit(teacher_forced_batches(examples, vocabularies, batch_size=3), verbose=0)
    found = zoo.generate(model, [["hi"], ["hi", "which film ?"]], vocabularies=vocabularies, maximum_length=3)
    (short,), (long,) = found
    assert (short.alignment.shape[1], long.alignment.shape[1]) == (1, 2)
    assert long.source == ["hi", "which film ?"]
