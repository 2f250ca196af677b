import pytest

from zoo.data.readers import jsonl
from zoo.storage.files import DataError


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_texts_and_labels(write, name):
    path = write(name, '{"text": "na\\u00efve", "label": "pos", "id": 1}\n{"label": 0, "text": "bad"}\n')
    assert jsonl.read(path) == [("naïve", "pos"), ("bad", "0")]
    assert jsonl.read(write(name, '{"review": "good", "stars": 5}'), text="review", label="stars") == [("good", "5")]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_tokens_and_tags(write, name):
    path = write(name, '{"tokens": ["in", "Rome"], "tags": ["O", "B-location"]}')
    assert jsonl.read_tags(path) == [(["in", "Rome"], ["O", "B-location"])]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": ', "a JSON object"),
        ('["x", "y"]', "a JSON object"),
        ('{"label": "y"}', "a text under 'text', found None"),
        ('{"text": " ", "label": "y"}', "a text under 'text'"),
        ('{"text": "x", "label": ""}', "under 'label'"),
        ('{"text": "x", "label": true}', "under 'label', found True"),
        ('{"text": "x", "label": 0.5}', "under 'label', found 0.5"),
    ],
)
def test_malformed(write, line, message):
    path = write("a.jsonl", '{"text": "x", "label": "y"}\n' + line + "\n")
    with pytest.raises(DataError, match=rf"a\.jsonl:2: expected .*{message}"):
        jsonl.read(path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"tokens": ["a", "b"], "tags": ["O"]}', "one tag a token, found 2 tokens and 1 tags"),
        ('{"tokens": "a b", "tags": ["O"]}', "list of strings under 'tokens'"),
        ('{"tokens": ["a"], "tags": [1]}', "list of strings under 'tags'"),
        ('{"tokens": [], "tags": []}', "list of strings under 'tokens'"),
    ],
)
def test_malformed_tags(write, line, message):
    with pytest.raises(DataError, match=rf"a\.jsonl:1: expected .*{message}"):
        jsonl.read_tags(write("a.jsonl", line))


@pytest.mark.parametrize("read", [jsonl.read, jsonl.read_tags])
def test_empty_file_and_encoding(write, read):
    with pytest.raises(DataError, match="empty file"):
        read(write("a.jsonl", ""))
    with pytest.raises(DataError, match=r"b\.jsonl:1: expected utf-8"):
        read(write("b.jsonl", '{"text": "café"}', "latin-1"))


def test_a_token_of_blanks(write):
    with pytest.raises(DataError, match=r"a\.jsonl:1: expected a list of strings under 'tokens'"):
        jsonl.read_tags(write("a.jsonl", '{"tokens": ["a", " "], "tags": ["O", "O"]}\n'))
