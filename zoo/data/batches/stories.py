"""Stories with a question: what a person types, their words, and the arrays that a memory network reads.

An example is {"story": sentences, "question": str, "answer": str, "supporting": positions in the story, "task": int or
None}. An answer is one word always, whatever marks or blanks it holds: "apple,football" is a token of its own.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.data.vocabularies.words import lowercase, split_words
from zoo.special_ids import PAD
from zoo.storage.data_error import DataError, parse_json

END_MARKS = (".", "!", "?")
MAX_WORDS = 1000  # of a sentence
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")  # the stop in 3.5 ends no sentence


def typed(text: str) -> dict[str, Any]:
    """A story and its question as a person types them.

    Args:
        text: sentences that end in ".", "!" or with their line, and last a question that ends in "?": "Mary went to the
            office. Where is Mary?". Or JSON: {"story": ["Mary went to the office."], "question": "Where is Mary?"},
            other keys of which are passed over.
    Returns:
        {"story": list of sentences, "question": str}.
    Raises:
        ValueError: no story, no question, or more than one.
    """
    if text.lstrip().startswith("{"):
        return _from_json(text)
    sentences = [sentence.strip() for sentence in SENTENCE_END.split(text) if sentence.strip()]
    if not sentences or not sentences[-1].endswith("?"):
        raise ValueError(
            f'A story ends in its question, and the question in "?". Received: {sentences[-1] if sentences else text!r}'
        )
    *story, question = sentences
    if not story:
        raise ValueError(f"Before the question stands a story of at least one sentence. Received: {text.strip()!r}")
    questions = [sentence for sentence in story if sentence.endswith("?")]
    if questions:
        raise ValueError(f"There is one question, the last sentence. Received: {questions[0]!r} inside the story")
    return {"story": story, "question": question}


def _from_json(text):
    rule = 'A typed story in JSON is {"story": ["a sentence.", ...], "question": "..."}.'
    try:
        value = parse_json(text, "the typed story")
    except DataError as error:
        raise ValueError(f"{rule} Received: {text.strip():.60} ({error.received:.60})") from error
    story, question = value.get("story"), value.get("question")
    if not isinstance(story, list) or not story or not all(isinstance(each, str) and each.strip() for each in story):
        raise ValueError(f'{rule} Received under "story": {story!r:.60}')
    if not isinstance(question, str) or not question.strip():
        raise ValueError(f'{rule} Received under "question": {question!r:.60}')
    return {"story": story, "question": question}


def words(sentence: str) -> list[str]:
    """The words of a sentence or question in lower case, marks as words of their own, without the marks at its end."""
    tokens = [lowercase(token) for token in split_words(sentence)]
    while tokens and tokens[-1] in END_MARKS:
        tokens.pop()
    return tokens


def answer_word(answer: str) -> str:
    """The one token that an answer is: in lower case, with single blanks."""
    return " ".join(lowercase(answer).split())


def build_vocabulary(examples: Sequence[Mapping[str, Any]]) -> Vocabulary:
    """Collects every word of stories and questions, and every answer as one token.

    Args:
        examples: with "story", "question" and, where it is known, "answer".
    """
    # A sentence counts once, however many questions of its story follow it.
    sentences = dict.fromkeys(sentence for example in examples for sentence in _sentences(example))
    answers = [[answer_word(example["answer"])] for example in examples if example.get("answer")]
    return Vocabulary.build([*map(words, sentences), *answers], lowercase=True)


def encode_stories(
    examples: Sequence[Mapping[str, Any]],
    vocabulary: Vocabulary,
    *,
    memory_size: int,
) -> tuple[dict[str, list[np.ndarray]], int]:
    """Encodes stories and questions, ready for `Batches(inputs, targets, fixed=("question",))`.

    Args:
        examples: with "story" and "question".
        vocabulary: of words; what it lacks becomes the unknown word.
        memory_size: the last so many sentences of a story are kept, N <= memory_size.
    Shapes:
        "story" (N, W) and "question" (W_q,) int32, a list over the examples, filled up with 0 on the right. W and W_q
        are the words of the longest sentence kept and of the longest question, the same in all examples of a call.
    Returns:
        The inputs, and the number of stories that lost sentences.
    Raises:
        ValueError: a memory without room, a story without sentences, a sentence or question without words or with more
            than `MAX_WORDS`.
    """
    if memory_size < 1:
        raise ValueError(f"memory_size counts sentences and must be at least 1, received: {memory_size}.")
    for number, example in enumerate(examples):
        if not example["story"]:
            raise ValueError(f"every story needs at least one sentence, received: example {number} has none. Drop it.")
        empty = [sentence for sentence in _sentences(example) if not words(sentence)]
        if empty:
            raise ValueError(f"every sentence needs words, received: {empty[0]!r} in example {number}. Drop it.")
    # Sentences repeat in every question of their story: each is encoded once, to a row of a table.
    stories = [example["story"][-memory_size:] for example in examples]
    positions = {
        sentence: position for position, sentence in enumerate({each: None for story in stories for each in story})
    }
    table = _padded(list(positions), vocabulary)
    inputs = {
        "story": [table[[positions[sentence] for sentence in story]] for story in stories],
        "question": list(_padded([example["question"] for example in examples], vocabulary)),
    }
    return inputs, sum(len(example["story"]) > memory_size for example in examples)


def encode_answers(examples: Sequence[Mapping[str, Any]], vocabulary: Vocabulary) -> tuple[list[np.ndarray], int]:
    """Encodes answers as ids () int32, and counts those that the vocabulary lacks.

    These become the unknown word, which a model that has never seen it as an answer does not give: they count as wrong.
    """
    answers = [answer_word(example["answer"]) for example in examples]
    ids = [vocabulary.encode([answer]).reshape(()) for answer in answers]
    return ids, sum(answer not in vocabulary for answer in answers)


def _sentences(example):
    return [*example["story"], example["question"]]


def _padded(sentences: Sequence[str], vocabulary: Vocabulary) -> np.ndarray:
    """Sentences as rows (sentences, W) int32."""
    rows = [vocabulary.encode(words(sentence)) for sentence in sentences]
    for sentence, row in zip(sentences, rows, strict=True):
        if len(row) > MAX_WORDS:
            raise ValueError(
                f"sentences and questions have at most {MAX_WORDS:,} words, as all are padded to the longest, "
                f"received: {len(row):,} in {sentence:.40}... Cut it into parts."
            )
    table = np.full((len(rows), max(map(len, rows), default=0)), PAD, "int32")
    for filled, row in zip(table, rows, strict=True):
        filled[: len(row)] = row
    return table
