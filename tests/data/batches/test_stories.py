import json

import numpy as np
import pytest

from zoo.data.batches.padded import Batches
from zoo.data.batches.stories import build_vocabulary, encode_answers, encode_stories, typed, words
from zoo.special_ids import UNKNOWN

MARY = {
    "story": ["Mary went to the office.", "John, too, went."],
    "question": "Where is Mary?",
    "answer": "office",
}
FRUIT = {"story": ["Is it May?!"] * 3, "question": "What now?", "answer": "Apple,football"}
OFFICE = {"story": ["Mary went to the office.", "John went home."], "question": "Where is Mary?"}


@pytest.mark.parametrize(
    "text",
    [
        "Mary went to the office. John went home. Where is Mary?",
        "Mary went to the office.\nJohn went home.\n\n  Where is Mary?\n",
        "Mary went to the office.\r\nJohn went home. Where is Mary?",
        '{"story": ["Mary went to the office.", "John went home."], "question": "Where is Mary?"}',
        '\n{"question": "Where is Mary?", "answer": "x", "story": ["Mary went to the office.", "John went home."]} ',
    ],
)
def test_one_story_typed_in_many_ways(text):
    assert typed(text) == OFFICE


def test_sentences_end_in_marks_or_lines():
    assert typed("Ann ate 3.5 pears! Bob, a cat, slept\nIt is 1.5 m. What?") == {
        "story": ["Ann ate 3.5 pears!", "Bob, a cat, slept", "It is 1.5 m."],
        "question": "What?",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "A story ends in its question.*Received: ''"),
        (" \n ", "A story ends in its question"),
        ("Mary went home. John slept.", r"A story ends in its question.*Received: 'John slept\.'"),
        ("Where is Mary? She went home.", r"A story ends in its question.*Received: 'She went home\.'"),
        ("Where is Mary?", r"Before the question stands a story.*Received: 'Where is Mary\?'"),
        ("Mary slept. Where is John? Where is Mary?", r"one question.*Received: 'Where is John\?' inside the story"),
        ('{"story": ["Mary slept."', r"in JSON is .*Received: \{\"story\": \[\"Mary slept\.\" \("),
        ('{"story": [], "question": "Who?"}', r'Received under "story": \[\]'),
        ('{"story": "Mary slept.", "question": "Who?"}', r"""Received under "story": 'Mary slept\.'"""),
        ('{"story": ["Mary slept.", " "], "question": "Who?"}', 'Received under "story"'),
        ('{"story": [3], "question": "Who?"}', r'Received under "story": \[3\]'),
        ('{"question": "Who?"}', 'Received under "story": None'),
        ('{"story": ["Mary slept."]}', 'Received under "question": None'),
        ('{"story": ["Mary slept."], "question": "  "}', """Received under "question": '  '"""),
        ('{"story": ["Mary slept."], "question": ["Who?"]}', 'Received under "question"'),
    ],
)
def test_what_is_no_story(text, message):
    with pytest.raises(ValueError, match=message):
        typed(text)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Mary went to the office.", "mary went to the office"),
        ("Where is  Mary ? ", "where is mary"),
        ("John, and O'Neil, LEFT?!", "john , and o'neil , left"),
        ("no mark", "no mark"),
        ("?", ""),
        ("", ""),
        ("सीता कमरे में गई.", "सीता कमरे में गई"),
        ("Cafe\u0301 İstanbul?", "café istanbul"),
    ],
)
def test_words(sentence, expected):
    assert words(sentence) == expected.split()


def test_the_vocabulary_has_every_word_and_every_answer_as_one():
    vocabulary = build_vocabulary([MARY, FRUIT])
    assert sorted(vocabulary.tokens[4:]) == sorted(
        ["apple,football", *"mary went to the office john , too where is it may what now".split()]
    )
    assert vocabulary.lowercase and vocabulary.level == "word"
    # What a person types has no answer.
    assert "office" not in build_vocabulary([{"story": ["A b."], "question": "C?"}])


def test_stories_become_padded_rows():
    vocabulary = build_vocabulary([MARY, FRUIT])
    inputs, dropped = encode_stories([MARY, FRUIT], vocabulary, memory_size=3)
    assert dropped == 0
    assert [array.shape for array in inputs["story"]] == [(2, 5), (3, 5)]
    assert [array.shape for array in inputs["question"]] == [(3,), (3,)]
    assert {array.dtype for column in inputs.values() for array in column} == {np.dtype("int32")}
    read = [[[vocabulary.name(number) for number in row] for row in story] for story in inputs["story"]]
    assert read[0] == [["mary", "went", "to", "the", "office"], ["john", ",", "too", ",", "went"]]
    assert read[1] == [["is", "it", "may", "<pad>", "<pad>"]] * 3
    assert inputs["question"][1].tolist() == [*vocabulary.encode(["what", "now"]), 0]


