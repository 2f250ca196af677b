import re
from collections import Counter

import numpy as np
import pytest

from zoo.data.batches.stories import build_vocabulary, encode_answers, encode_stories
from zoo.data.synthetic.world import LOCATIONS, PEOPLE, THINGS, generate
from zoo.special_ids import UNKNOWN

WORDS = {
    "move": r"(\w+) (?:walked into|ran to|is now in|entered) the (\w+)\.",
    "take": r"(\w+) (?:collected|now holds|lifted) the (\w+)\.",
    "lay": r"(\w+) (?:laid the (\w+) down|let go of the (\w+)|set the (\w+) aside)\.",
    "give": r"(\w+) (?:gave|lent) (\w+) the (\w+)\.",
    "throw": r"(\w+) threw the (\w+) to (\w+)\.",
}


@pytest.fixture(scope="module")
def examples():
    return generate(1500)


def read(sentence):
    """What a sentence tells, as (kind, words)."""
    for kind, pattern in WORDS.items():
        if match := re.fullmatch(pattern, sentence):
            found = [word for word in match.groups() if word]
            return ("give", [found[0], found[2], found[1]]) if kind == "throw" else (kind, found)
    raise AssertionError(sentence)


def answer(story, question):
    """Replays a story and answers; None if it does not say."""
    place, holder, giver, before, touched = {}, {}, {}, {}, set()
    for kind, (person, *others) in map(read, story):
        if kind == "move":
            for thing in [thing for thing, holds in holder.items() if holds == person]:
                if person in place:
                    before[thing, others[0]] = place[person]
                place[thing] = others[0]
            place[person] = others[0]
            continue
        thing = others[-1]
        touched |= {person, *others}
        if kind == "give":
            giver[thing, others[0]] = person
        holder[thing] = {"take": person, "give": others[0], "lay": None}[kind]
        place[thing] = place.get(holder[thing] or person)
    match re.findall(r"\w+", question):
        case ["Where", "is", "the", name, "now"] | ["Where", "is", name, "now"]:
            return place.get(name)
        case ["Where", "was", "the", thing, "before", *_, to]:
            return before.get((thing, to))
        case ["Who", "gave", person, "the", thing]:
            return giver.get((thing, person))
        case ["Is", person, "in", "the", there, "now"]:
            return place.get(person) and {True: "yes", False: "no"}[place[person] == there]
        case ["How", "many", "things", "does", person, "hold"]:
            held = Counter(holder.values())[person]
            return ["none", "one", "two", "three"][held] if person in touched else None
    raise AssertionError(question)


def test_the_answer_is_what_the_story_tells(examples):
    for example in examples:
        assert list(example) == ["story", "question", "answer", "supporting", "task"]
        assert answer(example["story"], example["question"]) == example["answer"]


def test_supporting_sentences_suffice_and_each_is_needed(examples):
    for example in examples:
        supporting = example["supporting"]
        facts = [example["story"][place] for place in supporting]
        assert supporting == sorted(set(supporting)) and answer(facts, example["question"]) == example["answer"]
        if example["task"] != 7:
            assert len(facts) == {2: 2, 3: 3}.get(example["task"], 1)
            for left_out in range(len(facts)):
                assert answer(facts[:left_out] + facts[left_out + 1 :], example["question"]) is None
        else:  # all that touch the person's things, and nothing else
            person = example["question"].split()[4]
            told = [read(sentence) for sentence in example["story"]]
            assert supporting == [at for at, (kind, names) in enumerate(told) if kind != "move" and person in names]


def test_nothing_happens_that_cannot(examples):
    for example in examples:
        place, holder, lies = {}, {}, {}
        for kind, (person, *others) in map(read, example["story"]):
            if kind == "move":
                assert place.get(person) != others[0]
                place[person] = others[0]
                continue
            thing = others[-1]
            assert person in place
            if kind == "take":
                assert holder.get(thing) is None and lies.get(thing, place[person]) == place[person]
                holder[thing] = person
            elif kind == "lay":
                assert holder[thing] == person
                holder[thing], lies[thing] = None, place[person]
            else:
                assert holder[thing] == person != others[0] and place[others[0]] == place[person]
                holder[thing] = others[0]


