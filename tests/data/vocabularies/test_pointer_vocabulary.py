import json

import numpy as np
import pytest

from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.special_ids import FIRST, SPECIAL_TOKENS
from zoo.storage.files import DataError


def test_positions_stand_behind_the_special_ids():
    positions = PointerVocabulary()
    assert FIRST == len(positions) == len(SPECIAL_TOKENS)
    for form in ([2, 0, 7], np.array([2, 0, 7]), "2 0 7", ["2", "0", "7"]):
        ids = positions.encode(form)
        assert ids.tolist() == [6, 4, 11]
        assert ids.dtype == np.int32
    assert [positions.encode(nothing).tolist() for nothing in ("", [])] == [[], []]


def test_ids_are_told_as_numbers_and_as_text():
    positions = PointerVocabulary(9)
    assert [positions.name(number) for number in (4, np.int32(6), 0, 3)] == [0, 2, "<pad>", "<end>"]
    assert positions.decode([2, 6, 4, 0, 12, 3, 5]) == "2 0 8"  # to the end, without start and padding
    assert positions.encode(positions.decode([6, 4, 12])).tolist() == [6, 4, 12]


def test_of_one_source_they_are_as_many_as_it_has():
    positions = PointerVocabulary().for_source(np.zeros((5, 2)))
    assert positions.encode([0, 4]).tolist() == [4, 8]
    with pytest.raises(ValueError, match="A position is between 0 and 4, the source's last. Received: 5"):
        positions.encode([0, 5])
    with pytest.raises(ValueError, match="A position is 0 or more. Received: -1"):
        PointerVocabulary().encode([0, -1])


@pytest.mark.parametrize("wrong", ["0 x", [None], [1.5], ["1.0"], [[1]]])
def test_what_is_no_position_is_an_error(wrong):
    with pytest.raises(ValueError, match="Positions are whole numbers, counted from 0. Received: "):
        PointerVocabulary().encode(wrong)


def test_saved_they_come_back(tmp_path):
    PointerVocabulary(3).save(tmp_path / "target.json")
    assert json.loads((tmp_path / "target.json").read_text("utf-8")) == {"kind": "positions"}
    assert PointerVocabulary.load(tmp_path / "target.json").count is None  # every source has its own
    Vocabulary(["a"]).save(tmp_path / "other.json")
    with pytest.raises(DataError, match='"kind" positions'):
        PointerVocabulary.load(tmp_path / "other.json")