def test_the_last_sentences_are_kept_and_losses_counted():
    story = ["a very long sentence at first.", "b.", "c d."]
    examples = [{"story": story, "question": "e?"}, {"story": story[1:], "question": "e?"}]
    vocabulary = build_vocabulary(examples)
    inputs, dropped = encode_stories(examples, vocabulary, memory_size=2)
    assert dropped == 1
    kept = [vocabulary.encode(["b", "<pad>"]) * [1, 0], vocabulary.encode(["c", "d"])]
    for encoded in inputs["story"]:  # the width is that of what is kept
        np.testing.assert_array_equal(encoded, kept)
    inputs, dropped = encode_stories(examples, vocabulary, memory_size=1)
    assert dropped == 2 and [encoded.shape for encoded in inputs["story"]] == [(1, 2)] * 2


def test_unknown_words():
    vocabulary = build_vocabulary([MARY])
    inputs, _ = encode_stories([{"story": ["Zoe went."], "question": "Zoe?"}], vocabulary, memory_size=9)
    assert inputs["story"][0].tolist() == [[UNKNOWN, *vocabulary.encode("went")]]
    assert inputs["question"][0].tolist() == [UNKNOWN]
    assert encode_stories([], vocabulary, memory_size=9) == ({"story": [], "question": []}, 0)


@pytest.mark.parametrize(
    ("example", "message"),
    [
        ({"story": [], "question": "Who?"}, "at least one sentence, received: example 1 has none"),
        ({"story": ["A b.", "..."], "question": "Who?"}, r"needs words, received: '\.\.\.' in example 1"),
        ({"story": ["A b."], "question": "?"}, r"needs words, received: '\?' in example 1"),
    ],
)
def test_stories_that_cannot_be_encoded(example, message):
    with pytest.raises(ValueError, match=message):
        encode_stories([MARY, example], build_vocabulary([MARY]), memory_size=1)


def test_memory_needs_room():
    with pytest.raises(ValueError, match="memory_size .*received: 0"):
        encode_stories([MARY], build_vocabulary([MARY]), memory_size=0)


def test_answers():
    vocabulary = build_vocabulary([MARY, FRUIT])
    answers, unseen = encode_answers([FRUIT, MARY, FRUIT | {"answer": " OFFICE "}], vocabulary)
    assert unseen == 0
    assert [vocabulary.name(answer) for answer in answers] == ["apple,football", "office", "office"]
    assert {(answer.shape, answer.dtype) for answer in answers} == {((), np.dtype("int32"))}


def test_answers_have_one_spelling():
    example = MARY | {"answer": "Cafe\u0301"}
    answers, unseen = encode_answers([MARY | {"answer": "café"}], build_vocabulary([example]))
    assert unseen == 0 and answers[0] != UNKNOWN


def test_answers_never_seen_are_counted():
    vocabulary = build_vocabulary([MARY, FRUIT])
    answers, unseen = encode_answers([MARY, MARY | {"answer": "football"}, FRUIT], vocabulary)
    assert unseen == 1
    assert [vocabulary.name(answer) for answer in answers] == ["office", "<unknown>", "apple,football"]


def test_they_feed_batches():
    examples = [json.loads(json.dumps(example)) for example in (MARY, FRUIT, MARY)]
    vocabulary = build_vocabulary(examples)
    inputs, _ = encode_stories(examples, vocabulary, memory_size=3)
    batches = Batches(inputs, encode_answers(examples, vocabulary)[0], fixed=("question",), batch_size=4, buckets=1)
    arrays, targets, weights = batches[0]
    assert {name: array.shape for name, array in arrays.items()} == {"story": (4, 3, 5), "question": (4, 3)}
    assert [vocabulary.name(target) for target in targets] == ["office", "apple,football", "office", "<pad>"]
    assert weights.tolist() == [1, 1, 1, 0]
    assert not arrays["story"][0, 2].any() and arrays["story"][1, 2].any()


@pytest.mark.parametrize("text", ['{"story":' + "[" * 10_000, '{"story": ' + "9" * 5000 + "}", '{"story": NaN}'])
def test_json_that_is_none(text):
    with pytest.raises(ValueError, match="A typed story in JSON is"):
        typed(text)


def test_a_sentence_has_a_bounded_number_of_words():
    long = MARY | {"story": [*MARY["story"], "so " * 1001]}
    with pytest.raises(ValueError, match=r"at most 1,000 words, .*received: 1,001 in so so .* Cut it into parts"):
        encode_stories([MARY, long], build_vocabulary([MARY]), memory_size=10)
