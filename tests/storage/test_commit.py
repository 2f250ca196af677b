"""Kills at every file operation: what a reader finds is all old or all new."""

import pytest

from tests.kills import each_kill
from zoo.storage import commit as commits
from zoo.storage.commit import commit, finish_commit, remove_temporaries, replace_folder, restore_folder, staging_folder

OLD = {"model": "old", "words/a": "old", "words/b": "old", "metrics": "old", "letter": "mine"}
NEW = {"model": "new", "words/a": "new", "recipe": "new", "letter": "mine"}


def write(folder, contents):
    for name, text in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def read(folder):
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in commits.LOCKS]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def act(folder):
    with staging_folder(folder) as staged:
        write(staged, {name: text for name, text in NEW.items() if name != "letter"})
        commit(staged, folder, remove=["words", "metrics", "absent"])


def test_all_or_nothing(tmp_path):
    seen = set()
    for folder, killed_at in each_kill(lambda folder: write(folder, OLD), act, tmp_path):
        finish_commit(folder)
        remove_temporaries(folder)
        left = read(folder)
        assert left in (OLD, NEW), killed_at
        seen.add(left == NEW)
        act(folder)  # and it can be done again
        assert read(folder) == NEW, killed_at
        assert not (folder / "words" / "b").exists()
    assert seen == {False, True}


def test_an_interrupted_completion_is_completed(tmp_path):
    def prepare(folder):
        write(folder, OLD)
        write(folder / commits.PENDING, {name: text for name, text in NEW.items() if name != "letter"})
        write(
            folder / commits.PENDING,
            {commits.LIST: '{"move": ["model", "recipe", "words/a"], "remove": ["words", "metrics"]}'},
        )

    for folder, killed_at in each_kill(prepare, finish_commit, tmp_path):
        finish_commit(folder)
        assert read(folder) == NEW, killed_at


@pytest.mark.parametrize("exchange", [True, False])
def test_a_folder_is_replaced_as_a_whole(tmp_path, monkeypatch, exchange):
    if not exchange:
        monkeypatch.setattr(commits, "_exchange", lambda one, other: False)

    def prepare(root):
        write(root / "export", {"a": "old", "b": "old"})
        write(root / "made", {"a": "new"})

    for root, killed_at in each_kill(prepare, lambda root: replace_folder(root / "made", root / "export"), tmp_path):
        assert exchange is False or (root / "export").is_dir(), killed_at
        restore_folder(root / "export")
        assert read(root / "export") in ({"a": "old", "b": "old"}, {"a": "new"}), killed_at
        assert not (root / ".export.previous").exists()


def test_a_new_folder_is_put_in_its_place(tmp_path):
    write(tmp_path / "made", {"a": "new"})
    replace_folder(tmp_path / "made", tmp_path / "export")
    assert read(tmp_path) == {"export/a": "new"}


def test_only_temporaries_are_removed(tmp_path):
    write(tmp_path, {".0123abcd.model": "", "words/.0123abcd.a": "", ".0123abcd.staged/file": "", ".profile": "mine"})
    remove_temporaries(tmp_path)
    assert read(tmp_path) == {".profile": "mine"}
