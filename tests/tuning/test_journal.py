import json
import math

import pytest

from zoo.tuning.journal import Journal


def test_what_was_written_is_read_again(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    journal.append("asked", trial=0, values={"wort": "ä"})
    journal.append("finished", trial=0, score=0.5)
    assert Journal(tmp_path / "journal.jsonl").events == journal.events
    assert [event["event"] for event in journal.events] == ["asked", "finished"]


def test_numbers_that_are_not_finite_are_null(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    journal.append("finished", trial=0, result={"score": math.nan, "history": [{"epoch": 1, "loss": math.inf}]})
    (line,) = (tmp_path / "journal.jsonl").read_text().splitlines()
    assert "NaN" not in line and "Infinity" not in line
    assert json.loads(line) == journal.events[0] == Journal(tmp_path / "journal.jsonl").events[0]
    assert journal.events[0]["result"] == {"score": None, "history": [{"epoch": 1, "loss": None}]}


@pytest.mark.parametrize("cut", range(1, 30))
def test_a_line_cut_off_anywhere_is_as_if_never_written(tmp_path, cut):
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.append("asked", trial=0)
    whole = path.read_bytes()
    journal.append("finished", trial=0, score=0.25)
    path.write_bytes(path.read_bytes()[: len(whole) + cut])
    again = Journal(path)
    assert again.events == journal.events[:1]
    again.append("finished", trial=0, score=0.75)
    assert [event.get("score") for event in Journal(path).events] == [None, 0.75]


def test_a_broken_line_before_the_last_is_named(tmp_path):
    (tmp_path / "journal.jsonl").write_text('{"event": "asked"}\nnonsense\n{"event": "finished"}\n')
    with pytest.raises(ValueError, match=r"journal\.jsonl, line 2: an event is one JSON object.*nonsense.*--force"):
        Journal(tmp_path / "journal.jsonl")


def test_a_file_that_holds_one_half_line_only(tmp_path):
    (tmp_path / "journal.jsonl").write_text('{"eve')
    assert Journal(tmp_path / "journal.jsonl").events == []
    assert (tmp_path / "journal.jsonl").read_text() == ""


@pytest.mark.parametrize("line", ["[]", "{}", "1", "[" * 2000 + "]" * 2000])
def test_what_is_no_event_is_named(tmp_path, line):
    (tmp_path / "journal.jsonl").write_text(f"{line}\n")
    with pytest.raises(ValueError, match=r"journal.jsonl, line 1: an event is one JSON object"):
        Journal(tmp_path / "journal.jsonl")
