import gzip
import json

import pytest

from zoo.data.readers import sim_m
from zoo.storage.files import DataError


def write(folder, content):
    (folder / "dev.json").write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return folder / "dev.json"


def test_the_system_speaks_first_in_a_turn(tmp_path):
    turns = [
        {"user_utterance": {"text": "hi"}},
        {"system_utterance": {"text": "which film ?"}, "user_utterance": {"text": "any"}},
        {"system_utterance": {"text": "fine ."}},
    ]
    path = write(tmp_path, [{"turns": turns}, {"turns": turns[:1]}])
    expected = [["hi", "which film ?", "any", "fine ."], ["hi"]]
    assert sim_m.read(path) == expected
    (tmp_path / "dev.json.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert sim_m.read(tmp_path / "dev.json.gz") == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[{", r"dev\.json:1.*JSON"),
        ({"turns": []}, "a list of dialogues"),
        ([{"turns": [{"user_utterance": {"text": "a"}}]}, {"turns": []}], 'dialogue 1 with "turns"'),
        ([{"turns": [{"user_utterance": {"tokens": ["a"]}}]}], 'dialogue 0: user_utterance with a "text"'),
    ],
)
def test_another_file_is_an_error(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        sim_m.read(write(tmp_path, content))


@pytest.mark.real_data
def test_the_public_parts(real_data):
    sizes = {part: sim_m.read(real_data / "sim_m_dialogue" / f"{part}.json.gz") for part in ("train", "dev", "test")}
    assert {part: len(found) for part, found in sizes.items()} == {"train": 384, "dev": 120, "test": 264}
    assert sizes["dev"][0][:2] == [
        "hi , buy 3 movie tickets for tomorrow .",
        "what movie do you want to see and what theater do you want to go to ?",
    ]


def test_a_turn_is_an_object(tmp_path):
    with pytest.raises(DataError, match=r"dev\.json: expected dialogue 0: turns that are objects, found 'hi'"):
        sim_m.read(write(tmp_path, [{"turns": ["hi"]}]))
