import json
import re

import pytest

from zoo.storage.data_error import DataError
from zoo.storage.json_files import read_json, write_json


def test_numbers_that_are_not_finite_are_null(tmp_path):
    write_json(tmp_path / "a.json", {"test": {"mase": float("inf"), "nats": float("nan"), "f1": 0.5}})
    text = (tmp_path / "a.json").read_text()
    assert not {"NaN", "Infinity"} & set(re.findall(r"\w+", text))
    assert read_json(tmp_path / "a.json") == json.loads(text) == {"test": {"mase": None, "nats": None, "f1": 0.5}}


def test_a_file_that_is_not_there_is_an_empty_object(tmp_path):
    assert read_json(tmp_path / "none.json", ("recipe",)) == {}


@pytest.mark.parametrize("text", ["[]", "[" * 100_000, "1" * 5000, '{"recipe": "x"}', "\x00"])
def test_what_is_no_object_is_named(tmp_path, text):
    (tmp_path / "recipe.json").write_text(text)
    with pytest.raises(DataError, match=r"recipe.json:1: expected .*restore it, or remove it"):
        read_json(tmp_path / "recipe.json", ("recipe", "epochs"))
