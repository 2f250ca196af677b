"""Stories of files, folders and sets, by task and split."""

import json

import pytest

from tests.recipes import published
from zoo.recipes.common.story_sources import stories
from zoo.storage.files import DataError


def read(data, task=None, variant=None, **changed):
    return stories(str(data), task, variant, **{"synthetic": list, **changed})


def sizes(parts):
    return [len(parts[part]) for part in ("train", "validation", "test")]


def lines(count, **extra):
    rows = ({"story": [f"Ann{n} sat."], "question": "Who sat?", "answer": f"Ann{n}", **extra} for n in range(count))
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_generated_stories_are_split_by_index():
    made = [{"story": [f"s{n}"], "question": "q", "answer": "a", "supporting": [], "task": 1} for n in range(20)]
    assert sizes(read("synthetic", synthetic=lambda: made)) == [16, 2, 2]


def test_a_file_is_cut_in_pieces(tmp_path):
    (tmp_path / "qa1").write_text(published.stories(20))
    parts = read(tmp_path / "qa1")
    assert sizes(parts) == [16, 2, 2]
    assert [one["answer"] for one in parts["validation"] + parts["test"]] == ["Ann16", "Ann17", "Ann18", "Ann19"]
    # What has no number is of any task.
    assert read(tmp_path / "qa1", task=5) == parts
    (tmp_path / "own").write_text(lines(10, task=1) + lines(20, task=2))
    assert sizes(read(tmp_path / "own", task=2)) == [16, 2, 2]


def test_the_last_tenth_of_each_task_is_held_out(tmp_path):
    for task in (1, 2):
        for part, count in (("train", 10 * task), ("test", 3)):
            published.write_all(tmp_path, {f"en/qa{task}_x_{part}.txt": published.stories(count)})
    parts = read(tmp_path)
    assert sizes(parts) == [27, 3, 6]
    assert [(one["task"], one["answer"]) for one in parts["validation"]] == [(1, "Ann9"), (2, "Ann18"), (2, "Ann19")]
    assert sizes(read(tmp_path, task=2)) == [18, 2, 3]


def test_a_folder_with_the_archive_is_read_as_it(tmp_path):
    """As it is fetched, beside its licence."""
    files = {f"en/qa1_x_{part}.txt": published.stories(10) for part in ("train", "test")}
    published.write_all(tmp_path, {"babi_en_1k.tar.gz": published.archive(files), "LICENSE.txt": "free"})
    assert read(tmp_path) == read(tmp_path / "babi_en_1k.tar.gz")
    assert sizes(read(tmp_path)) == [9, 1, 10]


def test_a_folder_of_ones_own_files_by_split(tmp_path):
    published.write_all(tmp_path, {"train.jsonl": lines(10), "dev.jsonl": lines(3), "test.jsonl": lines(2, task=4)})
    assert sizes(read(tmp_path)) == [10, 3, 2]
    assert sizes(read(tmp_path, task=5)) == [10, 3, 0]


def test_sets_of_tfds(stored):
    row = {"story": ["Ann sat."], "question": "Who?", "answer": "Ann", "supporting": [0]}
    stored["mine"] = {part: [{**row, "task": task} for task in (1, 2)] for part in ("train", "validation", "test")}
    assert sizes(read("tfds:mine")) == [2, 2, 2]
    assert [one["task"] for one in read("tfds:mine", task=2)["train"]] == [2]


def test_what_holds_no_stories(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing\n")
    for path in (tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(DataError, match=r"JSON lines with \"story\".*\(bAbI\)"):
            read(path)
