import pytest

from zoo.tuning.folder import FILES, FOLDERS, alone, arguments_of_former, check_same, clear, read_former
from zoo.tuning.trials import ConfigurationError

FORMER = {
    "recipe": "recipes.reverse",
    "tuner": "grid",
    "objective": "val_loss",
    "arguments": {"seed": 1, "fields": [1, 2]},
    "engine": "processes",
    "space": "a fingerprint",
    "backend": "jax",
}
GIVEN = {"recipe": "recipes.reverse", "tuner": "random", "objective": None}


def test_where_a_search_may_begin(tmp_path):
    assert read_former(tmp_path / "none", resume=False, force=False) == {}
    assert read_former(tmp_path / "none", resume=True, force=False) == {}
    (tmp_path / "letter").write_text("of mine")
    assert read_former(tmp_path, resume=False, force=True) == {}
    with pytest.raises(FileExistsError, match="exists and is not empty. Continue a search with --resume"):
        read_former(tmp_path, resume=False, force=False)
    with pytest.raises(FileExistsError, match="holds no search to resume"):
        read_former(tmp_path, resume=True, force=False)
    with pytest.raises(ValueError, match="choose one of them"):
        read_former(tmp_path, resume=True, force=True)
    (tmp_path / "search.json").write_text('{"tuner": "grid"}')
    assert read_former(tmp_path, resume=True, force=False) == {"tuner": "grid"}


def test_what_is_not_given_is_as_it_was_begun(tmp_path):
    assert arguments_of_former(tmp_path, FORMER, GIVEN, {}) == FORMER["arguments"]
    same = {**GIVEN, "tuner": "grid", "objective": "val_loss"}
    assert arguments_of_former(tmp_path, FORMER, same, {"fields": (1, 2)}) == FORMER["arguments"]


@pytest.mark.parametrize(
    ("given", "arguments", "message"),
    [
        ({"recipe": "recipes.sorting"}, {}, "a search of recipes.reverse, not of recipes.sorting"),
        ({"tuner": "bayesian"}, {}, "begun with tuner='grid', and is to be resumed with 'bayesian'"),
        ({"objective": "val_exact"}, {}, "begun with objective='val_loss', and is to be resumed with 'val_exact'"),
        ({}, {"seed": 2}, "begun with seed=1, and is to be resumed with 2"),
        ({}, {"units": 8}, "begun with units=None, and is to be resumed with 8"),
    ],
)
def test_another_search_is_refused(tmp_path, given, arguments, message):
    with pytest.raises(ValueError, match=message):
        arguments_of_former(tmp_path, FORMER, {**GIVEN, **given}, arguments)


@pytest.mark.parametrize("key", ["engine", "space", "backend"])
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
    clear(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter", "mine"]
    clear(tmp_path / "mine")
    assert (tmp_path / "mine" / "file").exists()


def test_one_search_at_a_time(tmp_path):
    with alone(tmp_path), pytest.raises(ConfigurationError, match="Another process searches in"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass
