import json

import pytest

from zoo.inference.run_folder import NEXT
from zoo.storage.files import DataError
from zoo.tuning.folder import (
    FILES,
    FIXED,
    FOLDERS,
    arguments_of_former,
    check_same,
    current_search,
    is_finished,
    publish_search,
    read_former,
    remove_search,
)

FORMER = {
    "recipe": "zoo.recipes.reverse",
    "tuner": "grid",
    "objective": "val_loss",
    "arguments": {"seed": 1, "fields": [1, 2]},
    "max_parameters": 500,
    "engine": "processes",
    "space": "a fingerprint",
    "backend": "jax",
}
GIVEN = {"recipe": "zoo.recipes.reverse", **dict.fromkeys(FIXED)}


def test_a_search_may_begin_in_a_new_folder_or_by_force(tmp_path):
    for resume in (False, True):
        assert read_former(tmp_path / "none", resume=resume, force=False) == {}
    (tmp_path / "search.json").write_text(json.dumps(FORMER))
    assert read_former(tmp_path, resume=False, force=True) == {}
    assert read_former(tmp_path, resume=True, force=False) == FORMER
    (tmp_path / "search.json").write_text("{}")
    with pytest.raises(
        DataError, match=r"search.json:1: expected an object with recipe, .*found none of the name 'recipe'"
    ):
        read_former(tmp_path, resume=True, force=False)


def test_what_is_not_given_is_as_it_was_begun(tmp_path):
    assert arguments_of_former(tmp_path, FORMER, GIVEN, {}) == FORMER["arguments"]
    same = {name: FORMER[name] for name in GIVEN}
    assert arguments_of_former(tmp_path, FORMER, same, {"fields": (1, 2)}) == FORMER["arguments"]


@pytest.mark.parametrize(
    ("given", "arguments", "message"),
    [
        ({"tuner": "random"}, {}, "with tuner='grid', .*Received: tuner='random'"),  # the default, but given
        ({"engine": "ray"}, {}, "with engine='processes', .*Received: engine='ray'"),
        ({"objective": "val_bleu"}, {}, "with objective='val_loss', .*Received: objective='val_bleu'"),
        ({"max_parameters": 600}, {}, "with max_parameters=500, .*Received: max_parameters=600"),
        ({}, {"seed": 0}, "with seed=1, .*Received: seed=0"),
        ({}, {"fields": (1, 3)}, r"with fields=\[1, 2\], .*Received: fields=\(1, 3\)"),
        ({}, {"units": None}, "without units, .*Received: units=None"),
    ],
)
def test_what_a_search_cannot_change_is_refused(tmp_path, given, arguments, message):
    with pytest.raises(ValueError, match=f"was started {message}. Omit it, or start over with --force"):
        arguments_of_former(tmp_path, FORMER, GIVEN | given, arguments)


def test_a_search_of_another_recipe_is_refused(tmp_path):
    with pytest.raises(ValueError, match="a search of zoo.recipes.reverse, not of zoo.recipes.sorting"):
        arguments_of_former(tmp_path, FORMER, {**GIVEN, "recipe": "zoo.recipes.sorting"}, {})


@pytest.mark.parametrize("key", ["space", "backend"])
def test_trials_that_do_not_belong_together(tmp_path, key):
    check_same(tmp_path, {}, FORMER)
    check_same(tmp_path, FORMER, {**FORMER, "versions": "newer"})
    with pytest.raises(ValueError, match=rf"The {key} has changed .*\(another, then {FORMER[key]}\)"):
        check_same(tmp_path, FORMER, {**FORMER, key: "another"})


def test_only_what_a_search_writes_is_removed(tmp_path):
    for name in (*FOLDERS, "mine"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("")
    for name in (*FILES, "letter"):
        (tmp_path / name).write_text("")
    remove_search(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter", "mine"]
    remove_search(tmp_path / "mine")
    assert (tmp_path / "mine" / "file").exists()


def test_a_new_search_takes_the_place_of_a_finished_one(tmp_path):
    for folder, content in ((tmp_path, "old"), (tmp_path / NEXT, "new")):
        (folder / "best").mkdir(parents=True)
        (folder / "best" / "metrics.json").write_text(content)
        assert is_finished(folder)
        assert current_search(tmp_path) == tmp_path
        (folder / "search.json").write_text('{"tuner": "grid"}')
    (tmp_path / "trials.csv").write_text("old")
    assert current_search(tmp_path) == tmp_path / NEXT
    publish_search(tmp_path)
    assert current_search(tmp_path) == tmp_path
    assert (tmp_path / "best" / "metrics.json").read_text() == "new"
    assert not (tmp_path / "trials.csv").exists()