def test_every_task_action_and_answer(examples):
    tasks = Counter(example["task"] for example in examples)
    assert set(tasks) == {1, 2, 3, 5, 6, 7} and min(tasks.values()) > 200
    told = Counter(re.sub(r"\b[A-Z]\w+|the \w+\b", "_", sentence) for e in examples for sentence in e["story"])
    assert len(told) == 13 and min(told.values()) > 100
    answers = {task: {e["answer"] for e in examples if e["task"] == task} for task in tasks}
    assert answers[1] == answers[2] == answers[3] == set(LOCATIONS[:6])
    assert answers[5] == set(PEOPLE[:4]) and answers[6] == {"yes", "no"}
    assert answers[7] == {"none", "one", "two", "three"}


def test_baselines(examples):
    def share(task, guess):
        return np.mean([guess(e) == e["answer"] for e in examples if e["task"] == task])

    def last_place(example):
        return next((word for word in re.findall(r"\w+", " ".join(example["story"]))[::-1] if word in LOCATIONS), None)

    for task, expected in {1: 0.18, 2: 0.18, 3: 0.18, 5: 0.26, 6: 0.5, 7: 0.46}.items():
        most = Counter(e["answer"] for e in examples if e["task"] == task).most_common(1)[0][0]
        assert share(task, lambda _, most=most: most) == pytest.approx(expected, abs=0.06)
    assert share(1, last_place) == pytest.approx(0.52, abs=0.08)
    assert share(2, last_place) == pytest.approx(0.40, abs=0.08)


def test_sizes_are_arguments():
    drawn = generate(200, tasks=(2,), lengths=(2, 5), people=2, locations=3, things=1)
    lengths = np.bincount([len(example["story"]) for example in drawn])
    assert len(lengths) == 6 and not lengths[:2].any() and lengths[2:].min() > 20
    vocabulary = set(re.findall(r"\w+", " ".join(sentence for example in drawn for sentence in example["story"])))
    assert vocabulary & {*PEOPLE, *LOCATIONS, *THINGS} == {*PEOPLE[:2], *LOCATIONS[:3], *THINGS[:1]}
    assert {example["task"] for example in drawn} == {2}
    most = generate(3, tasks=(7,), lengths=(200, 200), people=12, locations=12, things=12)
    assert [len(example["story"]) for example in most] == [200] * 3


@pytest.mark.parametrize(("task", "shortest"), [(1, 1), (2, 2), (3, 3), (5, 4), (6, 1), (7, 2)])
def test_the_shortest_stories(task, shortest):
    for example in generate(5, tasks=(task,), lengths=(shortest, shortest), people=2, locations=2, things=1):
        assert answer(example["story"], example["question"]) == example["answer"]
    with pytest.raises(ValueError, match=rf"{shortest} <= fewest .* tasks \({task},\)\. Received: lengths=\(0, 9\)"):
        generate(1, tasks=(task,), lengths=(0, 9))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tasks": ()}, r"The tasks are 1, 2, 3, 5, 6, 7\. Received: tasks=\(\)"),
        ({"tasks": (1, 4)}, r"Received: tasks=\(1, 4\)"),
        ({"lengths": (3, 9)}, r"4 <= fewest <= most .*Received: lengths=\(3, 9\)"),
        ({"lengths": (6, 5)}, r"Received: lengths=\(6, 5\)"),
        ({"people": 1}, "2 to 12 people.*Received: people=1, "),
        ({"people": 13}, "people=13"),
        ({"locations": 1}, "locations=1"),
        ({"locations": 13}, "locations=13"),
        ({"things": 0}, "things=0"),
        ({"things": 13}, "things=13"),
    ],
)
def test_arguments_out_of_range(arguments, message):
    with pytest.raises(ValueError, match=message):
        generate(1, **arguments)


def test_they_are_encoded_as_stories(examples):
    vocabulary = build_vocabulary(examples)
    inputs, dropped = encode_stories(examples, vocabulary, memory_size=12)
    assert dropped == 0 and inputs["story"][0].shape[1] == 6  # "ada let go of the lamp"
    assert all((row != UNKNOWN).all() for column in inputs.values() for row in column)
    answers, unseen = encode_answers(examples, vocabulary)
    assert len(answers) == 1500 and unseen == 0
