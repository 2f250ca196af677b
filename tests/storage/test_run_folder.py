import json

import pytest

from zoo.storage.run_folder import NEXT, RunFolder, check_same, is_same


@pytest.fixture
def folder(tmp_path):
    return RunFolder(tmp_path / "run", "search", "record.json", "best/result.json", ("record.json", "best"), ("seed",))


def finish(folder):
    (folder.path / "best").mkdir(parents=True, exist_ok=True)
    (folder.path / "best" / "result.json").write_text("{}")


def test_a_folder_is_empty_started_or_finished(folder):
    assert folder.state == "empty" and folder.read() == {}
    folder.start({"seed": 3})
    assert folder.state == "started" and folder.read() == {"seed": 3}
    finish(folder)
    assert folder.state == "finished"


def test_the_current_work_is_the_one_that_was_started_last(folder):
    folder.start({"seed": 3})
    assert folder.current == folder
    folder.next.start({"seed": 4})
    assert folder.current == folder.next and folder.current.read() == {"seed": 4}
    assert folder.next.path.name == NEXT


def test_finished_work_beside_the_old_takes_its_place(folder):
    folder.start({"seed": 3})
    (folder.path / "letter.txt").write_text("mine")
    folder.next.start({"seed": 4})
    folder.recover()
    assert folder.read() == {"seed": 3}  # not finished yet
    finish(folder.next)
    folder.recover()
    assert folder.read() == {"seed": 4} and folder.state == "finished" and folder.next.state == "empty"
    assert (folder.path / "letter.txt").read_text() == "mine"
    folder.clear()
    assert [path.name for path in folder.path.iterdir()] == ["letter.txt"]


def test_a_record_that_lacks_a_key_is_damaged(folder):
    folder.path.mkdir()
    (folder.path / "record.json").write_text(json.dumps({}))
    with pytest.raises(
        ValueError, match=r"record.json:1: expected an object with seed .*found none of the name 'seed'"
    ):
        folder.read()


def test_work_starts_in_an_empty_folder_or_by_force(folder):
    for options in ({"resume": False, "force": False}, {"resume": True, "force": False}):
        folder.check_free(**options)
    folder.path.mkdir()
    (folder.path / "letter.txt").write_text("mine")
    folder.check_free(resume=False, force=True)
    with pytest.raises(FileExistsError, match="is not empty. Continue with --resume, start over with --force, or"):
        folder.check_free(resume=False, force=False)
    with pytest.raises(FileExistsError, match="holds no search to resume: start over with --force, or choose another"):
        folder.check_free(resume=True, force=False)
    with pytest.raises(ValueError, match="Resume continues a search and force starts over: choose one of them"):
        folder.check_free(resume=True, force=True)


@pytest.mark.parametrize(
    ("current", "message"),
    [
        ({"units": 5}, "started with units=4, which resuming keeps. Received: units=5. Omit it, or start over with"),
        ({"cell": "gru"}, "started with no cell, which resuming keeps. Received: cell='gru'"),
        ({"ramp": [1, 3]}, r"started with ramp=\[1, 2\]"),
    ],
)
def test_work_is_resumed_with_what_it_was_started_with(current, message):
    started = {"units": 4, "ramp": [1, 2], "epochs": 3}
    check_same("run", started, {"units": 4, "ramp": (1, 2), "epochs": 9}, free=("epochs",))  # a tuple is a list in JSON
    with pytest.raises(ValueError, match=message):
        check_same("run", started, current)
    assert not is_same(started, current) and is_same(started, {"units": 4})
