import pytest

from zoo.data.readers import turns
from zoo.storage.files import DataError


def test_a_dialogue_a_line(tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text('{"turns": ["hi", "hello"], "from": 3}\n{"turns": ["bye"]}\n', encoding="utf-8")
    assert turns.read(path) == [["hi", "hello"], ["bye"]]


@pytest.mark.parametrize("line", ['{"turns": []}', '{"turns": "hi"}', '{"turns": ["hi", 3]}', '{"said": ["hi"]}'])
def test_another_line_is_an_error(tmp_path, line):
    path = tmp_path / "mine.jsonl"
    path.write_text('{"turns": ["hi"]}\n' + line, encoding="utf-8")
    with pytest.raises(DataError, match=r'mine\.jsonl:2.*a list of texts under "turns"'):
        turns.read(path)
